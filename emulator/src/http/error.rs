//! An error of the API: a status, a code in `X-Error-Code`, a message in `X-Error-Message` and in the body.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::hub::error::{self as hub, ErrorKind};
use crate::inference::error as inference;

#[derive(Debug, Clone)]
pub struct ApiError {
    pub status: StatusCode,
    pub code: Option<&'static str>,
    pub message: String,
    /// Properties of the JSON body besides `error`.
    pub extra: Value,
}

impl ApiError {
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        ApiError { status, code: None, message: message.into(), extra: json!({}) }
    }

    pub fn code(self, code: &'static str) -> Self {
        ApiError { code: Some(code), ..self }
    }

    pub fn extra(self, extra: Value) -> Self {
        ApiError { extra, ..self }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        ApiError::new(400, message)
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        ApiError::new(403, message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        ApiError::new(404, message)
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        ApiError::new(409, message)
    }

    /// An error in the shape of OpenAI's.
    pub fn openai(status: u16, message: impl Into<String>, param: Option<&str>, code: Option<&str>) -> Self {
        let message = message.into();
        let error = json!({ "message": message, "type": "invalid_request_error", "param": param, "code": code });
        ApiError::new(status, message).extra(json!({ "error": error }))
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

impl From<hub::Error> for ApiError {
    fn from(error: hub::Error) -> Self {
        ApiError { status: status(error.kind), code: error.code, message: error.message, extra: error.extra }
    }
}

impl From<inference::Error> for ApiError {
    fn from(error: inference::Error) -> Self {
        ApiError::openai(400, error.message, error.param, None)
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> Self {
        hub::Error::from(error).into()
    }
}

impl From<git2::Error> for ApiError {
    fn from(error: git2::Error) -> Self {
        hub::Error::from(error).into()
    }
}

impl From<std::io::Error> for ApiError {
    fn from(error: std::io::Error) -> Self {
        hub::Error::from(error).into()
    }
}
