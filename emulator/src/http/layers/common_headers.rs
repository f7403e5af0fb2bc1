//! The headers that every response carries.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, HttpBody, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};

use super::cors;
use super::limits::RateLimitStatus;
use super::request_context::RequestContext;
use crate::http::app::App;
use crate::hub::Hub;

/// Adds the headers that the real service was seen to send.
pub async fn add(app: &App, context: &RequestContext, rate_limit: &RateLimitStatus, response: &mut Response<Body>) {
    let headers = response.headers_mut();
    set(headers, "x-powered-by", "hf-wasm-emulator");
    set(headers, "x-request-id", &request_id(&app.hub, context));
    set(headers, "cross-origin-opener-policy", "same-origin");
    set(headers, "referrer-policy", "strict-origin-when-cross-origin");
    if let Some((limit, policy)) = rate_limit.headers() {
        set(headers, "ratelimit", &limit);
        set(headers, "ratelimit-policy", &policy);
    }
    cors::allow(app, context, headers);
    tag(context, response).await;
}

/// Gives a JSON response an `ETag` of its content, and answers 304 when the caller has it already.
async fn tag(context: &RequestContext, response: &mut Response<Body>) {
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
    let known = context.parts.headers.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    set(response.headers_mut(), "etag", &tag);
    if known && response.status() == StatusCode::OK && context.parts.method != Method::POST {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(CONTENT_TYPE);
    } else {
        *response.body_mut() = Body::from(bytes);
    }
}

/// Takes the body away, and leaves its length.
pub fn remove_body(response: &mut Response<Body>) {
    let length = response.body().size_hint().exact();
    *response.body_mut() = Body::empty();
    if let Some(length) = length.filter(|_| !response.headers().contains_key(CONTENT_LENGTH)) {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
}

/// `Root=1-<seconds>-<24 hex digits>`, and what the caller traces its request by.
fn request_id(hub: &Hub, context: &RequestContext) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let drawn = hex::encode(Sha256::digest(format!("{}{count}", hub.now())));
    let id = format!("Root=1-{:08x}-{}", hub.now() / 1000, drawn.get(..24).unwrap_or_default());
    match context.header("x-amzn-trace-id") {
        Some(trace) => format!("{id};{trace}"),
        None => id,
    }
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
