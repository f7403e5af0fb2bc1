//! What JavaScript calls: a client of the Hub or of the router.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Object;
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::call::{facts, rejection};
use super::commit_call::{CallFailure, CallRequest, CallResponse, CommitSettings};
use super::download;
use super::events::Stream;
use super::exchange::Exchange;
use super::io::WebIo;
use super::pending_call::{CallContext, CallDriver, PendingCall};
use super::{args, images, object, options, pages, policy};
use crate::core::args::Args;
use crate::core::call;
use crate::core::client::{self, Call, Outcome};
use crate::core::failure::{ErrorKind, Failure};
use crate::core::io::{CallError, Io as _, Notice, Read, Reply as _, Response as _};
use crate::core::options::Options;
use crate::core::request::Request;
use crate::core::request_body::Body;
use crate::core::retry::RetryPolicy;
use crate::endpoints::repos::COMMIT;
use crate::endpoints::{self, Endpoint, Host, Repeat};

/// What is known of a bucket, as `RateLimit` in `pkg/src/client.ts`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RateLimit {
    quota: Option<u64>,
    remaining: Option<u64>,
    /// Milliseconds since 1970.
    resets_at: f64,
    sent: u64,
    from_headers: bool,
}

/// What becomes of a response.
#[wasm_bindgen]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The result is the reply: JSON as it is, bytes as a Blob or a HubFile, or undefined.
    Reply,
    /// The result is one page of a list: the first, or that of a URL.
    Page,
    /// The result comes in parts, as JSON text.
    Stream,
}

/// A client. It holds no connection and may be dropped at any time.
#[wasm_bindgen]
pub struct Client(Rc<client::Client>);

#[wasm_bindgen]
impl Client {
    /// Throws the facts of an error.
    #[wasm_bindgen(constructor)]
    pub fn new(router: bool, options: JsValue) -> Result<Client, JsValue> {
        let host = if router { Host::Router } else { Host::Hub };
        let options = options::of_client(&options, router).map_err(|failure| facts(&failure))?;
        Ok(Client(Rc::new(client::Client::new(host, options))))
    }

    /// A client that may do what this one may and the policy allows. They share the rate limits.
    pub fn with(&self, policy: JsValue) -> Client {
        Client(Rc::new(self.0.with(policy::read(&policy))))
    }

    /// Calls an endpoint. `url` is that of a page; `properties` has names and values of the parameters by turns, unless they
    /// are no object.
    #[expect(clippy::panic, reason = "only a defect of the package asks for what does not exist")]
    pub fn call(
        &self,
        name: String,
        mode: Mode,
        url: Option<String>,
        params: JsValue,
        properties: Option<Vec<JsValue>>,
        options: Option<Object>,
        driver: CallDriver,
    ) -> PendingCall {
        let Some(endpoint) = endpoints::find(self.0.host, &name) else { panic!("no endpoint has the name {name}") };
        let context = CallContext::new(driver);
        let prepared = self.prepare(endpoint, mode, params, properties, options, &context);
        PendingCall::new(context.clone(), async move {
            let prepared = prepared.map_err(|stop| rejection(&context.driver, endpoint, stop))?;
            let call = prepared.io.call.clone();
            prepared.run(mode, url).await.map_err(|stop| call.rejection(endpoint, stop))
        })
    }

    /// What a commit has to know of the options. Throws the facts of an error.
    #[wasm_bindgen(js_name = commitSettings)]
    pub fn commit_settings(&self, options: Option<Object>) -> Result<JsValue, JsValue> {
        let own = options::of_call(options).map_err(|failure| facts(&failure.of(&COMMIT)))?;
        let on_progress = own.on_progress;
        let options = Options { client: Rc::clone(&self.0.options), own };
        let (idle, total) = (options.idle(), options.total());
        Ok(object::encode(&CommitSettings { base_url: options.client.base_url.clone(), idle, total, on_progress }))
    }

    /// Makes one of the calls that a commit consists of: the result is its response or its failure.
    #[wasm_bindgen(js_name = commitCall)]
    pub fn commit_call(
        &self,
        request: JsValue,
        body: JsValue,
        options: Option<Object>,
        driver: CallDriver,
    ) -> PendingCall {
        let context = CallContext::new(driver);
        let made = CommitRequest::read(&request, options, self, &context, body);
        PendingCall::new(context.clone(), async move {
            let made = made.map_err(|failure| rejection(&context.driver, &COMMIT, failure.into()))?;
            made.send().await
        })
    }

    /// What is known of the rate limits, by bucket.
    #[wasm_bindgen(js_name = rateLimits)]
    pub fn rate_limits(&self) -> Object {
        let known = Object::new();
        for bucket in self.0.limits.borrow().buckets(js_sys::Date::now()) {
            let limit = object::encode(&RateLimit {
                quota: bucket.quota,
                remaining: bucket.remaining,
                resets_at: bucket.resets_at,
                sent: bucket.sent,
                from_headers: bucket.from_headers,
            });
            object::set(&known, &bucket.name, &limit);
        }
        known
    }
}

impl Client {
    /// One call's way to the outside. `admitted`: the policies have let it through already.
    fn io(&self, call: Rc<Exchange>, params: JsValue, given: JsValue, admitted: bool) -> WebIo {
        WebIo { call, client: Rc::clone(&self.0), admitted: Cell::new(admitted), params, given }
    }

