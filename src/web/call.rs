//! A call in progress: how long it waits for what, and what it fails with.

use std::future::{Future, pending};
use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::JsValue;

use super::object;
use super::pending_call::{CallContext, CallDriver, Interrupt};
use crate::core::failure::{ErrorKind, Failure, Limit, Missing};
use crate::core::io::CallError;
use crate::endpoints::Endpoint;

/// A call in progress.
#[derive(Debug)]
pub struct Call {
    pub context: Rc<CallContext>,
    /// Milliseconds between two pieces of a response.
    pub idle: f64,
    /// Milliseconds of the whole call.
    pub total: f64,
}

impl Call {
    pub fn new(context: Rc<CallContext>, idle: f64, total: f64) -> Call {
        if total.is_finite() {
            context.driver.set_deadline(total);
        }
        Call { context, idle, total }
    }

    pub fn driver(&self) -> &CallDriver {
        &self.context.driver
    }

    /// Waits for a future. Past the limit the request in progress is ended, and the failure says `what` did not happen.
    pub async fn within<T>(&self, limit: f64, what: &str, future: impl Future<Output = T>) -> Result<T, CallError> {
        let interrupt = match self.context.wait(limit, future).await {
            Ok(output) => return Ok(output),
            Err(interrupt) => interrupt,
        };
        self.driver().close();
        Err(match interrupt {
            Interrupt::TimedOut => late(what, limit).into(),
            Interrupt::DeadlineExceeded => late(NOT_DONE, self.total).into(),
            Interrupt::Aborted => CallError::Aborted,
        })
    }

    /// Waits for what the driver was asked for, as [`Call::within`] does.
    pub async fn settled(&self, limit: f64, what: &str) -> Result<Result<JsValue, JsValue>, CallError> {
        self.within(limit, what, self.context.settled()).await
    }

    /// Lets time pass.
    pub async fn pause(&self, ms: f64) -> Result<(), CallError> {
        match self.context.wait(ms, pending::<()>()).await {
            Err(Interrupt::DeadlineExceeded) => Err(late(NOT_DONE, self.total).into()),
            Err(Interrupt::Aborted) => Err(CallError::Aborted),
            Ok(()) | Err(Interrupt::TimedOut) => Ok(()),
        }
    }

    /// What the promise rejects with.
    pub fn rejection(&self, endpoint: &Endpoint, stop: CallError) -> JsValue {
        rejection(self.driver(), endpoint, stop)
    }
}

const NOT_DONE: &str = "not done within ";

fn late(what: &str, limit: f64) -> Box<Failure> {
    Failure::new(ErrorKind::Timeout, &format!("{what}{} ms", limit as u64))
}

/// The caller's own reason, or the error that the driver makes of a failure.
pub fn rejection(driver: &CallDriver, endpoint: &Endpoint, stop: CallError) -> JsValue {
    let failure = match stop {
        CallError::Failed(failure) => failure,
        CallError::Aborted => match object::get(&driver.signal(), "reason") {
            none if none.is_undefined() => Failure::new(ErrorKind::Aborted, "the call was aborted"),
            reason => return reason,
        },
    };
    driver.error(&facts(&failure.of(endpoint)))
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
    rule: Option<&'a str>,
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
        message: failure.full_message(),
        status: failure.status,
        code: failure.code.as_deref(),
        request_id: failure.request_id.as_deref(),
        endpoint: failure.endpoint,
        permission: failure.permission,
        field: failure.field.as_deref(),
        rule: failure.rule.as_deref(),
        missing: failure.missing.map(Missing::as_str),
        limit: failure.limit.map(Limit::as_str),
        retry_after: failure.retry_after,
        attempts: failure.attempts,
        advice: failure.advice.as_deref(),
    })
}
