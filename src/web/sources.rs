//! The operations of a commit as the caller wrote them, and the files in them.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::object;
use crate::core::commit::{Change, Operation, field};
use crate::core::failure::Failure;

#[wasm_bindgen]
extern "C" {
    /// `Uint8Array` with offsets and lengths beyond 32 bits, which `js_sys` cuts off.
    #[wasm_bindgen(js_name = Uint8Array)]
    type View;
    #[wasm_bindgen(constructor, js_class = "Uint8Array", catch)]
    fn new(buffer: &JsValue, offset: f64, length: f64) -> Result<View, JsValue>;

    /// A Blob of any realm.
    #[derive(Debug, Clone)]
    type AnyBlob;
    #[wasm_bindgen(method, structural, catch)]
    fn slice(this: &AnyBlob, start: f64, end: f64) -> Result<JsValue, JsValue>;
}

/// A file to add.
#[derive(Debug)]
pub struct Source {
    content: Content,
    pub size: u64,
    /// The parameter that holds it, as `operations[0].content`.
    pub field: String,
}

#[derive(Debug)]
enum Content {
    /// Bytes of a buffer from an offset on.
    Buffer {
        buffer: JsValue,
        offset: f64,
    },
    Blob(AnyBlob),
}

impl Source {
    /// A string (UTF-8), an ArrayBuffer, a view of one, or a Blob of any realm.
    fn read(content: &JsValue, field: String) -> Result<Source, Box<Failure>> {
        let refuse = |problem: &str| Err(Failure::invalid(&field, problem));
        let whole = |number: Option<f64>| number.filter(|number| *number >= 0.0 && number.fract() == 0.0);
        let number = |name: &str| whole(object::number(content, name));
        if let Some(text) = object::checked_string(content, &field)? {
            let bytes = Uint8Array::from(text.as_bytes());
            let content = Content::Buffer { buffer: bytes.buffer().into(), offset: 0.0 };
            return Ok(Source { content, size: text.len() as u64, field });
        }
        let is_view = js_sys::ArrayBuffer::is_view(content);
        let buffer = if is_view { object::get(content, "buffer") } else { content.clone() };
        match class(&buffer).as_str() {
            "SharedArrayBuffer" => return refuse("is in a SharedArrayBuffer: pass a copy, as of slice()"),
            "ArrayBuffer" if object::get(&buffer, "resizable").is_truthy() => {
                return refuse("is in a resizable ArrayBuffer: pass a copy, as of slice()");
            }
            "ArrayBuffer" => {
                let offset = if is_view { number("byteOffset").unwrap_or_default() } else { 0.0 };
                let size = number("byteLength").unwrap_or_default();
                let content = Content::Buffer { buffer, offset };
                let source = Source { content, size: size as u64, field };
                // A detached buffer is reported now, not after other files have been read.
                source.slice(0, 0)?;
                return Ok(source);
            }
            _ => {}
        }
        let is_blob =
            object::function(content, "arrayBuffer").is_some() && object::function(content, "slice").is_some();
        match number("size") {
            Some(size) if is_blob => {
                Ok(Source { content: Content::Blob(content.clone().unchecked_into()), size: size as u64, field })
            }
            _ => refuse("must be a string, an ArrayBuffer, a view of one, or a Blob"),
        }
    }

    /// Bytes `start..end`, as a `Uint8Array` or a Blob.
    pub fn slice(&self, start: u64, end: u64) -> Result<JsValue, Box<Failure>> {
        match &self.content {
            Content::Buffer { buffer, offset } => View::new(buffer, offset + start as f64, (end - start) as f64)
                .map(Into::into)
                .map_err(|_| Failure::invalid(&self.field, "is in an ArrayBuffer that was detached or has shrunk")),
            Content::Blob(blob) => blob.slice(start as f64, end as f64).map_err(|_| self.unreadable("")),
        }
    }

    /// `why` is what it has thrown, if that says anything.
    pub fn unreadable(&self, why: &str) -> Box<Failure> {
        let colon = if why.is_empty() { "" } else { ": " };
        Failure::invalid(&self.field, &["is a Blob that cannot be read", colon, why].concat())
    }
}

/// The class of an object of any realm.
fn class(value: &JsValue) -> String {
    let text = object::tag(value);
    text.strip_prefix("[object ").and_then(|text| text.strip_suffix(']')).unwrap_or_default().to_owned()
}

/// Reads `operations`; every refusal names the property that is wrong.
pub fn read(params: &JsValue) -> Result<(Vec<Operation>, Vec<Source>), Box<Failure>> {
    let list = object::get(params, "operations")
        .dyn_into::<Array>()
        .map_err(|_| Failure::invalid("operations", "must be a list"))?;
    let mut sources = Vec::new();
    let mut operations = Vec::new();
    for (at, given) in list.iter().enumerate() {
        operations.push(operation(at, &given, &mut sources)?);
    }
    Ok((operations, sources))
}

fn operation(at: usize, given: &JsValue, sources: &mut Vec<Source>) -> Result<Operation, Box<Failure>> {
    let field = |name: &str| field(at, name);
    let optional = |name: &str| object::checked_string(&object::get(given, name), &field(name));
    let text = |name: &str| optional(name)?.ok_or_else(|| Failure::invalid(&field(name), "must be a string"));
    let change = match text("operation")?.as_str() {
        "addOrUpdate" => {
            let source = Source::read(&object::get(given, "content"), field("content"))?;
            let size = source.size;
            sources.push(source);
            Change::Add { index: sources.len() - 1, size }
        }
        "delete" => Change::Delete,
        "rename" => Change::Rename { from: text("from")? },
        "copy" => Change::Copy { from: text("from")?, revision: optional("fromRevision")? },
        _ => return Err(Failure::invalid(&field("operation"), "must be addOrUpdate, delete, rename or copy")),
    };
    Ok(Operation { path: text("path")?, change })
}
