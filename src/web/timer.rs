//! One run of `setTimeout`, cleared when dropped.
//!
//! `gloo-timers` did not compile while panics unwound; it has not been tried since.

use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Closure<dyn FnMut()>, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// The longest time that `setTimeout` takes; beyond it, it would fire at once.
const LONGEST_MS: f64 = 2_147_483_647.0;

pub struct Timer {
    id: JsValue,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    pub fn new(ms: f64, callback: impl FnMut() + 'static) -> Timer {
        let callback = Closure::new(callback);
        Timer { id: set_timeout(&callback, ms.clamp(0.0, LONGEST_MS)), _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}
