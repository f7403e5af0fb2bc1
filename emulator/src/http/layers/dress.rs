//! The headers that every response carries, and the shape of an error.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, HttpBody, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hf_wasm::endpoints::Bucket;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::cors;
use super::limits::Standing;
use super::visit::Visit;
use crate::http::app::App;
use crate::http::error::Error;
use crate::http::response::ApiResponse;
use crate::hub::Hub;

/// Writes an error: JSON, or only its text where the row hands out files.
pub fn refused(visit: &Visit, error: &Error) -> Response<Body> {
    let response = if visit.bucket == Bucket::Resolvers {
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

/// Adds the headers that the real service was seen to send.
pub async fn dress(app: &App, visit: &Visit, standing: &Standing, response: &mut Response<Body>) {
    let headers = response.headers_mut();
    set(headers, "x-powered-by", "hf-wasm-emulator");
    set(headers, "x-request-id", &request_id(&app.hub, visit));
    set(headers, "cross-origin-opener-policy", "same-origin");
    set(headers, "referrer-policy", "strict-origin-when-cross-origin");
    if let Some((limit, policy)) = standing.headers() {
        set(headers, "ratelimit", &limit);
        set(headers, "ratelimit-policy", &policy);
    }
    cors::allow(app, visit, headers);
    tag(visit, response).await;
}

/// Gives a JSON response an `ETag` of its content, and answers 304 when the caller has it already.
async fn tag(visit: &Visit, response: &mut Response<Body>) {
    let json =
        response.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if !json || response.headers().contains_key(ETAG) || response.body().size_hint().exact().is_none() {
        return;
    }
    let Ok(bytes) = to_bytes(std::mem::take(response.body_mut()), usize::MAX).await else {
        return;
    };
    let hash = STANDARD_NO_PAD.encode(Sha256::digest(&bytes).get(..20).unwrap_or_default());
    let tag = format!("W/\"{:x}-{hash}\"", bytes.len());
    let known = visit.parts.headers.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    set(response.headers_mut(), "etag", &tag);
    if known && response.status() == StatusCode::OK && visit.parts.method != Method::POST {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(CONTENT_TYPE);
    } else {
        *response.body_mut() = Body::from(bytes);
    }
}

/// Takes the body away, and leaves its length.
pub fn strip(response: &mut Response<Body>) {
    let length = response.body().size_hint().exact();
    *response.body_mut() = Body::empty();
    if let Some(length) = length.filter(|_| !response.headers().contains_key(CONTENT_LENGTH)) {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
}

/// `Root=1-<seconds>-<24 hex digits>`, and what the caller traces its request by.
fn request_id(hub: &Hub, visit: &Visit) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let drawn = hex::encode(Sha256::digest(format!("{}{count}", hub.now())));
    let id = format!("Root=1-{:08x}-{}", hub.now() / 1000, drawn.get(..24).unwrap_or_default());
    match visit.header("x-amzn-trace-id") {
        Some(trace) => format!("{id};{trace}"),
        None => id,
    }
}

/// A text that a header can carry.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if matches!(letter, ' '..='~') { letter } else { ' ' }).collect()
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
