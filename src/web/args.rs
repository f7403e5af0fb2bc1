//! The caller's parameters as the core's [`Args`].

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::object;
use crate::core::args::{Arg, Args};
use crate::core::failure::Failure;

/// Parameters are an object.
pub fn check(params: &JsValue) -> Result<(), Box<Failure>> {
    if params.is_object() && !Array::is_array(params) {
        return Ok(());
    }
    Err(Failure::invalid("params", "must be an object, such as { repo: \"acme/x\" }"))
}

/// Reads every member that is given; undefined and null are the same as absent.
pub fn read(params: &JsValue) -> Result<Args, Box<Failure>> {
    let mut args = Args::default();
    for (name, value) in object::members(params) {
        if let Some(arg) = arg(&name, &value)? {
            args.0.push((name, arg));
        }
    }
    Ok(args)
}

fn arg(name: &str, value: &JsValue) -> Result<Option<Arg>, Box<Failure>> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    if let Some(text) = object::string(value, name)? {
        return Ok(Some(Arg::Text(text)));
    }
    if let Some(scalar) = value.as_f64().map(Arg::Number).or_else(|| value.as_bool().map(Arg::Flag)) {
        return Ok(Some(scalar));
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        let mut texts = Vec::new();
        for item in list.iter() {
            let Some(text) = object::string(&item, name)? else { return Ok(Some(Arg::Object)) };
            texts.push(text);
        }
        return Ok(Some(Arg::Texts(texts)));
    }
    let text = |member: &str| object::string(&object::get(value, member), name);
    Ok(Some(match (text("type")?, text("name")?, object::number(value, "start")) {
        (Some(kind), Some(name), _) => Arg::Repo { kind, name },
        (_, _, Some(start)) => Arg::Range { start, end: object::number(value, "end") },
        _ => Arg::Object,
    }))
}
