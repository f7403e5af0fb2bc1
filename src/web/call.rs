//! What bounds one call, and what it rejects with: the caller's signal, the limits of time and size.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::object;
use super::options::{CallOptions, Options};
use super::task::{Line, Settled, Shell};
use crate::core::failure::{Failure, Kind, Limit, Missing};
use crate::core::io::{Read, Stop};
use crate::core::text::digits;
use crate::endpoints::{Endpoint, Host};

/// Milliseconds from a request to the head of its answer, by default; a model may take its time.
const HEADERS: f64 = 60_000.0;
const HEADERS_ROUTER: f64 = 300_000.0;
/// Milliseconds between two pieces of an answer, by default.
const IDLE: f64 = 60_000.0;
/// Bytes of an answer that is parsed, by default.
const MOST: f64 = 33_554_432.0;
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
}

impl Call {
    pub fn new(row: &Endpoint, options: &Rc<Options>, own: CallOptions, line: Rc<Line>) -> Call {
        let (time, usual) = (&own.time, &options.time);
        let headers = if row.host == Host::Router { HEADERS_ROUTER } else { HEADERS };
        let total = time.total.or(usual.total).unwrap_or(f64::INFINITY);
        line.shell.limit(total);
        Call {
            line,
            options: options.clone(),
            headers: time.headers.or(usual.headers).unwrap_or(headers),
            idle: time.idle.or(usual.idle).unwrap_or(IDLE),
            total,
            most: own.most.or(options.most),
            own,
        }
    }

    /// Milliseconds since 1970.
    pub fn now(&self) -> f64 {
        js_sys::Date::now()
    }

    pub fn shell(&self) -> &Shell {
        &self.line.shell
    }

    /// Bytes of an answer, at most.
    pub fn most(&self, how: Read) -> f64 {
        match how {
            Read::Text => MOST_TEXT,
            Read::Bytes | Read::Blob | Read::Image => self.most.unwrap_or(f64::INFINITY),
            Read::Json | Read::Nothing | Read::Head => self.most.unwrap_or(MOST),
        }
    }

    /// Waits for what the shell has begun. Past the limit, which `silence` names, the request under way is ended.
    pub async fn wait(&self, limit: f64, silence: &'static str) -> Result<Result<JsValue, JsValue>, Stop> {
        let settled = self.line.wait(limit).await;
        if matches!(settled, Settled::TimedOut | Settled::Over | Settled::Aborted) {
            self.shell().close();
        }
        match settled {
            Settled::Fulfilled(value) => Ok(Ok(value)),
            Settled::Rejected(error) => Ok(Err(error)),
            Settled::TimedOut => Err(late(silence, limit).into()),
            Settled::Over => Err(late(OVER, self.total).into()),
            Settled::Aborted => Err(Stop::Aborted),
            Settled::Senseless(problem) => Err(Failure::protocol(&problem.as_string().unwrap_or_default()).into()),
        }
    }

    /// Waits for a promise of the caller's or the runtime's own, or for what is given in place of one. Past the limit,
    /// the failure says `what` did not happen.
    pub async fn promised(
        &self,
        promise: &JsValue,
        limit: f64,
        what: &'static str,
    ) -> Result<Result<JsValue, JsValue>, Stop> {
        self.shell().promised(promise);
        self.wait(limit, what).await
    }

    /// The text of a Blob.
    pub async fn text_of(&self, blob: &JsValue) -> Result<String, Stop> {
        let Some(text) = object::function(blob, "text") else { return Ok(String::new()) };
        let Ok(promise) = text.call0(blob) else { return Ok(String::new()) };
        let text = self.promised(&promise, self.idle, "a Blob could not be read within ").await?;
        Ok(text.ok().and_then(|text| text.as_string()).unwrap_or_default())
    }

    /// Lets time pass.
    pub async fn pause(&self, ms: f64) -> Result<(), Stop> {
        match self.line.wait(ms).await {
            Settled::Over => Err(late(OVER, self.total).into()),
            Settled::Aborted => Err(Stop::Aborted),
            _ => Ok(()),
        }
    }

    /// A failure below HTTP, in the runtime's words.
    pub fn broken(&self) -> Box<Failure> {
        let words = self.shell().broken();
        Failure::new(Kind::Network, if words.is_empty() { "the connection failed" } else { &words })
    }

    /// What the promise rejects with.
    pub fn rejection(&self, row: &Endpoint, stop: Stop) -> JsValue {
        rejection(self.shell(), row, stop)
    }
}

const OVER: &str = "not done within ";

fn late(silence: &str, limit: f64) -> Box<Failure> {
    Failure::new(Kind::Timeout, &[silence, &digits(limit as u64), " ms"].concat())
}

/// The caller's own reason, or the error that the shell makes of a failure.
pub fn rejection(shell: &Shell, row: &Endpoint, stop: Stop) -> JsValue {
    let failure = match stop {
        Stop::Failed(failure) => failure,
        Stop::Aborted => match object::get(&shell.signal(), "reason") {
            none if none.is_undefined() => Failure::new(Kind::Aborted, "the call was aborted"),
            reason => return reason,
        },
    };
    shell.error(&facts(&failure.of(row)))
}

/// What the shell makes an error of.
pub fn facts(failure: &Failure) -> JsValue {
    object::of(&[
        ("kind", failure.kind.as_str().into()),
        ("message", failure.text().into()),
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
    ])
}
