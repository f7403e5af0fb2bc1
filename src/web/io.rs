//! The core's seam, made of `fetch`, timers and the options of a client.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Date, Function, JSON, Math, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::RequestInit;

use super::cancel::Cancel;
use super::commit::Source;
use super::object;
use super::options::{CallOptions, Options};
use super::reply::WebReply;
use super::timer::Timer;
use crate::core::failure::{Failure, Kind};
use crate::core::io::{Io, Notice, Stop};
use crate::core::rate_limit::RateLimits;
use crate::core::request::{Body, Member, Request};
use crate::core::text::join;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: JsValue;
}

/// One call's way to the outside.
pub struct WebIo {
    pub options: Rc<Options>,
    pub limits: Rc<RefCell<RateLimits>>,
    pub call: CallOptions,
    pub cancel: Rc<Cancel>,
    /// The caller's parameters, for bodies made of them.
    pub params: JsValue,
    /// The files of a commit.
    pub sources: Vec<Source>,
}

impl Io for WebIo {
    type Reply = WebReply;

    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
        super::url::resolve(target, base)
    }

    fn date(text: &str) -> Option<f64> {
        let ms = Date::parse(text);
        (!ms.is_nan()).then_some(ms)
    }

    fn endpoint(&self) -> &str {
        &self.options.endpoint
    }

    async fn token(&self) -> Result<Option<String>, Stop> {
        let Some(function) = self.options.token.dyn_ref::<Function>() else {
            return Ok(self.options.token.as_string());
        };
        let failed = |_| Failure::invalid("token", "is a function that failed");
        let given = function.call0(&JsValue::UNDEFINED).map_err(failed)?;
        let token = self.cancel.race(&Promise::resolve(&given)).await?.map_err(failed)?;
        Ok(token.as_string())
    }

    async fn send(&self, request: &Request, authorization: Option<&str>) -> Result<WebReply, Stop> {
        let init = RequestInit::new();
        init.set_method(request.method);
        init.set_headers(&self.headers(request, authorization));
        init.set_signal(Some(&self.cancel.signal()));
        if let Some(body) = self.body(&request.body)? {
            init.set_body(&body);
        }
        let sent = self.options.fetch.call2(&JsValue::UNDEFINED, &JsValue::from_str(&request.url), &init);
        let promise = sent.map(|given| Promise::resolve(&given)).map_err(|error| broken(&error))?;
        let response = self.cancel.race(&promise).await?.map_err(|error| broken(&error))?;
        Ok(WebReply::new(response, self.cancel.clone()))
    }

    async fn wait(&self, ms: f64) -> Result<(), Stop> {
        let timer = Cell::new(None);
        let passed = Promise::new(&mut |resolve, _| {
            timer.set(Some(Timer::new(ms, move || {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            })));
        });
        let waited = self.cancel.race(&passed).await.map(|_| ());
        drop(timer);
        waited
    }

    fn now(&self) -> f64 {
        Date::now()
    }

    fn random(&self) -> f64 {
        Math::random()
    }

    async fn read(&self, index: usize, start: u64, end: u64) -> Result<Vec<u8>, Stop> {
        let Some(source) = self.sources.get(index) else {
            return Err(Failure::new(Kind::Internal, "a commit has lost one of its files").into());
        };
        match source.slice(start, end) {
            Source::Bytes(bytes) => Ok(bytes.to_vec()),
            Source::Blob(blob) => {
                let buffer = self.cancel.race(&blob.array_buffer()).await?;
                let buffer = buffer.map_err(|_| Failure::invalid("operations", "holds a Blob that cannot be read"))?;
                Ok(Uint8Array::new(&buffer).to_vec())
            }
        }
    }

    async fn sha1(&self, bytes: &[u8]) -> Result<Option<Vec<u8>>, Stop> {
        let subtle = GLOBAL.with(|global| object::get(&object::get(global, "crypto"), "subtle"));
        let Some(digest) = object::function(&subtle, "digest") else { return Ok(None) };
        let Ok(promise) = digest.call2(&subtle, &"SHA-1".into(), &Uint8Array::from(bytes)) else { return Ok(None) };
        let hash = self.cancel.race(&Promise::resolve(&promise)).await?;
        Ok(hash.ok().map(|hash| Uint8Array::new(&hash).to_vec()))
    }

    fn limits(&self) -> &RefCell<RateLimits> {
        &self.limits
    }

    fn notify(&self, notice: Notice<'_>) {
        let (hook, told) = match &notice {
            Notice::Response { .. } => (&self.options.on_response, response(&notice)),
            Notice::Retry { failure, wait } => (&self.options.on_retry, retry(failure, *wait)),
            Notice::Progress { phase, path, loaded, total } => (
                &self.call.on_progress,
                object::of([
                    ("phase", (*phase).into()),
                    ("path", (*path).into()),
                    ("loaded", (*loaded as f64).into()),
                    ("total", (*total as f64).into()),
                ]),
            ),
        };
        if let Some(hook) = hook {
            // What a hook throws is the hook's own.
            let _ = hook.call1(&JsValue::UNDEFINED, &told);
        }
    }
}

