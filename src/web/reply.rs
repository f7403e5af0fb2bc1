//! A reply of `fetch`: any object with the members of `Response`.

use std::rc::Rc;

use js_sys::{Array, JSON, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Response;

use super::cancel::Cancel;
use super::io;
use crate::core::failure::Failure;
use crate::core::headers::Headers;
use crate::core::io::{Reply, Stop};
use crate::core::json::Json;

pub struct WebReply {
    pub response: Response,
    pub cancel: Rc<Cancel>,
}

impl WebReply {
    pub async fn json(self) -> Result<JsValue, Stop> {
        let read = self.read(self.response.json()).await?;
        read.map_err(|error| match super::object::text(&error, "name").as_deref() {
            Some("SyntaxError") => Failure::protocol(format!("the answer is not JSON ({})", self.described())).into(),
            _ => io::broken(&error).into(),
        })
    }

    pub async fn blob(self) -> Result<JsValue, Stop> {
        self.read(self.response.blob()).await?.map_err(|error| io::broken(&error).into())
    }

    async fn read(&self, promise: Result<Promise, JsValue>) -> Result<Result<JsValue, JsValue>, Stop> {
        match promise {
            Ok(promise) => self.cancel.race(&promise).await,
            Err(error) => Ok(Err(error)),
        }
    }

    fn described(&self) -> String {
        self.header("content-type").unwrap_or_else(|| "no content type".into())
    }
}

impl Headers for WebReply {
    fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name).ok().flatten()
    }
}

impl Reply for WebReply {
    type Json = JsValue;

    fn status(&self) -> u16 {
        self.response.status()
    }

    async fn text(self) -> Result<String, Stop> {
        let text = self.read(self.response.text()).await?.map_err(|error| io::broken(&error))?;
        Ok(text.as_string().unwrap_or_default())
    }

    async fn bytes(self) -> Result<Vec<u8>, Stop> {
        let buffer = self.read(self.response.array_buffer()).await?.map_err(|error| io::broken(&error))?;
        Ok(Uint8Array::new(buffer.unchecked_ref()).to_vec())
    }

    fn parse(text: &str) -> Option<JsValue> {
        JSON::parse(text).ok()
    }
}

impl Json for JsValue {
    fn get(&self, name: &str) -> Option<JsValue> {
        let value = super::object::get(self, name);
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
