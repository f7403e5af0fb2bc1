//! A reply of `fetch`: any object with the members of `Response`. Its body is read piece by piece, so that a silence
//! and a body without end are both noticed.

use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Function, JsString, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::call::Call;
use super::object;
use crate::core::failure::Failure;
use crate::core::headers::Headers;
use crate::core::io::{Read, Reply, Stop};
use crate::core::json::Json;
use crate::core::text::digits;

#[wasm_bindgen]
extern "C" {
    type TextDecoder;
    #[wasm_bindgen(constructor)]
    fn new() -> TextDecoder;
    #[wasm_bindgen(method)]
    fn decode(this: &TextDecoder, piece: &JsValue, options: &JsValue) -> JsString;
}

pub struct WebReply {
    response: JsValue,
    headers: JsValue,
    /// The headers' own `get`.
    get: Function,
    pub call: Rc<Call>,
    /// Reads the body, once it has begun to be read.
    pub reader: JsValue,
    value: JsValue,
}

impl WebReply {
    pub fn new(response: JsValue, call: Rc<Call>) -> WebReply {
        let headers = object::get(&response, "headers");
        let get = object::get(&headers, "get").unchecked_into();
        WebReply { response, headers, get, call, reader: JsValue::UNDEFINED, value: JsValue::UNDEFINED }
    }

    /// Calls a method of the response, or of what belongs to it.
    fn invoke(&self, object: &JsValue, name: &str) -> Result<JsValue, Stop> {
        let method = object::function(object, name).ok_or_else(|| Failure::protocol("the answer has no body"))?;
        method.call0(object).map_err(|error| self.call.broken(error).into())
    }

    /// Begins to read the body.
    pub fn open(&mut self) -> Result<(), Stop> {
        let body = object::get(&self.response, "body");
        if !body.is_null() {
            self.reader = self.invoke(&body, "getReader")?;
        }
        Ok(())
    }

    /// Closes the connection. A `fetch` that heeds no signal notices that its body is cancelled.
    pub fn close(&self) {
        self.call.abort();
        let cancelled = object::function(&self.reader, "cancel").and_then(|cancel| cancel.call0(&self.reader).ok());
        let cancelled = cancelled.unwrap_or_default();
        // A body that failed rejects with its error, which the caller has.
        let _ = object::function(&cancelled, "catch").map(|catch| catch.call1(&cancelled, &self.call.options.ignore));
    }

    /// The next bytes; None at the end.
    pub async fn piece(&self) -> Result<Option<Uint8Array>, Stop> {
        if self.reader.is_undefined() {
            return Ok(None);
        }
        let reading = self.invoke(&self.reader, "read")?;
        let read = self.call.wait(reading, self.call.idle, "no more of the answer within ").await;
        if read.is_err() {
            self.close();
        }
        let read = read?.map_err(|error| self.call.broken(error))?;
        let value = object::get(&read, "value");
        if ArrayBuffer::is_view(&value) {
            return Ok(Some(value.unchecked_into()));
        }
        Ok(None)
    }

    /// The whole body, no more than the call allows.
    async fn pieces(&mut self, how: Read) -> Result<Array, Stop> {
        self.open()?;
        let most = self.call.most(how);
        let pieces = Array::new();
        let mut size = 0.0;
        while let Some(piece) = self.piece().await? {
            size += f64::from(piece.length());
            if size > most {
                self.close();
                return Err(too_long(most).into());
            }
            pieces.push(&piece);
        }
        Ok(pieces)
    }

    /// Reads a body that cannot be read piece by piece, as that of a stand-in for a `Response`.
    async fn read_whole(&mut self, how: Read) -> Result<(), Stop> {
        let method = match how {
            Read::Json => "json",
            Read::Text | Read::Nothing => "text",
            Read::Blob => "blob",
            Read::Bytes => "arrayBuffer",
        };
        let reading = self.invoke(&self.response, method)?;
        let read = self.call.wait(reading, self.call.idle, "no more of the answer within ").await?;
        let value = read.map_err(|error| self.call.broken(error))?;
        self.value = if how == Read::Bytes { Array::of1(&Uint8Array::new(&value)).into() } else { value };
        Ok(())
    }

    /// By the shell, which gives undefined for what is not JSON: an exception would cost what [`object::get`] tells.
    fn parsed(&self, text: &JsValue) -> Option<JsValue> {
        let value = self.call.options.parse.call1(&JsValue::UNDEFINED, text).ok()?;
        (!value.is_undefined()).then_some(value)
    }

    /// Why a text is not the JSON that was to come.
    fn not_json(&self, text: &JsString) -> Box<Failure> {
        let media_type = self.header("content-type").unwrap_or_default();
        let what = if text.length() == 0 { "empty" } else { &media_type };
        Failure::protocol(&["the answer is not JSON: ", what].concat())
    }
}

pub fn too_long(most: f64) -> Box<Failure> {
    Failure::protocol(&["the answer is longer than ", &digits(most as u64), " bytes (maxResponseBytes)"].concat())
}

fn decoded(pieces: &Array) -> JsString {
    let decoder = TextDecoder::new();
    let more = object::of(&[("stream", true.into())]);
    let mut text = JsString::from("");
    for piece in pieces.iter() {
        text = text.concat(&decoder.decode(&piece, &more));
    }
    text.concat(&decoder.decode(&JsValue::UNDEFINED, &JsValue::UNDEFINED))
}

impl Headers for WebReply {
    fn header(&self, name: &str) -> Option<String> {
        self.get.call1(&self.headers, &name.into()).ok()?.as_string()
    }
}

impl Reply for WebReply {
    type Value = JsValue;

    fn status(&self) -> u16 {
        object::number(&self.response, "status").unwrap_or_default() as u16
    }

    async fn read(&mut self, how: Read) -> Result<(), Stop> {
        if how == Read::Nothing {
            return Ok(());
        }
        if object::get(&self.response, "body").is_undefined() {
            return self.read_whole(how).await;
        }
        let pieces = self.pieces(how).await?;
        self.value = match how {
            Read::Bytes => pieces.into(),
            Read::Blob => {
                let kind = object::of(&[("type", self.header("content-type").unwrap_or_default().into())]);
                let blob = Blob::new_with_u8_array_sequence_and_options(&pieces, kind.unchecked_ref());
                blob.map_err(|error| self.call.broken(error))?.into()
            }
            _ => {
                let text = decoded(&pieces);
                match how {
                    Read::Json => self.parsed(&text).ok_or_else(|| self.not_json(&text))?,
                    _ => text.into(),
                }
            }
        };
        Ok(())
    }

    fn value(&self) -> JsValue {
        self.value.clone()
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for piece in self.value.unchecked_ref::<Array>().iter() {
            bytes.append(&mut Uint8Array::unchecked_from_js(piece).to_vec());
        }
        bytes
    }

    fn parse(&self, text: &str) -> Option<JsValue> {
        self.parsed(&text.into())
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
