//! The core's seam, made of `fetch` and the options of a client.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Date, Math, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RequestInit, RequestRedirect};

use super::exchange::Exchange;
use super::object;
use super::pending_call::Hook;
use super::response::WebResponse;
use super::url::WebUrls;
use crate::core::client::Client;
use crate::core::failure::Failure;
use crate::core::io::{CallError, Io, Notice, Outgoing, Urls};
use crate::core::origin::same_origin;
use crate::core::request_body::{self, Body, Properties, Property};

/// Bytes that an upload sends in a millisecond, at least: so much longer its response may take.
const UPLOAD_PACE: f64 = 50.0;

const UNSEEN: &str = "A browser hides its target; of a renamed repository, use the new name.";

/// What did not happen, for messages.
const TOKEN: &str = "the token function gave no token within ";

/// One call's way to the outside.
pub struct WebIo {
    pub call: Rc<Exchange>,
    pub client: Rc<Client>,
    /// Whether the policies have let the call through.
    pub admitted: Cell<bool>,
    /// The caller's parameters, for bodies made of them.
    pub params: JsValue,
    /// A body that JavaScript holds already.
    pub given: JsValue,
}

impl Urls for WebIo {
    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
        WebUrls::resolve(target, base)
    }
}

impl Io for WebIo {
    type Reply = WebResponse;

    fn date(text: &str) -> Option<f64> {
        let ms = Date::parse(text);
        (!ms.is_nan()).then_some(ms)
    }

    fn client(&self) -> &Client {
        &self.client
    }

    fn admitted(&self) -> &Cell<bool> {
        &self.admitted
    }

    async fn token(&self) -> Result<Option<String>, CallError> {
        let options = &self.client.options;
        if !options.is_token_function {
            return Ok(options.token.clone());
        }
        self.call.driver().token();
        let token = self.call.settled(self.call.headers, TOKEN).await?;
        let token = token.map_err(|told| Failure::invalid("token", &told.as_string().unwrap_or_default()))?;
        if token.as_string().is_none() && !token.is_undefined() && !token.is_null() {
            return Err(Failure::invalid("token", "function must return a string").into());
        }
        Ok(token.as_string())
    }

    async fn send(&self, outgoing: Outgoing<'_>) -> Result<WebResponse, CallError> {
        let read = matches!(outgoing.request.method, "GET" | "HEAD");
        let own = outgoing.same_origin && self.call.options.headers().next().is_some();
        let mut response = self.fetch(&outgoing, own, own || !read).await?;
        // What a browser does not show, it may be sent after, but without what is the caller's own. On the way to
        // another origin it drops the token by itself.
        if own && read && response.is_opaque_redirect() {
            response = self.fetch(&outgoing, false, false).await?;
        }
        if response.is_opaque_redirect() {
            let mut failure = Failure::protocol("the server redirected to a URL that this call must not follow");
            failure.advice = Some(UNSEEN.into());
            return Err(failure.into());
        }
        // A `fetch` of the caller's may follow by itself, and lead a write anywhere.
        if !read && response.redirected_to().is_some_and(|url| !same_origin::<WebIo>(&url, outgoing.url)) {
            return Err(Failure::protocol("the server redirected to a URL that this call must not follow").into());
        }
        Ok(response)
    }

    async fn wait(&self, ms: f64) -> Result<(), CallError> {
        self.call.pause(ms).await
    }

    fn now(&self) -> f64 {
        self.call.now()
    }

    fn random(&self) -> f64 {
        Math::random()
    }

    async fn approve(&self, rule: &str) -> Result<Option<String>, CallError> {
        self.call.driver().approve(rule);
        Ok(match self.call.settled(f64::INFINITY, "").await? {
            Ok(approved) if approved == JsValue::TRUE => None,
            Ok(reason) => Some(reason.as_string().unwrap_or_default()),
            Err(_) => Some("the approve option failed".to_owned()),
        })
    }

    fn asked(&self, method: &str, url: &str) -> String {
        self.call.driver().asked(method, url)
    }

    fn notify(&self, notice: Notice<'_>) {
        let options = &self.client.options;
        let (hook, wanted) = match &notice {
            Notice::Decision { decision, rule } => return self.call.driver().decided(decision, rule),
            Notice::Response { .. } => (Hook::Response, options.on_response),
            Notice::Retry { .. } => (Hook::Retry, options.on_retry),
        };
        if wanted {
            self.call.driver().notify(hook, &info(&notice));
        }
    }
}

