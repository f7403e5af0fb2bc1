//! One request as a handler sees it: matched, authenticated, its repository looked up, its body read.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use bytes::Bytes;
use hf_wasm::endpoints::Endpoint;
use serde_json::Value;

use crate::http::app::App;
use crate::http::error::ApiError;
use crate::http::path::PathValues;
use crate::hub::error::Error as HubError;
use crate::hub::{Hub, accounts::Caller, repos::Repo};

#[derive(Debug, Clone)]
pub struct Call {
    pub app: Arc<App>,
    pub hub: Arc<Hub>,
    pub endpoint: &'static Endpoint,
    pub caller: Caller,
    /// The repository that the path names, if it names one. The gate has made sure that the caller may see it and
    /// has what the endpoint asks for.
    pub repo: Option<Repo>,
    pub path: PathValues,
    /// Decoded query, in order; `expand[]` is folded into `expand`.
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Call {
    pub fn repo(&self) -> Result<&Repo, ApiError> {
        self.repo.as_ref().ok_or_else(|| HubError::repo_not_found().into())
    }

    pub fn path_value(&self, name: &str) -> Option<&str> {
        self.path.get(name).map(String::as_str)
    }

    /// The revision in the path; `main` when absent.
    pub fn revision(&self) -> &str {
        self.path_value("revision").unwrap_or("main")
    }

    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a repeated key, comma lists taken apart.
    pub fn query_values(&self, name: &str) -> Vec<&str> {
        self.query.iter().filter(|(key, _)| key == name).flat_map(|(_, value)| value.split(',')).collect()
    }

    pub fn query_flag(&self, name: &str) -> bool {
        matches!(self.query_value(name), Some("true" | "1" | "True"))
    }

    /// A whole number of the query within its bounds.
    pub fn whole(&self, name: &str, default: usize, least: usize, most: usize) -> Result<usize, ApiError> {
        let Some(text) = self.query_value(name) else { return Ok(default) };
        text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
            ApiError::bad_request(format!("Invalid input: {name}: {text}, expected a number from {least} to {most}"))
        })
    }

    /// Media type of the body, without parameters.
    pub fn media_type(&self) -> &str {
        let value = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim()
    }

    /// Whether the caller asks for this media type before any other.
    pub fn accepts(&self, media_type: &str) -> bool {
        let value = self.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split([',', ';']).next().is_some_and(|first| first.trim().eq_ignore_ascii_case(media_type))
    }

    pub fn json(&self) -> Result<Value, ApiError> {
        serde_json::from_slice(&self.body).map_err(|error| ApiError::bad_request(format!("Invalid JSON: {error}")))
    }
}
