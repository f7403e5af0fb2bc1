//! Addresses, read by the runtime's own `URL`, the same that `fetch` will use.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::core::io::Urls;

#[wasm_bindgen]
extern "C" {
    type URL;
    #[wasm_bindgen(constructor, catch)]
    fn new(address: &str, base: Option<&str>) -> Result<URL, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn href(this: &URL) -> String;
    #[wasm_bindgen(method, getter)]
    fn origin(this: &URL) -> String;
}

/// The address that `target` means on a page at `base`, and its origin.
fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
    URL::new(target, base).ok().map(|url| (url.href(), url.origin()))
}

/// URLs as the runtime reads them.
pub struct WebUrls;

impl Urls for WebUrls {
    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
        resolve(target, base)
    }
}
