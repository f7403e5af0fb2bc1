//! A part of a file: whether the server has sent the one that was asked for.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

use super::object;
use super::response::WebResponse;
use crate::core::args::{Arg, Args};
use crate::core::failure::Failure;
use crate::core::headers::Headers;
use crate::core::io::{CallError, Reply as _, Response as _};

/// The bytes that were asked for: all, the part that the server sent, or that part of the whole that it sent instead.
pub fn part(args: &Args, reply: &WebResponse) -> Result<JsValue, CallError> {
    let blob = reply.value();
    let size = object::number(blob, "size").unwrap_or_default();
    let (start, end) = match args.get("range") {
        Some(Arg::Range { start, end }) => (*start, *end),
        _ => (0.0, None),
    };
    let until = |total: f64| end.map_or(total, |end| end.min(total));
    if reply.status() == 206 {
        let right = match reply.header("content-range") {
            Some(text) => read(&text).is_some_and(|(first, last, total)| {
                let whole = reply.linked_size();
                let asked = total.or(whole).or(end).is_none_or(|total| last + 1.0 == until(total));
                let asked = asked && total.zip(whole).is_none_or(|(total, whole)| total == whole);
                first == start && last + 1.0 - first == size && asked
            }),
            // A browser may hide it. Without a range, all was asked for.
            None => args.get("range").is_some() && end.is_none_or(|end| size <= end - start),
        };
        return if right {
            Ok(blob.clone())
        } else {
            Err(Failure::protocol("the server sent a different range").into())
        };
    }
    if start > 0.0 && start >= size {
        return Err(Failure::invalid("range", "begins beyond the end").into());
    }
    if start == 0.0 && until(size) == size {
        return Ok(blob.clone());
    }
    let slice: Function = object::get(blob, "slice").unchecked_into();
    let sliced = slice.call3(blob, &start.into(), &until(size).into(), &object::get(blob, "type"));
    Ok(sliced.unwrap_or(JsValue::UNDEFINED))
}

/// `bytes 2-11/100`: first and last byte, and how many there are, if that is known.
fn read(text: &str) -> Option<(f64, f64, Option<f64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let number = |text: &str| text.parse::<u64>().ok().map(|number| number as f64);
    Some((number(first)?, number(last)?, number(total)))
}
