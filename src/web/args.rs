//! The caller's parameters as the core's [`Args`].

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::object;
use crate::core::args::{Arg, Args};

/// Reads every member that is given; undefined and null are the same as absent.
pub fn read(params: &JsValue) -> Args {
    Args(object::members(params).into_iter().filter_map(|(name, value)| Some((name, arg(&value)?))).collect())
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
        let texts: Option<Vec<String>> = list.iter().map(|item| item.as_string()).collect();
        return Some(texts.map_or(Arg::Object, Arg::Texts));
    }
    Some(match (object::text(value, "type"), object::text(value, "name"), object::number(value, "start")) {
        (Some(kind), Some(name), _) => Arg::Repo { kind, name },
        (_, _, Some(start)) => Arg::Range { start, end: object::number(value, "end") },
        _ => Arg::Object,
    })
}
