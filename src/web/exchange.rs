//! What bounds the requests of one call, as the options of its client and its own say.

use std::ops::Deref;
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::call::Call;
use super::options::{CallOptions, ClientOptions};
use super::pending_call::CallContext;
use crate::core::failure::{ErrorKind, Failure};
use crate::core::io::Read;
use crate::core::retry::Policy;
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

/// A call that sends requests.
#[derive(Debug)]
pub struct Exchange {
    call: Call,
    pub options: Rc<ClientOptions>,
    pub own: CallOptions,
    /// Milliseconds from a request to the head of its response.
    pub headers: f64,
    max_bytes: Option<f64>,
}

impl Deref for Exchange {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

impl Exchange {
    #[inline(never)]
    pub fn new(row: &Endpoint, options: &Rc<ClientOptions>, own: CallOptions, context: Rc<CallContext>) -> Exchange {
        let (idle, total) = waits(options, &own);
        let headers = if row.host == Host::Router { HEADERS_ROUTER } else { HEADERS };
        Exchange {
            call: Call::new(context, idle, total),
            options: options.clone(),
            headers: own.common.timeout.headers.or(options.common.timeout.headers).unwrap_or(headers),
            max_bytes: own.common.max_bytes.or(options.common.max_bytes),
            own,
        }
    }

    /// How failed requests are sent again. A list goes on longer.
    pub fn policy(&self, of_list: bool) -> Policy {
        let retry = self.own.common.retry.or(self.options.common.retry).unwrap_or_default();
        let policy = retry.policy(of_list);
        Policy { max_elapsed: policy.max_elapsed.min(self.total), ..policy }
    }

    /// Bytes of a response, at most.
    pub fn max_bytes(&self, how: Read) -> f64 {
        match how {
            Read::Text => MAX_TEXT_BYTES,
            Read::Bytes | Read::Blob | Read::Image => self.max_bytes.unwrap_or(f64::INFINITY),
            Read::Json | Read::Nothing | Read::Head => self.max_bytes.unwrap_or(MAX_BYTES),
        }
    }

    /// The failure of what `fetch` or a body has thrown.
    pub fn failed(&self, error: &JsValue) -> Box<Failure> {
        if let Some(problem) = self.driver().malformed_response(error) {
            return Failure::protocol(&problem);
        }
        let words = self.driver().network_error(error);
        Failure::new(ErrorKind::Network, if words.is_empty() { "the connection failed" } else { &words })
    }

    /// Hands over a part of the result, and waits until the next is wanted.
    pub async fn emit(&self, part: JsValue) -> Result<JsValue, JsValue> {
        self.driver().emit(part);
        self.call.context.settled().await
    }

    /// Milliseconds since 1970.
    pub fn now(&self) -> f64 {
        self.call.context.now.get()
    }
}

/// Milliseconds between two pieces of a response, and of the whole call.
pub fn waits(options: &ClientOptions, own: &CallOptions) -> (f64, f64) {
    let (time, usual) = (&own.common.timeout, &options.common.timeout);
    (time.idle.or(usual.idle).unwrap_or(IDLE), time.total.or(usual.total).unwrap_or(f64::INFINITY))
}
