//! What bounds one call, and what it rejects with: the caller's signal, the limits of time and size.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, Function};
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use super::object;
use super::options::{CallOptions, Options};
use super::task::{Line, Settled};
use crate::core::failure::{Failure, Kind, Limit, Missing};
use crate::core::io::{Read, Stop};
use crate::core::text::{digits, join};
use crate::endpoints::{Endpoint, Host};

/// Milliseconds from a request to the head of its answer, by default; a model may take its time.
const HEADERS: f64 = 60_000.0;
const HEADERS_ROUTER: f64 = 300_000.0;
/// Milliseconds between two pieces of an answer, by default.
const IDLE: f64 = 60_000.0;
/// Bytes of an answer that is parsed, by default.
const MOST: f64 = 67_108_864.0;
/// Bytes of an answer that is read for a message, or for nothing.
const MOST_TEXT: f64 = 1_048_576.0;

/// One call under way.
pub struct Call {
    pub line: Rc<Line>,
    pub options: Rc<Options>,
    pub own: CallOptions,
    pub headers: f64,
    pub idle: f64,
    pub total: f64,
    most: Option<f64>,
    /// Milliseconds since 1970.
    ends_at: f64,
    /// Of the request under way.
    controller: RefCell<Option<AbortController>>,
    /// What the runtime threw last.
    thrown: RefCell<JsValue>,
    /// The token that was sent last, to keep it out of errors.
    pub secret: RefCell<String>,
}

impl Call {
    pub fn new(row: &Endpoint, options: &Rc<Options>, own: CallOptions) -> Call {
        let (time, usual) = (&own.time, &options.time);
        let headers = if row.host == Host::Router { HEADERS_ROUTER } else { HEADERS };
        let total = time.total.or(usual.total).unwrap_or(f64::INFINITY);
        Call {
            line: Rc::default(),
            options: options.clone(),
            headers: time.headers.or(usual.headers).unwrap_or(headers),
            idle: time.idle.or(usual.idle).unwrap_or(IDLE),
            total,
            most: own.most.or(options.most),
            ends_at: Date::now() + total,
            controller: RefCell::default(),
            thrown: RefCell::default(),
            secret: RefCell::default(),
            own,
        }
    }

    /// Bytes of an answer, at most.
    pub fn most(&self, how: Read) -> f64 {
        match how {
            Read::Text => MOST_TEXT,
            Read::Bytes | Read::Blob => self.most.unwrap_or(f64::INFINITY),
            Read::Json | Read::Nothing => self.most.unwrap_or(MOST),
        }
    }

    /// The signal of the next request. The one before is over, or let go.
    pub fn begin(&self) -> JsValue {
        self.abort();
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map_or(JsValue::UNDEFINED, |controller| controller.signal().into());
        self.controller.replace(controller);
        signal
    }

    /// Ends the request under way.
    pub fn abort(&self) {
        if let Some(controller) = self.controller.take() {
            controller.abort();
        }
    }

    /// Waits for a promise. Past the limit, which `silence` names, the request under way is ended.
    pub async fn wait(
        &self,
        promise: JsValue,
        limit: f64,
        silence: &'static str,
    ) -> Result<Result<JsValue, JsValue>, Stop> {
        let left = self.ends_at - Date::now();
        match self.line.wait(promise, limit.min(left)).await {
            Settled::Fulfilled(value) => Ok(Ok(value)),
            Settled::Rejected(error) => Ok(Err(error)),
            Settled::TimedOut => {
                self.abort();
                let (silence, limit) = if left < limit { ("not done within ", self.total) } else { (silence, limit) };
                Err(Failure::new(Kind::Timeout, &[silence, &digits(limit as u64), " ms"].concat()).into())
            }
            Settled::Aborted => {
                self.abort();
                Err(Stop::Aborted)
            }
        }
    }

    /// Lets time pass.
    pub async fn pause(&self, ms: f64) -> Result<(), Stop> {
        // A pause ends when its time is over; only the end of the whole call is a failure.
        match self.wait(JsValue::UNDEFINED, ms, "").await {
            Err(Stop::Failed(_)) if self.ends_at > Date::now() => Ok(()),
            ended => ended.map(drop),
        }
    }

    /// A failure below HTTP, in the runtime's words: the error's message and its cause's.
    pub fn broken(&self, error: JsValue) -> Box<Failure> {
        let cause = object::get(&error, "cause");
        let mut words = Vec::new();
        for said in [object::text(&error, "message"), object::text(&cause, "message"), object::text(&cause, "code")] {
            match said {
                Some(text) if !text.is_empty() && words.len() < 2 => words.push(text),
                _ => {}
            }
        }
        self.thrown.replace(error);
        let words = join(&words, ": ");
        Failure::new(Kind::Network, if words.is_empty() { "the connection failed" } else { &words })
    }

    /// What the promise rejects with.
    pub fn rejection(&self, row: &Endpoint, stop: Stop) -> JsValue {
        let thrown = match &stop {
            Stop::Failed(failure) if failure.kind == Kind::Network => self.thrown.take(),
            _ => JsValue::UNDEFINED,
        };
        rejection(&self.options.fail, Some(row), &self.own.signal, stop, &thrown, &self.secret.borrow())
    }
}

/// The caller's own reason, or the error that the shell makes of a failure and of what the runtime threw.
pub fn rejection(
    fail: &Function,
    row: Option<&Endpoint>,
    signal: &JsValue,
    stop: Stop,
    thrown: &JsValue,
    secret: &str,
) -> JsValue {
    let failure = match stop {
        Stop::Failed(failure) => failure,
        Stop::Aborted => match object::get(signal, "reason") {
            none if none.is_undefined() => Failure::new(Kind::Aborted, "the call was aborted"),
            reason => return reason,
        },
    };
    let failure = match row {
        Some(row) => failure.of(row),
        None => failure,
    };
    let facts = object::of(&[
        ("kind", failure.kind.as_str().into()),
        ("message", failure.message.as_str().into()),
        ("status", failure.status.into()),
        ("code", failure.code.as_deref().into()),
        ("requestId", failure.request_id.as_deref().into()),
        ("endpoint", failure.endpoint.into()),
        ("permission", failure.permission.into()),
        ("field", failure.field.as_deref().into()),
        ("missing", failure.missing.map(Missing::as_str).into()),
        ("limit", failure.limit.map(Limit::as_str).into()),
        ("retryAfter", failure.retry_after.into()),
        ("attempts", failure.attempts.into()),
        ("advice", failure.advice.as_deref().into()),
    ]);
    fail.call3(&JsValue::UNDEFINED, &facts, thrown, &secret.into()).unwrap_or_else(|thrown| thrown)
}
