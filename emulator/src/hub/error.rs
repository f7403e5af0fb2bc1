//! What the Hub refuses, and why. The HTTP room decides how it is sent.

use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The input is not what it must be.
    Invalid,
    /// The caller must say who it is.
    Unauthenticated,
    /// The month's credits are used up.
    OutOfCredits,
    /// The caller may not do this.
    Forbidden,
    NotFound,
    /// It exists already, or its state does not allow this.
    Conflict,
    /// The branch has moved since the caller looked at it.
    Outdated,
    /// The input is well formed, but names something impossible.
    Unprocessable,
    /// The database, the disk or git failed.
    Internal,
}

#[derive(Debug, Clone)]
pub struct Error {
    pub kind: ErrorKind,
    /// The code by which clients know the error, such as `RepoNotFound`.
    pub code: Option<&'static str>,
    pub message: String,
    /// Further facts, by name.
    pub extra: Value,
}

impl Error {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { kind, code: None, message: message.into(), extra: json!({}) }
    }

    pub fn code(self, code: &'static str) -> Self {
        Error { code: Some(code), ..self }
    }

    pub fn extra(self, extra: Value) -> Self {
        Error { extra, ..self }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Invalid, message)
    }

    pub fn unauthenticated(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Unauthenticated, message)
    }

    /// What an anonymous caller learns of a repository that is missing or hidden from it.
    pub fn hidden_repo() -> Self {
        Error::unauthenticated("Invalid username or password.").code("RepoNotFound")
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Forbidden, message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::NotFound, message)
    }

    pub fn repo_not_found() -> Self {
        Error::not_found("Repository not found").code("RepoNotFound")
    }

    pub fn revision_not_found(revision: &str) -> Self {
        Error::not_found(format!("Invalid rev id: {revision}")).code("RevisionNotFound")
    }

    pub fn entry_not_found() -> Self {
        Error::not_found("Entry not found").code("EntryNotFound")
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Conflict, message)
    }

    pub fn internal(message: impl Into<String>) -> Self {
        Error::new(ErrorKind::Internal, message)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Error::internal(format!("database: {error}"))
    }
}

impl From<git2::Error> for Error {
    fn from(error: git2::Error) -> Self {
        Error::internal(format!("git: {error}"))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Error::internal(format!("disk: {error}"))
    }
}
