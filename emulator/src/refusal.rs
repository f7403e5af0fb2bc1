//! What the Hub says no with: a status, a code in `X-Error-Code`, a message in `X-Error-Message` and in the body.

use axum::http::StatusCode;
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub struct Refusal {
    pub status: StatusCode,
    pub code: Option<&'static str>,
    pub message: String,
    /// Members of the JSON body besides `error`.
    pub extra: Value,
}

impl Refusal {
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Refusal { status, code: None, message: message.into(), extra: json!({}) }
    }

    pub fn code(self, code: &'static str) -> Self {
        Refusal { code: Some(code), ..self }
    }

    pub fn extra(self, extra: Value) -> Self {
        Refusal { extra, ..self }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Refusal::new(400, message)
    }

    pub fn repo_not_found() -> Self {
        Refusal::new(404, "Repository not found").code("RepoNotFound")
    }

    /// What an anonymous caller is told of a repository that is missing or hidden from it.
    pub fn unauthenticated() -> Self {
        Refusal::new(401, "Invalid username or password.").code("RepoNotFound")
    }

    pub fn revision_not_found(revision: &str) -> Self {
        Refusal::new(404, format!("Invalid rev id: {revision}")).code("RevisionNotFound")
    }

    pub fn entry_not_found() -> Self {
        Refusal::new(404, "Entry not found").code("EntryNotFound")
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Refusal::new(403, message)
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Refusal::new(409, message)
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Refusal::new(500, format!("database: {error}"))
    }
}

impl From<git2::Error> for Refusal {
    fn from(error: git2::Error) -> Self {
        Refusal::new(500, format!("git: {error}"))
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Refusal::new(500, format!("disk: {error}"))
    }
}
