//! A call in progress that sends requests, and the options that hold for it.

use std::ops::Deref;
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::call::Call;
use super::pending_call::CallContext;
use crate::core::client::Client;
use crate::core::failure::{ErrorKind, Failure};
use crate::core::options::{CallOptions, Options};

/// A call that sends requests.
#[derive(Debug)]
pub struct Exchange {
    call: Call,
    pub options: Options,
    /// Milliseconds from a request to the head of its response.
    pub headers: f64,
}

impl Deref for Exchange {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.call
    }
}

impl Exchange {
    #[inline(never)]
    pub fn new(client: &Client, own: CallOptions, context: Rc<CallContext>) -> Exchange {
        let options = Options { client: Rc::clone(&client.options), own };
        Exchange {
            call: Call::new(context, options.idle(), options.total()),
            headers: options.headers_timeout(client.host),
            options,
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
