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
    type Members;
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Members, name: &str) -> JsValue;
    /// Anything but undefined and null, which are None.
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn find(this: &Members, name: &str) -> Option<Object>;
    /// The same by a name as it stands, which may be no valid UTF-16.
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn at(this: &Members, name: &JsValue) -> JsValue;
    #[wasm_bindgen(method, structural, indexing_setter)]
    fn set(this: &Members, name: &str, value: &JsValue);
    /// Such as `[object ArrayBuffer]`, for an object of any realm.
    #[wasm_bindgen(js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    pub fn tag(value: &JsValue) -> String;
}

/// A property; undefined where there is none, or where `object` is no object.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    if !object.is_object() {
        return JsValue::UNDEFINED;
    }
    object.unchecked_ref::<Members>().get(name)
}

/// A property; None where it is undefined or null, or where `object` is no object.
pub fn find(object: &JsValue, name: &str) -> Option<JsValue> {
    if !object.is_object() {
        return None;
    }
    object.unchecked_ref::<Members>().find(name).map(Into::into)
}

pub fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

/// A string; None for anything else. UTF-8 has no lone surrogates: what becomes of one would be another string.
pub fn string(value: &JsValue, field: &str) -> Result<Option<String>, Box<Failure>> {
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

/// Makes an object of the given members.
pub fn of(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        set(&object, name, value);
    }
    object.into()
}

pub fn set(object: &Object, name: &str, value: &JsValue) {
    object.unchecked_ref::<Members>().set(name, value);
}

/// The own members of an object, in order.
pub fn members(object: &JsValue) -> Vec<(String, JsValue)> {
    let mut members = Vec::new();
    // Not by its class, which is another in another realm.
    if !object.is_object() {
        return members;
    }
    for name in Object::keys(object.unchecked_ref::<Object>()).iter() {
        let value = object.unchecked_ref::<Members>().at(&name);
        members.push((name.as_string().unwrap_or_default(), value));
    }
    members
}
