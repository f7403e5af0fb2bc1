//! A response of `fetch`. An injected `fetch` may give any object with the properties of `Response`: JavaScript has looked
//! at it before, and reads its headers and its body.

use std::cell::OnceCell;
use std::rc::Rc;

use gloo_net::http::Response;
use js_sys::{JSON, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::ResponseType;

use super::exchange::Exchange;
use super::images::is_json;
use super::object;
use super::pending_call::ReadMode;
use crate::core::headers::{Headers, line};
use crate::core::io::{self, CallError, Read, Reply};

pub struct WebResponse {
    raw: JsValue,
    status: u16,
    pub call: Rc<Exchange>,
    headers: OnceCell<String>,
    value: JsValue,
    /// Bytes of the whole file, where the Hub has stated them apart from this response.
    linked_size: Option<f64>,
}

impl WebResponse {
    pub fn new(response: JsValue, call: Rc<Exchange>) -> WebResponse {
        let response = Response::from(response.unchecked_into::<web_sys::Response>());
        let status = response.status();
        WebResponse {
            raw: web_sys::Response::from(response).into(),
            status,
            call,
            headers: OnceCell::new(),
            value: JsValue::UNDEFINED,
            linked_size: None,
        }
    }

    /// Whether this is a redirect whose target a browser does not show.
    pub fn is_opaque_redirect(&self) -> bool {
        // Only what is opaque has no status.
        self.status == 0 && self.response().type_() == ResponseType::Opaqueredirect
    }

    /// The URL that a `fetch` which follows redirects by itself was led to.
    pub fn redirected_to(&self) -> Option<String> {
        self.response().redirected().then(|| object::string(&self.raw, "url").unwrap_or_default())
    }

    fn response(&self) -> Response {
        Response::from(self.raw.clone().unchecked_into::<web_sys::Response>())
    }

    /// Type and subtype of the body, in lower case; may be empty.
    pub fn media_type(&self) -> String {
        let declared = self.header("content-type").unwrap_or_default();
        declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The headers that the core reads, as lines of `name: value`.
    pub fn header_lines(&self) -> &str {
        self.headers.get_or_init(|| self.call.driver().headers(&self.raw))
    }

    /// Bytes of the whole file, where the Hub tells.
    pub fn linked_size(&self) -> Option<f64> {
        let announced = || self.header("x-linked-size")?.parse::<u64>().ok().map(|size| size as f64);
        self.linked_size.or_else(announced)
    }

    /// Waits for what is being read of the body. Each piece that comes begins the wait anew.
    async fn received(&self) -> Result<JsValue, CallError> {
        let received = self.call.settled(self.call.idle, "no more of the response within ").await?;
        received.map_err(|error| self.call.failed(&error).into())
    }

    /// The next bytes; None at the end.
    pub async fn chunk(&self) -> Result<Option<Vec<u8>>, CallError> {
        self.call.driver().read_chunk(&self.raw);
        let chunk = self.received().await?;
        // Of any realm: under jsdom, `fetch` has another `Uint8Array` than the global one.
        Ok((!chunk.is_undefined()).then(|| chunk.unchecked_ref::<Uint8Array>().to_vec()))
    }
}

impl Headers for WebResponse {
    fn header(&self, name: &str) -> Option<String> {
        line(self.header_lines(), name)
    }
}

impl Reply for WebResponse {
    type Value = JsValue;

    fn value(&self) -> &JsValue {
        &self.value
    }

    fn into_value(self) -> JsValue {
        self.value
    }

    fn bytes(&self) -> Vec<u8> {
        self.value.unchecked_ref::<Uint8Array>().to_vec()
    }
}

impl io::Response for WebResponse {
    fn status(&self) -> u16 {
        self.status
    }

    fn expect_size(&mut self, size: u64) {
        self.linked_size = Some(size as f64);
    }

    async fn read(&mut self, read_mode: Read) -> Result<(), CallError> {
        let mode = match read_mode {
            Read::Json => ReadMode::Json,
            Read::Text => ReadMode::Text,
            Read::Bytes => ReadMode::Bytes,
            Read::Blob => ReadMode::Blob,
            Read::Image if is_json(&self.media_type()) => ReadMode::Json,
            Read::Image => ReadMode::Bytes,
            Read::Nothing | Read::Head => return Ok(()),
        };
        self.call.driver().read(&self.raw, mode, self.call.options.max_bytes(read_mode), self.call.options.at_once());
        self.value = self.received().await?;
        Ok(())
    }

    fn parse(&self, text: &str) -> Option<JsValue> {
        JSON::parse(text).ok()
    }
}
