//! An outside for tests of code that needs none: it parses, and sends nothing.

use std::cell::RefCell;

use super::headers::Headers;
use super::io::{CallError, Files, Io, Notice, Outgoing, Read, Reply, Response, Sha256, Urls};
use super::rate_limit::RateLimits;

pub struct NoIo;
pub struct NoReply;

impl Headers for NoReply {
    fn header(&self, _: &str) -> Option<String> {
        None
    }
}

impl Reply for NoReply {
    type Value = serde_json::Value;

    fn value(&self) -> &serde_json::Value {
        &serde_json::Value::Null
    }

    fn into_value(self) -> serde_json::Value {
        serde_json::Value::Null
    }

    fn bytes(&self) -> Vec<u8> {
        Vec::new()
    }
}

impl Response for NoReply {
    fn status(&self) -> u16 {
        0
    }

    fn expect_size(&mut self, _: u64) {}

    async fn read(&mut self, _: Read) -> Result<(), CallError> {
        Err(CallError::Aborted)
    }

    fn parse(&self, text: &str) -> Option<serde_json::Value> {
        serde_json::from_str(text).ok()
    }
}

impl Urls for NoIo {
    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
        let url = match base {
            Some(base) => url::Url::parse(base).ok()?.join(target).ok()?,
            None => url::Url::parse(target).ok()?,
        };
        Some((url.to_string(), url.origin().ascii_serialization()))
    }
}

impl Files for NoIo {
    async fn read(&self, _: usize, _: u64, _: u64) -> Result<Vec<u8>, CallError> {
        Err(CallError::Aborted)
    }

    async fn sha1(&self, _: &[u8]) -> Result<Option<Vec<u8>>, CallError> {
        Ok(None)
    }

    async fn sha256(&self) -> Result<Box<dyn Sha256>, CallError> {
        Err(CallError::Aborted)
    }
}

impl Io for NoIo {
    type Reply = NoReply;

    fn date(text: &str) -> Option<f64> {
        let date = httpdate::parse_http_date(text).ok()?;
        Some(date.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?.as_millis() as f64)
    }

    fn endpoint(&self) -> &str {
        ""
    }

    fn origin(&self) -> &str {
        ""
    }

    async fn token(&self) -> Result<Option<String>, CallError> {
        Ok(None)
    }

    async fn send(&self, _: Outgoing<'_>) -> Result<NoReply, CallError> {
        Err(CallError::Aborted)
    }

    async fn wait(&self, _: f64) -> Result<(), CallError> {
        Err(CallError::Aborted)
    }

    fn now(&self) -> f64 {
        0.0
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn limits(&self) -> &RefCell<RateLimits> {
        unreachable!("nothing is sent")
    }

    fn notify(&self, _: Notice<'_>) {}
}
