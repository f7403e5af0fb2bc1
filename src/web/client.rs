//! What the shell calls: a client of the Hub or of the router.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::cancel::Cancel;
use super::events;
use super::io::WebIo;
use super::options::{CallOptions, Options};
use super::task::Task;
use super::{args, commit, object, pages};
use crate::core::args::Args;
use crate::core::call;
use crate::core::commit::{Operation, Outcome};
use crate::core::failure::{Failure, Kind, Missing};
use crate::core::io::{Io, Read, Reply as _, Stop};
use crate::core::rate_limit::RateLimits;
use crate::core::request;
use crate::core::retry::Policy;
use crate::endpoints::repos::COMMIT;
use crate::endpoints::{self, Endpoint, Host, Reply};

/// A client. It holds no connection and may be dropped at any time.
#[wasm_bindgen]
pub struct Client {
    host: Host,
    options: Rc<Options>,
    limits: Rc<RefCell<RateLimits>>,
}

/// Makes what a promise rejects with.
pub struct Rejection {
    fail: Function,
    signal: JsValue,
    pub ignore: Closure<dyn FnMut(JsValue)>,
}

impl Rejection {
    /// The caller's own reason, or the error that the shell makes of a failure.
    pub fn of(&self, row: &Endpoint, stop: Stop) -> JsValue {
        match stop {
            Stop::Aborted => object::get(&self.signal, "reason"),
            Stop::Failed(failure) => rejection(&self.fail, &failure.of(row)),
        }
    }
}

fn rejection(fail: &Function, failure: &Failure) -> JsValue {
    let facts = object::of([
        ("kind", failure.kind.as_str().into()),
        ("message", failure.message.as_str().into()),
        ("status", failure.status.into()),
        ("code", failure.code.as_deref().into()),
        ("requestId", failure.request_id.as_deref().into()),
        ("endpoint", failure.endpoint.into()),
        ("permission", failure.permission.into()),
        ("field", failure.field.as_deref().into()),
        ("missing", failure.missing.map(Missing::as_str).into()),
        ("retryAfter", failure.retry_after.into()),
        ("attempts", failure.attempts.into()),
        ("advice", failure.advice.as_deref().into()),
    ]);
    fail.call1(&JsValue::UNDEFINED, &facts).unwrap_or_else(|thrown| thrown)
}

#[wasm_bindgen]
impl Client {
    /// `host` is `hub` or `router`.
    #[wasm_bindgen(constructor)]
    pub fn new(host: &str, options: &JsValue) -> Result<Client, JsValue> {
        let host = if host == "router" { Host::Router } else { Host::Hub };
        let options = Options::read(options).map_err(|failure| {
            let fail = object::function(options, "fail");
            fail.map_or_else(|| JsValue::from_str(&failure.message), |fail| rejection(&fail, &failure))
        })?;
        Ok(Client { host, options: Rc::new(options), limits: Rc::default() })
    }

    /// Calls an endpoint. The task gives, by `mode`: `reply`, JSON as it is, bytes as a Blob, or undefined; `page`, one
    /// page of a list, the first or the one at `url`; `events`, an open stream.
    pub fn call(
        &self,
        name: &str,
        mode: String,
        url: Option<String>,
        params: JsValue,
        options: JsValue,
    ) -> Result<Task, JsValue> {
        let signal = object::get(&options, "signal");
        let rejection = Rc::new(Rejection { fail: self.options.fail.clone(), signal, ignore: Closure::new(|_| {}) });
        let Some(row) = endpoints::find(self.host, name) else {
            return Err(rejection.of(&COMMIT, Failure::new(Kind::Internal, "no such endpoint").into()));
        };
        let call = self.prepare(row, params, &options).map_err(|stop| rejection.of(row, stop))?;
        Ok(Task::new(call.io.cancel.line.clone(), async move {
            call.run(&mode, url, &rejection).await.map_err(|stop| rejection.of(row, stop))
        }))
    }

    /// What is known of the rate limits, by bucket.
    #[wasm_bindgen(js_name = rateLimits)]
    pub fn rate_limits(&self) -> JsValue {
        let known = Object::new();
        for bucket in self.limits.borrow().buckets(js_sys::Date::now()) {
            let facts = object::of([
                ("quota", bucket.quota.map(|quota| quota as f64).into()),
                ("remaining", bucket.remaining.map(|left| left as f64).into()),
                ("resetsAt", js_sys::Date::new(&bucket.resets_at.into()).into()),
                ("sent", (bucket.sent as f64).into()),
                ("told", bucket.told.into()),
            ]);
            object::set(&known, &bucket.name, &facts);
        }
        known.into()
    }
}

impl Client {
    fn prepare(&self, row: &'static Endpoint, params: JsValue, options: &JsValue) -> Result<Prepared, Stop> {
        let call = CallOptions::read(options)?;
        let cancel = Rc::new(Cancel::new(&call.signal, call.timeout.or(self.options.timeout))?);
        let policy = call.retry.unwrap_or(self.options.retry);
        let args = args::read(&params);
        args.check(row)?;
        let (operations, sources) = match row.name == COMMIT.name {
            true => commit::read(&params)?,
            false => (Vec::new(), Vec::new()),
        };
        let (options, limits) = (self.options.clone(), self.limits.clone());
        let io = WebIo { options, limits, call, cancel, params, sources };
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
    async fn run(self, mode: &str, url: Option<String>, rejection: &Rc<Rejection>) -> Result<JsValue, Stop> {
        if self.row.name == COMMIT.name {
            return self.commit().await;
        }
        let mut request = request::build(self.row, &self.args, self.io.endpoint())?;
        if let Some(url) = url {
            request.url = url;
        }
        let how = match self.row.reply {
            _ if mode == "events" => Read::Nothing,
            Reply::Bytes => Read::Blob,
            Reply::Empty => Read::Text,
            _ => Read::Json,
        };
        let reply = call::send(&self.io, self.row, self.policy, &request, how).await?;
        match how {
            Read::Nothing => Ok(events::open(self.row, reply, rejection.clone()).await?.into()),
            Read::Text => Ok(JsValue::UNDEFINED),
            _ if mode == "page" => pages::page(self.row.reply, &request.url, &reply),
            _ => Ok(reply.value()),
        }
    }

    async fn commit(self) -> Result<JsValue, Stop> {
        let texts = |paths: Vec<String>| {
            let list = js_sys::Array::new();
            for path in paths {
                list.push(&path.into());
            }
            list
        };
        match crate::core::commit::run(&self.io, &self.args, self.policy, self.operations).await? {
            Outcome::Committed { reply, skipped } => {
                object::set(reply.unchecked_ref(), "skipped", &texts(skipped));
                Ok(reply)
            }
            Outcome::Unchanged { commit_oid, skipped } => Ok(object::of([
                ("success", true.into()),
                ("commitOid", commit_oid.into()),
                ("skipped", texts(skipped).into()),
            ])),
        }
    }
}
