//! What a handler hands back: the HTTP answer, and what it changed.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

use crate::refusal::Refusal;

pub type Result = std::result::Result<Answer, Refusal>;

#[derive(Debug)]
pub struct Answer {
    pub http: Response<Body>,
    /// What the row's webhook event is about; a row with an event must set it.
    pub change: Option<Change>,
}

/// The repository that changed, and the event's own members of the webhook payload (`updatedRefs`, `discussion`, …).
#[derive(Debug, Clone)]
pub struct Change {
    pub repo_id: String,
    pub payload: Value,
}

impl Answer {
    pub fn json(value: &Value) -> Answer {
        Answer::bytes("application/json; charset=utf-8", value.to_string())
    }

    pub fn text(value: impl Into<String>) -> Answer {
        Answer::bytes("text/plain; charset=utf-8", value.into())
    }

    pub fn bytes(media_type: &'static str, body: impl Into<Body>) -> Answer {
        let mut http = Response::new(body.into());
        http.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        Answer { http, change: None }
    }

    pub fn redirect(location: &str) -> Answer {
        let text = format!("Temporary Redirect. Redirecting to {location}");
        Answer::text(text).status(StatusCode::TEMPORARY_REDIRECT).header("location", location)
    }

    pub fn status(mut self, status: StatusCode) -> Answer {
        *self.http.status_mut() = status;
        self
    }

    /// Sets a header; a value that HTTP does not allow is left out.
    pub fn header(mut self, name: &'static str, value: impl AsRef<str>) -> Answer {
        if let Ok(value) = HeaderValue::from_str(value.as_ref()) {
            self.http.headers_mut().insert(HeaderName::from_static(name), value);
        }
        self
    }

    pub fn changed(self, repo_id: impl Into<String>, payload: Value) -> Answer {
        Answer { change: Some(Change { repo_id: repo_id.into(), payload }), ..self }
    }
}
