//! A reply of `fetch`: any object with the members of `Response`. The shell reads its body.

use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::call::Call;
use super::images::is_json;
use super::object;
use crate::core::headers::Headers;
use crate::core::io::{Read, Reply, Stop};
use crate::core::json::Json;

pub struct WebReply {
    response: JsValue,
    pub call: Rc<Call>,
    value: JsValue,
    /// Bytes of the whole file, where the Hub has told them apart from this response.
    linked_size: Option<f64>,
}

impl WebReply {
    pub fn new(response: JsValue, call: Rc<Call>) -> WebReply {
        WebReply { response, call, value: JsValue::UNDEFINED, linked_size: None }
    }

    /// Type and subtype of the body, in lower case; may be empty.
    pub fn media_type(&self) -> String {
        let declared = self.header("content-type").unwrap_or_default();
        declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// Bytes of the whole file, where the Hub tells.
    pub fn linked_size(&self) -> Option<f64> {
        let told = || self.header("x-linked-size")?.parse::<u64>().ok().map(|size| size as f64);
        self.linked_size.or_else(told)
    }

    /// Waits for what the shell reads. Each piece that comes begins the wait anew.
    async fn read_on(&self) -> Result<JsValue, Stop> {
        let read = self.call.wait(self.call.idle, "no more of the answer within ").await?;
        read.map_err(|_| self.call.broken().into())
    }

    /// The next bytes; None at the end.
    pub async fn piece(&self) -> Result<Option<Vec<u8>>, Stop> {
        self.call.shell().piece(&self.response);
        let piece = self.read_on().await?;
        // Of any realm: under jsdom, `fetch` has another `Uint8Array` than the global one.
        Ok((!piece.is_undefined()).then(|| piece.unchecked_ref::<Uint8Array>().to_vec()))
    }
}

impl Headers for WebReply {
    fn header(&self, name: &str) -> Option<String> {
        self.call.shell().header(&self.response, name)
    }
}

impl Reply for WebReply {
    type Value = JsValue;

    fn status(&self) -> u16 {
        self.call.shell().status(&self.response) as u16
    }

    fn expect_size(&mut self, size: u64) {
        self.linked_size = Some(size as f64);
    }

    async fn read(&mut self, how: Read) -> Result<(), Stop> {
        // The numbers are the shell's.
        let number = match how {
            Read::Json => 0,
            Read::Text => 1,
            Read::Bytes => 2,
            Read::Blob => 3,
            Read::Image if is_json(&self.media_type()) => 0,
            Read::Image => 2,
            Read::Nothing | Read::Head => return Ok(()),
        };
        self.call.shell().read(&self.response, number, self.call.most(how));
        self.value = self.read_on().await?;
        Ok(())
    }

    fn value(&self) -> JsValue {
        self.value.clone()
    }

    fn bytes(&self) -> Vec<u8> {
        self.value.unchecked_ref::<Uint8Array>().to_vec()
    }

    fn parse(&self, text: &str) -> Option<JsValue> {
        let value = self.call.shell().parse(text);
        (!value.is_undefined()).then_some(value)
    }
}

impl Json for JsValue {
    fn get(&self, name: &str) -> Option<JsValue> {
        let value = object::get(self, name);
        (!value.is_undefined() && !value.is_null()).then_some(value)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn items(&self) -> Option<Vec<JsValue>> {
        self.dyn_ref::<Array>().map(|list| list.iter().collect())
    }

    fn members(&self) -> Vec<(String, JsValue)> {
        object::members(self)
    }
}