    fn prepare(
        &self,
        endpoint: &'static Endpoint,
        mode: Mode,
        params: JsValue,
        properties: Option<Vec<JsValue>>,
        options: Option<Object>,
        context: &Rc<CallContext>,
    ) -> Result<Prepared, CallError> {
        let own = options::of_call(options)?;
        let args = args::read(properties)?;
        if context.driver.aborted() {
            return Err(CallError::Aborted);
        }
        let call = Rc::new(Exchange::new(&self.0, own, context.clone()));
        let retry = call.options.retry(mode == Mode::Page);
        let io = self.io(call, params, JsValue::UNDEFINED, false);
        Ok(Prepared { endpoint, args, io, retry })
    }
}

/// One call, ready to be sent.
struct Prepared {
    endpoint: &'static Endpoint,
    args: Args,
    io: WebIo,
    retry: RetryPolicy,
}

impl Prepared {
    async fn run(self, mode: Mode, url: Option<String>) -> Result<JsValue, CallError> {
        let Prepared { endpoint, args, io, retry } = &self;
        let (endpoint, retry, url) = (*endpoint, *retry, url.as_deref());
        let outcome = client::call(io, Call { endpoint, args, retry, url, streams: mode == Mode::Stream }).await?;
        let (request, reply, read) = match outcome {
            Outcome::Reply { request, reply, read } => (request, reply, read),
            Outcome::Exists { url } => return Ok(existing(&url)),
        };
        match (mode, read) {
            (Mode::Stream, _) => Stream { reply, endpoint, subject: request.subject }.run().await,
            (Mode::Page, _) => pages::page(endpoint, &request, &reply),
            (Mode::Reply, Read::Image) => images::image(io, endpoint, retry, reply, &request).await,
            (Mode::Reply, Read::Text | Read::Head) => Ok(JsValue::UNDEFINED),
            (Mode::Reply, Read::Blob) => match download::part(args, &reply) {
                // A cache on the way may have given another part: it is asked once more.
                Err(CallError::Failed(failure)) if reply.status() == 206 && retry.attempts > 1 => {
                    let mut failure = failure.of(endpoint);
                    failure.attempts = 1;
                    io.notify(Notice::Retry { failure: &failure, wait: 0.0 });
                    let reply = call::send(io, endpoint, retry, &request, read).await?;
                    download::part(args, &reply)
                }
                file => file,
            },
            (Mode::Reply, _) => Ok(reply.into_value()),
        }
    }
}

/// The result where what was to be created exists already: its URL, and the name at the end of that.
fn existing(url: &str) -> JsValue {
    let parts: Vec<_> = url.split('/').collect();
    let name = parts.get(parts.len().saturating_sub(2)..).unwrap_or_default().join("/");
    object::of(&[("url", url.into()), ("name", name.as_str().into())])
}

/// One of the calls that a commit consists of.
struct CommitRequest {
    endpoint: &'static Endpoint,
    read_mode: Read,
    request: Request,
    io: WebIo,
    retry: RetryPolicy,
}

impl CommitRequest {
    fn read(
        request: &JsValue,
        options: Option<Object>,
        client: &Client,
        context: &Rc<CallContext>,
        body: JsValue,
    ) -> Result<CommitRequest, Box<Failure>> {
        let lost = || Failure::new(ErrorKind::Internal, "a request was lost");
        let (call, given) = CallRequest::read(request).ok_or_else(lost)?;
        let (endpoint, read_mode) = (call.endpoint(), call.read());
        let call = Rc::new(Exchange::new(&client.0, options::of_call(options)?, context.clone()));
        let retry = call.options.retry(false);
        let headers = given.headers.into_iter().map(|(name, value)| (name.into(), value));
        let request = Request {
            repos: vec![given.repo],
            destructive: false,
            method: endpoint.method.as_str(),
            url: given.url,
            headers: headers.collect(),
            body: Body::Given { media_type: given.media_type, size: given.size },
            authorized: given.authorized,
            repeat: if given.is_idempotent { Repeat::Idempotent } else { Repeat::NotIdempotent },
            subject: given.subject,
        };
        let io = client.io(call, JsValue::UNDEFINED, body, given.admitted);
        Ok(CommitRequest { endpoint, read_mode, request, io, retry })
    }

    async fn send(self) -> Result<JsValue, JsValue> {
        let failure =
            match call::send_part(&self.io, self.endpoint, &COMMIT, self.retry, &self.request, self.read_mode).await {
                Ok(reply) => {
                    let response = object::encode(&CallResponse { headers: reply.header_lines().to_owned() });
                    object::set(response.unchecked_ref(), "value", reply.value());
                    return Ok(response);
                }
                Err(CallError::Aborted) => return Err(self.io.call.rejection(self.endpoint, CallError::Aborted)),
                Err(CallError::Failed(failure)) => failure,
            };
        let outcome = object::encode(&CallFailure {
            kind: failure.kind.as_str().to_owned(),
            reason: failure.message.clone(),
            status: failure.status,
            code: failure.code.clone(),
        });
        // A policy decides about the commit.
        let endpoint = if failure.kind == ErrorKind::Policy { &COMMIT } else { self.endpoint };
        object::set(outcome.unchecked_ref(), "error", &self.io.call.rejection(endpoint, failure.into()));
        Ok(outcome)
    }
}