impl WebIo {
    /// Sends, with the caller's own headers or without, and waits for the head of the response.
    /// `confined`: nothing of the request may follow a redirect by itself.
    async fn fetch(&self, outgoing: &Outgoing<'_>, own: bool, confined: bool) -> Result<WebResponse, CallError> {
        let (body, size) = self.body(&outgoing.request.body)?;
        let init = RequestInit::new();
        init.set_method(outgoing.request.method);
        // Where a runtime does not show redirects, it follows those that may be followed with all that a request carries.
        let follows = !confined && self.client.options.follows_redirects;
        init.set_redirect(if follows { RequestRedirect::Follow } else { RequestRedirect::Manual });
        if let Some(body) = body {
            init.set_body(&body);
        }
        let headers = outgoing.header_lines(self.call.options.headers().filter(|_| own));
        self.call.driver().fetch(outgoing.url, &headers, init, outgoing.same_origin);
        let limit = self.call.headers + size / UPLOAD_PACE;
        match self.call.settled(limit, "no response within ").await? {
            Ok(response) => Ok(WebResponse::new(response, self.call.clone())),
            Err(error) => Err(self.call.failed(&error).into()),
        }
    }

    /// The body, and about how many bytes it has.
    fn body(&self, body: &Body) -> Result<(Option<JsValue>, f64), CallError> {
        Ok(match body {
            // Only a commit has files, and gives them.
            Body::None | Body::File { .. } => (None, 0.0),
            Body::Text { text, .. } => (Some(JsValue::from_str(text)), text.len() as f64),
            Body::Given { size, .. } => (Some(self.given.clone()), *size as f64),
            Body::Params { omit, set } => (Some(self.json(omit, set)?), 0.0),
        })
    }

    /// The caller's parameters as JSON, less some properties, with some properties set.
    fn json(&self, omit: &[&str], set: &[(&str, Property)]) -> Result<JsValue, CallError> {
        let mut properties = Object::assign(&Object::new(), self.params.unchecked_ref());
        request_body::to_body(&mut properties, omit, set);
        let written = self.call.driver().json(&properties);
        let json = written.map_err(|_| Failure::invalid("params", "cannot be written as JSON"))?;
        match object::string(&json, "0") {
            Some(name) => Err(Failure::invalid(&name, object::LONE).into()),
            None => Ok(json),
        }
    }
}

impl Properties for Object {
    fn remove(&mut self, name: &str) {
        let _ = Reflect::delete_property(self, &JsValue::from_str(name));
    }

    fn set(&mut self, name: &str, property: &Property) {
        let value = match property {
            Property::Null => JsValue::NULL,
            Property::String(text) => JsValue::from_str(text),
            Property::Flag(flag) => JsValue::from_bool(*flag),
        };
        object::set(self, name, &value);
    }
}

/// A request that got a response, as `ResponseInfo` in `pkg/src/client.ts`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseInfo<'a> {
    endpoint: &'static str,
    method: &'static str,
    url: &'a str,
    status: u16,
    ms: f64,
    attempt: u32,
    bucket: &'a str,
    remaining: Option<u64>,
    quota: Option<u64>,
    sent: u64,
    request_id: Option<String>,
}

/// A request that is about to be sent again, as `RetryInfo`.
#[derive(Serialize)]
struct RetryInfo<'a> {
    endpoint: Option<&'static str>,
    attempt: u32,
    wait: f64,
    status: Option<u16>,
    reason: &'a str,
}

/// What a hook hears.
fn info(notice: &Notice<'_>) -> JsValue {
    match notice {
        Notice::Response { endpoint, method, url, status, ms, attempt, bucket, headers } => {
            object::encode(&ResponseInfo {
                endpoint,
                method,
                url,
                status: *status,
                ms: *ms,
                attempt: *attempt,
                bucket: &bucket.name,
                remaining: bucket.remaining,
                quota: bucket.quota,
                sent: bucket.sent,
                request_id: headers.header("x-request-id"),
            })
        }
        Notice::Decision { .. } => JsValue::UNDEFINED,
        Notice::Retry { failure, wait } => object::encode(&RetryInfo {
            endpoint: failure.endpoint,
            attempt: failure.attempts,
            wait: *wait,
            status: failure.status,
            reason: &failure.message,
        }),
    }
}
