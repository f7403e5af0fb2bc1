//! Reading and writing properties of JavaScript objects.

#[cfg(feature = "client")]
use js_sys::Array;
use js_sys::{JsString, Object};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::core::failure::Failure;

#[wasm_bindgen]
extern "C" {
    /// Any object. What a getter throws is thrown out of the call that is polled, as a panic is.
    type Properties;
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Properties, name: &str) -> JsValue;
    /// Anything but undefined and null, which are None.
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn find(this: &Properties, name: &str) -> Option<Object>;
    /// The same by a name as it stands, which may be no valid UTF-16.
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn at(this: &Properties, name: &JsValue) -> JsValue;
    #[wasm_bindgen(method, structural, indexing_setter)]
    fn set(this: &Properties, name: &str, value: &JsValue);
    /// Such as `[object ArrayBuffer]`, for an object of any realm.
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    pub fn tag(value: &JsValue) -> String;
}

/// A property; undefined where there is none, or where `object` is no object.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    if !object.is_object() {
        return JsValue::UNDEFINED;
    }
    object.unchecked_ref::<Properties>().get(name)
}

/// A property; None where it is undefined or null, or where `object` is no object.
pub fn find(object: &JsValue, name: &str) -> Option<JsValue> {
    if !object.is_object() {
        return None;
    }
    object.unchecked_ref::<Properties>().find(name).map(Into::into)
}

pub fn string(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

/// A string; None for anything else. UTF-8 has no lone surrogates: what becomes of one would be another string.
pub fn checked_string(value: &JsValue, field: &str) -> Result<Option<String>, Box<Failure>> {
    let text = value.as_string();
    let replaced = text.as_deref().is_some_and(|text| text.contains('\u{fffd}'));
    if replaced && !value.unchecked_ref::<JsString>().is_valid_utf16() {
        return Err(Failure::invalid(field, LONE));
    }
    Ok(text)
}

pub const LONE: &str = "holds a lone surrogate, which is no character";

pub fn number(object: &JsValue, name: &str) -> Option<f64> {
    get(object, name).as_f64()
}

#[cfg(feature = "client")]
pub fn flag(object: &JsValue, name: &str) -> bool {
    get(object, name).is_truthy()
}

/// Pairs of strings.
#[cfg(feature = "client")]
pub fn pairs(list: &JsValue) -> Vec<(String, String)> {
    let pairs = list.unchecked_ref::<Array>().iter().map(JsCast::unchecked_into::<Array>);
    pairs.filter_map(|pair| Some((pair.get(0).as_string()?, pair.get(1).as_string()?))).collect()
}

#[cfg(feature = "commit")]
pub fn function(object: &JsValue, name: &str) -> Option<js_sys::Function> {
    get(object, name).dyn_into().ok()
}

/// A plain value as JavaScript has it; what is absent is undefined.
pub fn encode(value: &impl Serialize) -> JsValue {
    serde_wasm_bindgen::to_value(value).unwrap_or_default()
}

/// Makes an object of the given properties.
pub fn of(properties: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in properties {
        set(&object, name, value);
    }
    object.into()
}

pub fn set(object: &Object, name: &str, value: &JsValue) {
    object.unchecked_ref::<Properties>().set(name, value);
}

/// The own properties of an object, in order.
pub fn properties(object: &JsValue) -> Vec<(String, JsValue)> {
    let mut properties = Vec::new();
    // Not by its class, which is another in another realm.
    if !object.is_object() {
        return properties;
    }
    for name in Object::keys(object.unchecked_ref::<Object>()).iter() {
        let value = object.unchecked_ref::<Properties>().at(&name);
        properties.push((name.as_string().unwrap_or_default(), value));
    }
    properties
}
