//! Properties of JSON values, without panics.

use serde_json::{Value, json};

static NULL: Value = Value::Null;

/// The property at a path such as `config.model_type`; null when any part is absent.
pub fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').try_fold(value, |value, key| value.get(key)).unwrap_or(&NULL)
}

/// Sets a property of an object, and makes the objects on the way; anything else stays as it is.
pub fn set(object: &mut Value, path: &str, value: impl Into<Value>) {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let Some(properties) = object.as_object_mut() else { return };
    match rest {
        None => drop(properties.insert(key.to_owned(), value.into())),
        Some(rest) => set(properties.entry(key).or_insert_with(|| json!({})), rest, value),
    }
}

/// One string, or each string of a list, as cards and queries have it.
pub fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    value.as_str().into_iter().chain(list.iter().filter_map(Value::as_str))
}

/// Value of a column that only this program writes.
pub fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}
