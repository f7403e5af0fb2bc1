//! An error as the Hub writes it.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use hf_wasm::endpoints::Bucket;
use serde_json::{Value, json};

use super::request_context::RequestContext;
use crate::http::error::ApiError;
use crate::http::response::ApiResponse;

/// Writes an error: JSON, or only its message where the endpoint serves files.
pub fn write(context: &RequestContext, error: &ApiError) -> Response<Body> {
    let response = if context.bucket == Bucket::Resolvers {
        ApiResponse::text(error.message.clone())
    } else {
        let mut body = json!({ "error": error.message });
        if let (Some(body), Value::Object(extra)) = (body.as_object_mut(), &error.extra) {
            body.extend(extra.clone());
        }
        ApiResponse::json(&body)
    };
    let mut response = response.status(error.status).header("x-error-message", one_line(&error.message));
    if let Some(code) = error.code {
        response = response.header("x-error-code", code);
    }
    if error.status == StatusCode::UNAUTHORIZED {
        response = response.header("www-authenticate", "Bearer realm=\"Authentication required\", charset=\"UTF-8\"");
    }
    response.http
}

/// A string that a header can carry.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if matches!(letter, ' '..='~') { letter } else { ' ' }).collect()
}
