//! Reading and writing properties of JavaScript objects.

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A property; undefined where there is none, or where `object` is no object.
///
/// Asked first, since an exception that is caught costs a slot of the table of references, for good.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    if !object.is_object() {
        return JsValue::UNDEFINED;
    }
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

pub fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

pub fn number(object: &JsValue, name: &str) -> Option<f64> {
    get(object, name).as_f64()
}

pub fn function(object: &JsValue, name: &str) -> Option<js_sys::Function> {
    get(object, name).dyn_into().ok()
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
    // Setting a member of a plain object does not fail.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}

/// The own members of an object, in order.
pub fn members(object: &JsValue) -> Vec<(String, JsValue)> {
    let mut members = Vec::new();
    let Some(object) = object.dyn_ref::<Object>() else { return members };
    for name in Object::keys(object).iter() {
        members.extend(name.as_string().map(|text| (text, Reflect::get(object, &name).unwrap_or_default())));
    }
    members
}
