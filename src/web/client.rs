//! What the shell calls: a client of the Hub or of the router.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, RefUnwindSafe};
use std::rc::Rc;

use js_sys::{Function, JSON, Object};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::cancel::Cancel;
use super::events::{self, Events};
use super::io::WebIo;
use super::options::{CallOptions, Options};
use super::reply::WebReply;
use super::{args, commit, object, pages};
use crate::core::args::Args;
use crate::core::call;
use crate::core::commit::Outcome;
use crate::core::failure::{Failure, Kind, Missing};
use crate::core::io::{Io, Reply as _, Stop};
use crate::core::rate_limit::RateLimits;
use crate::core::request::{self, Body, Request};
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

// A panic ends one call. What calls share, the counts of rate limits, is changed in one step and whole after it;
// hence also the assertions around the futures below.
impl RefUnwindSafe for Client {}

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

    /// Calls an endpoint and gives its reply: JSON as it is, bytes as a Blob, or undefined.
    pub async fn call(&self, name: String, params: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
        AssertUnwindSafe(self.run(&name, params, &options, async |call| call.reply().await)).await
    }

    /// Gets one page of a list: the first, or the one at `url`.
    pub async fn page(
        &self,
        name: String,
        params: JsValue,
        url: Option<String>,
        options: JsValue,
    ) -> Result<JsValue, JsValue> {
        AssertUnwindSafe(self.run(&name, params, &options, async |call| call.page(url.as_deref()).await)).await
    }

    /// Opens a stream of events.
    pub async fn events(&self, name: String, params: JsValue, options: JsValue) -> Result<Events, JsValue> {
        let params = Object::assign(&Object::new(), params.unchecked_ref());
        object::set(&params, "stream", &JsValue::TRUE);
        AssertUnwindSafe(self.run(&name, params.into(), &options, async |call| call.events().await)).await
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

/// One call, ready to be sent.
struct Prepared {
    row: &'static Endpoint,
    args: Args,
    io: WebIo,
    policy: Policy,
    rejection: Rc<Rejection>,
}

impl Client {
    async fn run<T>(
        &self,
        name: &str,
        params: JsValue,
        options: &JsValue,
        task: impl AsyncFn(&Prepared) -> Result<T, Stop>,
    ) -> Result<T, JsValue> {
        let call = self.prepare(name, params, options)?;
        task(&call).await.map_err(|stop| call.rejection.of(call.row, stop))
    }

    fn prepare(&self, name: &str, params: JsValue, options: &JsValue) -> Result<Prepared, JsValue> {
        let ignore = Closure::new(|_| {});
        let signal = object::get(options, "signal");
        let rejection = Rc::new(Rejection { fail: self.options.fail.clone(), signal, ignore });
        let Some(row) = endpoints::find(self.host, name) else {
            return Err(rejection.of(&COMMIT, Failure::new(Kind::Internal, "no such endpoint").into()));
        };
        let ready = CallOptions::read(options).map_err(Stop::from).and_then(|call| {
            let cancel = Rc::new(Cancel::new(&call.signal, call.timeout.or(self.options.timeout))?);
            let policy = call.retry.unwrap_or(self.options.retry);
            let args = args::read(&params);
            let (options, limits) = (self.options.clone(), self.limits.clone());
            let io = WebIo { options, limits, call, cancel, params, sources: Vec::new() };
            Ok(Prepared { row, args, io, policy, rejection: rejection.clone() })
        });
        ready.map_err(|stop| rejection.of(row, stop))
    }
}

impl Prepared {
    async fn reply(&self) -> Result<JsValue, Stop> {
        if self.row.name == COMMIT.name {
            return self.commit().await;
        }
        match self.row.reply {
            Reply::Bytes => self.send(&self.request()?, WebReply::blob).await,
            Reply::Empty => self.send(&self.request()?, WebReply::text).await.map(|_| JsValue::UNDEFINED),
            _ => self.send(&self.request()?, WebReply::json).await,
        }
    }

    async fn page(&self, url: Option<&str>) -> Result<JsValue, Stop> {
        let first = self.request()?;
        let request = match url {
            Some(url) => Request { url: url.to_owned(), body: Body::None, ..first },
            None => first,
        };
        self.send(&request, async |reply| pages::read(self.row.reply, &request.url, reply).await).await
    }

    async fn events(&self) -> Result<Events, Stop> {
        self.send(&self.request()?, async |reply| events::open(self.row, reply, self.rejection.clone()).await).await
    }

    async fn commit(&self) -> Result<JsValue, Stop> {
        self.args.check(self.row)?;
        let (operations, sources) = commit::read(&self.io.params)?;
        let io = WebIo {
            options: self.io.options.clone(),
            limits: self.io.limits.clone(),
            call: CallOptions {
                signal: JsValue::UNDEFINED,
                headers: self.io.call.headers.clone(),
                timeout: None,
                retry: None,
                on_progress: self.io.call.on_progress.clone(),
            },
            cancel: self.io.cancel.clone(),
            params: JsValue::UNDEFINED,
            sources,
        };
        let texts = |paths: Vec<String>| paths.into_iter().map(JsValue::from).collect::<js_sys::Array>();
        match crate::core::commit::run(&io, &self.args, self.policy, operations).await? {
            Outcome::Committed { reply, skipped } => {
                let reply =
                    JSON::parse(&reply).map_err(|_| Failure::protocol("the answer to the commit is not JSON"))?;
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

    fn request(&self) -> Result<Request, Stop> {
        Ok(request::build(self.row, &self.args, self.io.endpoint())?)
    }

    async fn send<T>(&self, request: &Request, read: impl AsyncFn(WebReply) -> Result<T, Stop>) -> Result<T, Stop> {
        call::send(&self.io, self.row, self.policy, request, read).await
    }
}
