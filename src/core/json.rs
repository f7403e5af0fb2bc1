//! JSON as the core looks at it. JavaScript parses it; a JSON parser in the wasm would cost a third of its size.

/// A parsed value.
pub trait Json: Sized {
    /// A property of an object; None where it is absent or null.
    fn get(&self, name: &str) -> Option<Self>;
    fn string(&self) -> Option<String>;
    fn number(&self) -> Option<f64>;
    fn flag(&self) -> Option<bool>;
    fn items(&self) -> Option<Vec<Self>>;
    /// The properties of an object; none of anything else.
    fn properties(&self) -> Vec<(String, Self)>;

    fn string_of(&self, name: &str) -> Option<String> {
        self.get(name)?.string()
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Json for serde_json::Value {
    fn get(&self, name: &str) -> Option<Self> {
        self.as_object()?.get(name).filter(|value| !value.is_null()).cloned()
    }

    fn string(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }

    fn properties(&self) -> Vec<(String, Self)> {
        let properties = self.as_object().into_iter().flatten();
        properties.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}