impl WebIo {
    /// The client's headers, over them the call's, over them the request's own.
    fn headers(&self, request: &Request, authorization: Option<&str>) -> Object {
        let headers = Object::new();
        for (name, value) in self.options.headers.iter().chain(&self.call.headers) {
            object::set(&headers, name, &JsValue::from_str(value));
        }
        for (name, value) in &request.headers {
            object::set(&headers, name, &JsValue::from_str(value));
        }
        if let Some(authorization) = authorization {
            object::set(&headers, "authorization", &JsValue::from_str(authorization));
        }
        match &request.body {
            Body::Params { .. } => object::set(&headers, "content-type", &"application/json".into()),
            Body::Text { media_type, .. } => object::set(&headers, "content-type", &(*media_type).into()),
            Body::None | Body::File { .. } => {}
        }
        headers
    }

    fn body(&self, body: &Body) -> Result<Option<JsValue>, Stop> {
        Ok(match body {
            Body::None => None,
            Body::Text { text, .. } => Some(JsValue::from_str(text)),
            Body::File { index, start, end } => {
                self.sources.get(*index).map(|source| source.slice(*start, *end).into_js())
            }
            Body::Params { omit, set } => Some(self.members(omit, set)?),
        })
    }

    /// The caller's parameters as JSON, less some members, with some members set.
    fn members(&self, omit: &[&str], set: &[(&str, Member)]) -> Result<JsValue, Stop> {
        let members = Object::assign(&Object::new(), self.params.unchecked_ref());
        for name in omit {
            let _ = Reflect::delete_property(&members, &JsValue::from_str(name));
        }
        for (name, member) in set {
            let value = match member {
                Member::Null => JsValue::NULL,
                Member::Text(text) => JsValue::from_str(text),
                Member::Flag(flag) => JsValue::from_bool(*flag),
            };
            object::set(&members, name, &value);
        }
        let text = JSON::stringify(&members).map_err(|_| Failure::invalid("params", "cannot be written as JSON"))?;
        Ok(text.into())
    }
}

/// A failure below HTTP, in the runtime's words: the error's message and its cause's.
pub fn broken(error: &JsValue) -> Box<Failure> {
    let cause = object::get(error, "cause");
    let mut words = Vec::new();
    words.extend(object::text(error, "message"));
    words.extend(object::text(&cause, "message").or_else(|| object::text(&cause, "code")));
    words.retain(|text| !text.is_empty());
    let words = join(&words, ": ");
    Failure::new(Kind::Network, if words.is_empty() { "the connection failed" } else { &words })
}

fn response(notice: &Notice<'_>) -> JsValue {
    let Notice::Response { endpoint, request, status, ms, attempt, bucket, request_id } = notice else {
        return JsValue::UNDEFINED;
    };
    object::of([
        ("endpoint", (*endpoint).into()),
        ("method", request.method.into()),
        ("url", request.url.as_str().into()),
        ("status", (*status).into()),
        ("ms", (*ms).into()),
        ("attempt", (*attempt).into()),
        ("bucket", bucket.name.as_str().into()),
        ("remaining", bucket.remaining.map(|left| left as f64).into()),
        ("quota", bucket.quota.map(|quota| quota as f64).into()),
        ("sent", (bucket.sent as f64).into()),
        ("requestId", request_id.as_deref().into()),
    ])
}

fn retry(failure: &Failure, wait: f64) -> JsValue {
    object::of([
        ("endpoint", failure.endpoint.into()),
        ("attempt", failure.attempts.into()),
        ("wait", wait.into()),
        ("status", failure.status.into()),
        ("reason", failure.message.as_str().into()),
    ])
}
