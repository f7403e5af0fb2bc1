//! The operations of a commit as the caller wrote them, and the files in them.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::object;
use crate::core::commit::{Change, Operation, field};
use crate::core::failure::Failure;

/// Content of a file to add.
#[derive(Debug, Clone)]
pub enum Source {
    Bytes(Uint8Array),
    Blob(Blob),
}

impl Source {
    /// A text (UTF-8), an ArrayBuffer, a view of one, or a Blob of any realm.
    fn read(content: &JsValue) -> Option<Source> {
        if let Some(text) = content.as_string() {
            return Some(Source::Bytes(Uint8Array::from(text.as_bytes())));
        }
        if content.is_instance_of::<ArrayBuffer>() {
            return Some(Source::Bytes(Uint8Array::new(content)));
        }
        if ArrayBuffer::is_view(content) {
            let (offset, length) = (object::number(content, "byteOffset")?, object::number(content, "byteLength")?);
            let buffer = object::get(content, "buffer");
            return Some(Source::Bytes(Uint8Array::new_with_byte_offset_and_length(
                &buffer, offset as u32, length as u32,
            )));
        }
        let blob = object::function(content, "arrayBuffer").is_some() && object::function(content, "slice").is_some();
        (blob && object::number(content, "size").is_some()).then(|| Source::Blob(content.clone().unchecked_into()))
    }

    fn size(&self) -> u64 {
        match self {
            Source::Bytes(bytes) => u64::from(bytes.length()),
            Source::Blob(blob) => blob.size() as u64,
        }
    }

    pub fn slice(&self, start: u64, end: u64) -> Source {
        match self {
            Source::Bytes(bytes) => Source::Bytes(bytes.subarray(start as u32, end as u32)),
            Source::Blob(blob) => {
                Source::Blob(blob.slice_with_f64_and_f64(start as f64, end as f64).unwrap_or_else(|_| blob.clone()))
            }
        }
    }

    pub fn into_js(self) -> JsValue {
        match self {
            Source::Bytes(bytes) => bytes.into(),
            Source::Blob(blob) => blob.into(),
        }
    }
}

/// Reads `operations`; every refusal names the member that is wrong.
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
    let text = |name: &str| object::text(given, name).ok_or_else(|| Failure::invalid(&field(name), "must be a string"));
    let change = match text("operation")?.as_str() {
        "addOrUpdate" => {
            let problem = "must be a string, an ArrayBuffer, a view of one, or a Blob";
            let source = Source::read(&object::get(given, "content"))
                .ok_or_else(|| Failure::invalid(&field("content"), problem))?;
            let size = source.size();
            sources.push(source);
            Change::Add { index: sources.len() - 1, size }
        }
        "delete" => Change::Delete,
        "rename" => Change::Rename { from: text("from")? },
        "copy" => Change::Copy { from: text("from")?, revision: object::text(given, "fromRevision") },
        _ => return Err(Failure::invalid(&field("operation"), "must be addOrUpdate, delete, rename or copy")),
    };
    Ok(Operation { path: text("path")?, change })
}
