//! Cursor pages: the opaque position after an item, and the `Link` that carries it with all filters.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::ApiResponse;

/// Everything but what never needs escaping in a query.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The items of one page, and the position after them when more follow.
#[derive(Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<Value>,
}

/// `limit`, between 1 and `most`.
pub fn limit(call: &Call, default: usize, most: usize) -> Result<usize, ApiError> {
    let Some(text) = call.query_value("limit") else { return Ok(default) };
    match text.parse::<usize>() {
        Ok(limit) if limit > 0 => Ok(limit.min(most)),
        _ => Err(ApiError::bad_request(format!("Invalid \"limit\": expected a number from 1 to {most}"))),
    }
}

/// The position that `cursor` holds.
pub fn cursor(call: &Call) -> Result<Option<Value>, ApiError> {
    let Some(text) = call.query_value("cursor") else { return Ok(None) };
    let bytes = STANDARD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text)).ok();
    let position = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    position.map(Some).ok_or_else(|| ApiError::bad_request("Invalid cursor"))
}

/// The page as an array, with an absolute `Link` to the next one.
pub fn response(call: &Call, page: Page<Value>) -> ApiResponse {
    let response = ApiResponse::json(&Value::Array(page.items));
    match page.next {
        Some(position) => response.header("link", link(call, &position)),
        None => response,
    }
}

fn link(call: &Call, position: &Value) -> String {
    let cursor = STANDARD.encode(position.to_string());
    let kept =
        call.query.iter().filter(|(name, _)| name != "cursor").map(|(name, value)| (name.as_str(), value.as_str()));
    let query: Vec<String> = kept
        .chain([("cursor", cursor.as_str())])
        .map(|(name, value)| format!("{}={}", utf8_percent_encode(name, QUERY), utf8_percent_encode(value, QUERY)))
        .collect();
    format!("<{}{}?{}>; rel=\"next\"", call.hub.origin, call.endpoint.path, query.join("&"))
}
