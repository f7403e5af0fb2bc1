//! One call: its driver, its options, and how long it waits for what.

use std::future::{Future, pending};
use std::rc::Rc;

use js_sys::Promise;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::object;
use super::options::{CallOptions, ClientOptions};
use super::pending_call::{CallContext, CallDriver, Interrupt};
use crate::core::failure::{Failure, Kind, Limit, Missing};
use crate::core::io::{Read, Stop};
use crate::endpoints::{Endpoint, Host};

/// Milliseconds from a request to the head of its response, by default; a model may take its time.
const HEADERS: f64 = 60_000.0;
const HEADERS_ROUTER: f64 = 300_000.0;
/// Milliseconds between two pieces of a response, by default.
const IDLE: f64 = 60_000.0;
/// Bytes of a response that is parsed, by default.
const MAX_BYTES: f64 = 33_554_432.0;
/// Bytes of a response that is read for a message, or for nothing.
const MAX_TEXT_BYTES: f64 = 1_048_576.0;

/// A call in progress.
pub struct Call {
    context: Rc<CallContext>,
    pub options: Rc<ClientOptions>,
    pub own: CallOptions,
    pub headers: f64,
    pub idle: f64,
    pub total: f64,
    max_bytes: Option<f64>,
}

impl Call {
    pub fn new(row: &Endpoint, options: &Rc<ClientOptions>, own: CallOptions, context: Rc<CallContext>) -> Call {
        let (time, usual) = (&own.common.timeout, &options.common.timeout);
        let headers = if row.host == Host::Router { HEADERS_ROUTER } else { HEADERS };
        let total = time.total.or(usual.total).unwrap_or(f64::INFINITY);
        context.driver.set_deadline(total);
        Call {
            context,
            options: options.clone(),
            headers: time.headers.or(usual.headers).unwrap_or(headers),
            idle: time.idle.or(usual.idle).unwrap_or(IDLE),
            total,
            max_bytes: own.common.max_bytes.or(options.common.max_bytes),
            own,
        }
    }

    /// Milliseconds since 1970.
    pub fn now(&self) -> f64 {
        js_sys::Date::now()
    }

    pub fn driver(&self) -> &CallDriver {
        &self.context.driver
    }

    /// Bytes of a response, at most.
    pub fn max_bytes(&self, how: Read) -> f64 {
        match how {
            Read::Text => MAX_TEXT_BYTES,
            Read::Bytes | Read::Blob | Read::Image => self.max_bytes.unwrap_or(f64::INFINITY),
            Read::Json | Read::Nothing | Read::Head => self.max_bytes.unwrap_or(MAX_BYTES),
        }
    }

    /// Waits for a future. Past the limit the request in progress is ended, and the failure says `what` did not happen.
    pub async fn within<T>(&self, limit: f64, what: &str, future: impl Future<Output = T>) -> Result<T, Stop> {
        let interrupt = match self.context.wait(limit, future).await {
            Ok(output) => return Ok(output),
            Err(interrupt) => interrupt,
        };
        self.driver().close();
        Err(match interrupt {
            Interrupt::TimedOut => late(what, limit).into(),
            Interrupt::DeadlineExceeded => late(NOT_DONE, self.total).into(),
            Interrupt::Aborted => Stop::Aborted,
        })
    }

    /// Waits for a promise, as [`Call::within`] does.
    pub async fn promised(&self, limit: f64, what: &str, promise: Promise) -> Result<Result<JsValue, JsValue>, Stop> {
        self.within(limit, what, JsFuture::from(promise)).await
    }

    /// Lets time pass.
    pub async fn pause(&self, ms: f64) -> Result<(), Stop> {
        match self.context.wait(ms, pending::<()>()).await {
            Err(Interrupt::DeadlineExceeded) => Err(late(NOT_DONE, self.total).into()),
            Err(Interrupt::Aborted) => Err(Stop::Aborted),
            Ok(()) | Err(Interrupt::TimedOut) => Ok(()),
        }
    }

    /// The failure of what `fetch` or a body has thrown.
    pub fn failed(&self, error: &JsValue) -> Box<Failure> {
        if let Some(problem) = self.driver().malformed_response(error) {
            return Failure::protocol(&problem);
        }
        let words = self.driver().network_error(error);
        Failure::new(Kind::Network, if words.is_empty() { "the connection failed" } else { &words })
    }

    /// What the promise rejects with.
    pub fn rejection(&self, row: &Endpoint, stop: Stop) -> JsValue {
        rejection(self.driver(), row, stop)
    }
}

const NOT_DONE: &str = "not done within ";

fn late(what: &str, limit: f64) -> Box<Failure> {
    Failure::new(Kind::Timeout, &format!("{what}{} ms", limit as u64))
}

/// The caller's own reason, or the error that the driver makes of a failure.
pub fn rejection(driver: &CallDriver, row: &Endpoint, stop: Stop) -> JsValue {
    let failure = match stop {
        Stop::Failed(failure) => failure,
        Stop::Aborted => match object::get(&driver.signal(), "reason") {
            none if none.is_undefined() => Failure::new(Kind::Aborted, "the call was aborted"),
            reason => return reason,
        },
    };
    driver.error(&facts(&failure.of(row)))
}

/// Everything that is known of a failure, for JavaScript to make an error of.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorFacts<'a> {
    kind: &'static str,
    message: String,
    status: Option<u16>,
    code: Option<&'a str>,
    request_id: Option<&'a str>,
    endpoint: Option<&'static str>,
    permission: Option<&'static str>,
    field: Option<&'a str>,
    missing: Option<&'static str>,
    limit: Option<&'static str>,
    retry_after: Option<f64>,
    attempts: u32,
    advice: Option<&'a str>,
}

/// What JavaScript makes an error of.
pub fn facts(failure: &Failure) -> JsValue {
    object::encode(&ErrorFacts {
        kind: failure.kind.as_str(),
        message: failure.text(),
        status: failure.status,
        code: failure.code.as_deref(),
        request_id: failure.request_id.as_deref(),
        endpoint: failure.endpoint,
        permission: failure.permission,
        field: failure.field.as_deref(),
        missing: failure.missing.map(Missing::as_str),
        limit: failure.limit.map(Limit::as_str),
        retry_after: failure.retry_after,
        attempts: failure.attempts,
        advice: failure.advice.as_deref(),
    })
}
