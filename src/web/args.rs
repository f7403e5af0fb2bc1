//! The caller's parameters as the core's [`Args`].

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::object;
use crate::core::args::{Arg, Args};
use crate::core::failure::Failure;

/// Reads names and values of the parameters, by turns; None where they are no object.
pub fn read(properties: Option<Vec<JsValue>>) -> Result<Args, Box<Failure>> {
    let no_object = || Failure::invalid("params", "must be an object, such as { repo: \"acme/x\" }");
    let mut properties = properties.ok_or_else(no_object)?.into_iter();
    let mut args = Args::default();
    while let (Some(name), Some(value)) = (properties.next(), properties.next()) {
        let name = name.as_string().unwrap_or_default();
        let arg = arg(&name, &value)?;
        args.0.push((name, arg));
    }
    Ok(args)
}

fn arg(name: &str, value: &JsValue) -> Result<Arg, Box<Failure>> {
    if let Some(text) = object::checked_string(value, name)? {
        return Ok(Arg::String(text));
    }
    if let Some(scalar) = value.as_f64().map(Arg::Number).or_else(|| value.as_bool().map(Arg::Flag)) {
        return Ok(scalar);
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        let mut texts = Vec::new();
        for item in list.iter() {
            let Some(text) = object::checked_string(&item, name)? else { return Ok(Arg::Object) };
            texts.push(text);
        }
        return Ok(Arg::Strings(texts));
    }
    let text = |property: &str| object::checked_string(&object::get(value, property), name);
    Ok(match (text("type")?, text("name")?, object::number(value, "start")) {
        (Some(kind), Some(name), _) => Arg::Repo { kind, name },
        (_, _, Some(start)) => Arg::Range { start, end: object::number(value, "end") },
        _ => Arg::Object,
    })
}
