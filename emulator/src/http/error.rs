//! A response that is no success: a status, a code in `X-Error-Code`, a message in `X-Error-Message` and in the body.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::hub::error::{self as hub, ErrorKind};
use crate::inference::error as inference;

#[derive(Debug, Clone)]
pub struct Error {
    pub status: StatusCode,
    pub code: Option<&'static str>,
    pub message: String,
    /// Members of the JSON body besides `error`.
    pub extra: Value,
}

impl Error {
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Error { status, code: None, message: message.into(), extra: json!({}) }
    }

    pub fn code(self, code: &'static str) -> Self {
        Error { code: Some(code), ..self }
    }

    pub fn extra(self, extra: Value) -> Self {
        Error { extra, ..self }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Error::new(400, message)
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Error::new(403, message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Error::new(404, message)
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Error::new(409, message)
    }

    /// An error in the shape of OpenAI's.
    pub fn openai(status: u16, message: impl Into<String>, param: Option<&str>, code: Option<&str>) -> Self {
        let message = message.into();
        let error = json!({ "message": message, "type": "invalid_request_error", "param": param, "code": code });
        Error::new(status, message).extra(json!({ "error": error }))
    }
}

fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Invalid => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorKind::OutOfCredits => StatusCode::PAYMENT_REQUIRED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Outdated => StatusCode::PRECONDITION_FAILED,
        ErrorKind::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<hub::Error> for Error {
    fn from(error: hub::Error) -> Self {
        Error { status: status(error.kind), code: error.code, message: error.message, extra: error.extra }
    }
}

impl From<inference::Error> for Error {
    fn from(error: inference::Error) -> Self {
        Error::openai(400, error.message, error.param, None)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        hub::Error::from(error).into()
    }
}

impl From<git2::Error> for Error {
    fn from(error: git2::Error) -> Self {
        hub::Error::from(error).into()
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        hub::Error::from(error).into()
    }
}
