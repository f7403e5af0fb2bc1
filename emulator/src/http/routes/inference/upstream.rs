//! Chat that another OpenAI-compatible server answers: its bytes are passed on as they come.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, Response};
use reqwest::Client;

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};

/// Headers of the other server that are passed on.
const KEPT: [HeaderName; 3] = [CONTENT_TYPE, CACHE_CONTROL, RETRY_AFTER];

/// Sends the body on, without the caller's token.
pub async fn forward(client: &Client, address: &str, call: &Call) -> response::Result {
    let request = client
        .post(format!("{address}/v1/chat/completions"))
        .header(CONTENT_TYPE, "application/json")
        .body(call.body.clone());
    let reply = request.send().await.map_err(|error| {
        ApiError::new(
            if error.is_timeout() { 504 } else { 502 },
            format!("The upstream server did not response: {error}"),
        )
    })?;
    let mut http = Response::new(Body::empty());
    *http.status_mut() = reply.status();
    for name in KEPT {
        if let Some(value) = reply.headers().get(&name) {
            http.headers_mut().insert(name, value.clone());
        }
    }
    *http.body_mut() = Body::from_stream(reply.bytes_stream());
    Ok(ApiResponse { http, change: None }.header("x-inference-provider", "upstream"))
}
