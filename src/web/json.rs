//! JSON as JavaScript has parsed it.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::object;
use crate::core::json::Json;

impl Json for JsValue {
    fn get(&self, name: &str) -> Option<JsValue> {
        object::find(self, name)
    }

    fn string(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn items(&self) -> Option<Vec<JsValue>> {
        self.dyn_ref::<Array>().map(|list| list.iter().collect())
    }

    fn properties(&self) -> Vec<(String, JsValue)> {
        object::properties(self)
    }
}
