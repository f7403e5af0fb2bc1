//! A reply of `fetch`: any object with the members of `Response`.

use std::rc::Rc;

use js_sys::{Array, JSON, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Response;

use super::cancel::Cancel;
use super::io;
use super::object;
use crate::core::failure::Failure;
use crate::core::headers::Headers;
use crate::core::io::{Read, Reply, Stop};
use crate::core::json::Json;

pub struct WebReply {
    pub response: Response,
    pub cancel: Rc<Cancel>,
    value: JsValue,
}

impl WebReply {
    pub fn new(response: JsValue, cancel: Rc<Cancel>) -> WebReply {
        WebReply { response: response.unchecked_into(), cancel, value: JsValue::UNDEFINED }
    }
}

impl Headers for WebReply {
    fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name).ok().flatten()
    }
}

impl Reply for WebReply {
    type Value = JsValue;

    fn status(&self) -> u16 {
        self.response.status()
    }

    async fn read(&mut self, how: Read) -> Result<(), Stop> {
        let method = match how {
            Read::Nothing => return Ok(()),
            Read::Json => "json",
            Read::Text => "text",
            Read::Bytes => "arrayBuffer",
            Read::Blob => "blob",
        };
        let method =
            object::function(&self.response, method).ok_or_else(|| Failure::protocol("the answer has no body"))?;
        let read = match method.call0(&self.response) {
            Ok(given) => self.cancel.race(&Promise::resolve(&given)).await?,
            Err(error) => Err(error),
        };
        self.value = read.map_err(|error| match object::text(&error, "name").as_deref() {
            Some("SyntaxError") => Failure::protocol("the answer is not JSON"),
            _ => io::broken(&error),
        })?;
        Ok(())
    }

    fn value(&self) -> JsValue {
        self.value.clone()
    }

    fn bytes(&self) -> Vec<u8> {
        Uint8Array::new(&self.value).to_vec()
    }

    fn parse(text: &str) -> Option<JsValue> {
        JSON::parse(text).ok()
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
}
