//! The caller's parameters as the core's [`Args`].

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::object;
use crate::core::args::{Arg, Args};

/// Reads every member that is given; undefined and null are the same as absent.
pub fn read(params: &JsValue) -> Args {
    let mut args = Args::default();
    for (name, value) in object::members(params) {
        args.0.extend(arg(&value).map(|arg| (name, arg)));
    }
    args
}

fn arg(value: &JsValue) -> Option<Arg> {
    if value.is_undefined() || value.is_null() {
        return None;
    }
    let scalar = (value.as_string().map(Arg::Text))
        .or_else(|| value.as_f64().map(Arg::Number))
        .or_else(|| value.as_bool().map(Arg::Flag));
    if scalar.is_some() {
        return scalar;
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        let mut texts = Vec::new();
        for item in list.iter() {
            let Some(text) = item.as_string() else { return Some(Arg::Object) };
            texts.push(text);
        }
        return Some(Arg::Texts(texts));
    }
    Some(match (object::text(value, "type"), object::text(value, "name"), object::number(value, "start")) {
        (Some(kind), Some(name), _) => Arg::Repo { kind, name },
        (_, _, Some(start)) => Arg::Range { start, end: object::number(value, "end") },
        _ => Arg::Object,
    })
}
