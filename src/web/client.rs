//! What JavaScript calls: a client of the Hub or of the router.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Object;
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::call::{Call, facts, rejection};
use super::download;
use super::events::Stream;
use super::io::WebIo;
use super::options::{CallOptions, ClientOptions};
use super::pending_call::{CallContext, CallDriver, PendingCall};
use super::{args, commit, images, object, pages};
use crate::core::args::{Arg, Args};
use crate::core::call;
use crate::core::commit::{Operation, discussion_number};
use crate::core::failure::{Failure, Kind};
use crate::core::io::{Io, Notice, Read, Reply as _, Stop};
use crate::core::rate_limit::RateLimits;
use crate::core::request;
use crate::core::retry::Policy;
use crate::core::text::parts;
use crate::endpoints::repos::COMMIT;
use crate::endpoints::{self, Endpoint, Host, Method, Reply};

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
    /// The result is the reply: JSON as it is, bytes as a Blob, or undefined.
    Reply,
    /// The result is one page of a list: the first, or that of a URL.
    Page,
    /// The result comes in parts, as JSON text.
    Stream,
}

/// A client. It holds no connection and may be dropped at any time.
#[wasm_bindgen]
pub struct Client {
    host: Host,
    options: Rc<ClientOptions>,
    limits: Rc<RefCell<RateLimits>>,
}

#[wasm_bindgen]
impl Client {
    /// Throws the facts of an error.
    #[wasm_bindgen(constructor)]
    pub fn new(router: bool, options: JsValue) -> Result<Client, JsValue> {
        let host = if router { Host::Router } else { Host::Hub };
        let options = ClientOptions::read(options, router).map_err(|failure| facts(&failure))?;
        let limits = Rc::new(RefCell::new(RateLimits::new(options.pace)));
        Ok(Client { host, options: Rc::new(options), limits })
    }

    /// Calls an endpoint; `url` is that of a page.
    #[expect(clippy::panic, reason = "only a defect of the package asks for what does not exist")]
    pub fn call(
        &self,
        name: String,
        mode: Mode,
        url: Option<String>,
        params: JsValue,
        options: JsValue,
        driver: CallDriver,
    ) -> PendingCall {
        let Some(row) = endpoints::find(self.host, &name) else { panic!("no endpoint has the name {name}") };
        let context = CallContext::new(driver.clone());
        let prepared = self.prepare(row, mode, params, options, &context);
        PendingCall::new(context, async move {
            let prepared = prepared.map_err(|stop| rejection(&driver, row, stop))?;
            let call = prepared.io.call.clone();
            prepared.run(mode, url).await.map_err(|stop| call.rejection(row, stop))
        })
    }

    /// What is known of the rate limits, by bucket.
    #[wasm_bindgen(js_name = rateLimits)]
    pub fn rate_limits(&self) -> Object {
        let known = Object::new();
        for bucket in self.limits.borrow().buckets(js_sys::Date::now()) {
            let limit = object::encode(&RateLimit {
                quota: bucket.quota,
                remaining: bucket.remaining,
                resets_at: bucket.resets_at,
                sent: bucket.sent,
                from_headers: bucket.told,
            });
            object::set(&known, &bucket.name, &limit);
        }
        known
    }
}

impl Client {
    fn prepare(
        &self,
        row: &'static Endpoint,
        mode: Mode,
        params: JsValue,
        options: JsValue,
        context: &Rc<CallContext>,
    ) -> Result<Prepared, Stop> {
        let signal = context.driver.signal();
        let own = CallOptions::read(options)?;
        if !params.is_object() || js_sys::Array::is_array(&params) {
            return Err(Failure::invalid("params", "must be an object, such as { repo: \"acme/x\" }").into());
        }
        if object::get(&signal, "aborted").is_truthy() {
            return Err(Stop::Aborted);
        }
        let call = Rc::new(Call::new(row, &self.options, own, context.clone()));
        let retry = call.own.common.retry.or(self.options.common.retry).unwrap_or_default();
        let mut policy = retry.policy(mode == Mode::Page);
        policy.max_elapsed = policy.max_elapsed.min(call.total);
        let args = args::read(&params)?;
        let (operations, sources) = match row.name == COMMIT.name {
            true => commit::read(&params)?,
            false => (Vec::new(), Vec::new()),
        };
        let io = WebIo { call, limits: self.limits.clone(), params, sources };
        Ok(Prepared { row, args, io, policy, operations })
    }
}

