//! What a handler hands back: the HTTP response, and what it changed.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

use crate::http::error::ApiError;
use crate::hub::webhooks::Change;

pub type Result = std::result::Result<ApiResponse, ApiError>;

#[derive(Debug)]
pub struct ApiResponse {
    pub http: Response<Body>,
    /// What the endpoint's webhook event is about; a endpoint with an event must set it.
    pub change: Option<Change>,
}

impl ApiResponse {
    pub fn json(value: &Value) -> ApiResponse {
        ApiResponse::bytes("application/json; charset=utf-8", value.to_string())
    }

    pub fn text(value: impl Into<String>) -> ApiResponse {
        ApiResponse::bytes("text/plain; charset=utf-8", value.into())
    }

    pub fn bytes(media_type: &'static str, body: impl Into<Body>) -> ApiResponse {
        let mut http = Response::new(body.into());
        http.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        ApiResponse { http, change: None }
    }

    pub fn redirect(location: &str) -> ApiResponse {
        let text = format!("Temporary Redirect. Redirecting to {location}");
        ApiResponse::text(text).status(StatusCode::TEMPORARY_REDIRECT).header("location", location)
    }

    pub fn status(mut self, status: StatusCode) -> ApiResponse {
        *self.http.status_mut() = status;
        self
    }

    /// Sets a header; a value that HTTP does not allow is left out.
    pub fn header(mut self, name: &'static str, value: impl AsRef<str>) -> ApiResponse {
        if let Ok(value) = HeaderValue::from_str(value.as_ref()) {
            self.http.headers_mut().insert(HeaderName::from_static(name), value);
        }
        self
    }

    pub fn changed(self, repo_id: impl Into<String>, payload: Value) -> ApiResponse {
        ApiResponse { change: Some(Change { repo_id: repo_id.into(), payload }), ..self }
    }
}
