//! An answer of the emulator as the core reads it.

use axum::body::{Body, to_bytes};
use axum::http::{self, HeaderMap};
use hf_wasm::core::failure::{ErrorKind, Failure};
use hf_wasm::core::headers::Headers;
use hf_wasm::core::io::{CallError, Read, Reply, Response};
use serde_json::Value;

#[derive(Debug)]
pub struct EmulatorReply {
    status: u16,
    headers: HeaderMap,
    /// None once it was read.
    body: Option<Body>,
    bytes: Vec<u8>,
    value: Value,
}

impl EmulatorReply {
    pub fn new(response: http::Response<Body>) -> EmulatorReply {
        let (parts, body) = response.into_parts();
        EmulatorReply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: Some(body),
            bytes: Vec::new(),
            value: Value::Null,
        }
    }

    /// The body that [`Read::Nothing`] left unread.
    pub fn into_body(self) -> Body {
        self.body.unwrap()
    }
}

impl Headers for EmulatorReply {
    fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.get(name)?.to_str().ok()?.to_owned())
    }
}

impl Reply for EmulatorReply {
    type Value = Value;

    fn value(&self) -> &Value {
        &self.value
    }

    fn into_value(self) -> Value {
        self.value
    }

    fn bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }
}

impl Response for EmulatorReply {
    fn status(&self) -> u16 {
        self.status
    }

    fn expect_size(&mut self, _: u64) {}

    async fn read(&mut self, read_mode: Read) -> Result<(), CallError> {
        if read_mode == Read::Nothing {
            return Ok(());
        }
        let body = self.body.take().unwrap_or_default();
        let broken = |_| Failure::new(ErrorKind::Network, "the connection broke");
        self.bytes = to_bytes(body, usize::MAX).await.map_err(broken)?.to_vec();
        self.value = match read_mode {
            Read::Json => {
                serde_json::from_slice(&self.bytes).map_err(|_| Failure::protocol("the response is not JSON"))?
            }
            Read::Text => String::from_utf8_lossy(&self.bytes).into(),
            Read::Bytes | Read::Blob | Read::Image | Read::Nothing | Read::Head => Value::Null,
        };
        Ok(())
    }

    fn parse(&self, text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }
}