/// One call, ready to be sent.
struct Prepared {
    row: &'static Endpoint,
    args: Args,
    io: WebIo,
    policy: Policy,
    operations: Vec<Operation>,
}

impl Prepared {
    async fn run(self, mode: Mode, url: Option<String>) -> Result<JsValue, Stop> {
        if self.row.name == COMMIT.name {
            return self.commit().await;
        }
        let mut request = request::build(self.row, &self.args, self.io.endpoint())?;
        if let Some(url) = url {
            request.url = url;
        }
        if mode == Mode::Reply
            && matches!(self.row.reply, Reply::Events(..))
            && !matches!(self.args.get("stream"), None | Some(Arg::Flag(false)))
        {
            return Err(Failure::invalid("stream", "is what chatCompletionStream is for").into());
        }
        let how = match self.row.reply {
            _ if mode == Mode::Stream => Read::Nothing,
            Reply::Bytes if self.row.host == Host::Router => Read::Image,
            Reply::Bytes => Read::Blob,
            _ if self.row.method == Method::Head => Read::Head,
            Reply::Empty => Read::Text,
            _ => Read::Json,
        };
        let sent = call::send(&self.io, self.row, self.policy, &request, how).await;
        let reply = match sent {
            // Only what exists has a URL; another conflict stays one.
            Err(Stop::Failed(failure))
                if self.args.flag("existOk") && failure.kind == Kind::Conflict && failure.url.is_some() =>
            {
                let url = failure.url.unwrap_or_default();
                let parts = parts(&url, b'/');
                let name = parts.get(parts.len().saturating_sub(2)..).unwrap_or_default().join("/");
                return Ok(object::of(&[("url", url.as_str().into()), ("name", name.as_str().into())]));
            }
            sent => sent?,
        };
        match (mode, how) {
            (Mode::Stream, _) => Stream { reply, row: self.row, subject: request.subject }.run().await,
            (Mode::Page, _) => pages::page(self.row, &request, &reply),
            (Mode::Reply, Read::Image) => images::image(&self.io, self.row, self.policy, reply, &request).await,
            (Mode::Reply, Read::Text | Read::Head) => Ok(JsValue::UNDEFINED),
            (Mode::Reply, Read::Blob) => match download::file(&self.args, &reply).await {
                // A cache on the way may have given another part: it is asked once more.
                Err(Stop::Failed(failure)) if reply.status() == 206 && self.policy.attempts > 1 => {
                    let mut failure = failure.of(self.row);
                    failure.attempts = 1;
                    self.io.notify(Notice::Retry { failure: &failure, wait: 0.0 });
                    let reply = call::send(&self.io, self.row, self.policy, &request, how).await?;
                    download::file(&self.args, &reply).await
                }
                file => file,
            },
            (Mode::Reply, _) => Ok(reply.value()),
        }
    }

    async fn commit(self) -> Result<JsValue, Stop> {
        let outcome = crate::core::commit::run(&self.io, &self.args, self.policy, self.operations).await?;
        let texts = |texts: &[String]| JsValue::from(texts.iter().map(JsValue::from).collect::<js_sys::Array>());
        let result = outcome.reply.unwrap_or_else(|| {
            object::of(&[("success", true.into()), ("commitOid", outcome.commit_oid.as_deref().into())])
        });
        let result_object: &Object = result.unchecked_ref();
        object::set(result_object, "skipped", &texts(&outcome.skipped));
        object::set(result_object, "ignored", &texts(&outcome.ignored));
        object::set(result_object, "warnings", &texts(&outcome.warnings));
        let url = object::text(&result, "pullRequestUrl").unwrap_or_default();
        if let Some(num) = discussion_number(&url) {
            let pull_request = object::of(&[("num", num.into()), ("url", url.into())]);
            object::set(result_object, "pullRequest", &pull_request);
        }
        Ok(result)
    }
}
