//! The one place where the laws touch how a call fails and is repeated.

use std::time::{Duration, UNIX_EPOCH};

use hf_wasm::core::error_body::ErrorBody;
use hf_wasm::core::failure::{ErrorKind, Failure};
use hf_wasm::core::headers::Headers;
use hf_wasm::core::reply::{self, Asked, Sent};
use hf_wasm::core::retry::{self, RetryPolicy};
use hf_wasm::endpoints::Repeat;
use hf_wasm::endpoints::models::MODEL_INFO;

/// A reply that is no success.
#[derive(Debug, Clone, Default)]
pub struct Refusal {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Headers for Refusal {
    fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())
    }
}

/// What the core makes of a refusal at a time in milliseconds since 1970.
pub fn failure(refusal: &Refusal, now: f64) -> Box<Failure> {
    let parsed = serde_json::from_str::<serde_json::Value>(&refusal.body);
    let said = parsed.map(|body| ErrorBody::read(&body)).unwrap_or_default();
    let asked = Asked { endpoint: &MODEL_INFO, sent: Sent::Token, subject: "" };
    reply::failure(asked, refusal.status, refusal, &refusal.body, said, now, date)
}

/// What the core makes of no response at all, and of none in time.
pub fn no_answer(in_time: bool) -> Box<Failure> {
    Failure::new(if in_time { ErrorKind::Network } else { ErrorKind::Timeout }, "")
}

/// How long the core waits before it sends again. `random` is in 0..1.
pub fn delay(
    policy: RetryPolicy,
    repeat: Repeat,
    failure: &Failure,
    attempt: u32,
    elapsed: f64,
    random: f64,
) -> Option<f64> {
    retry::delay(policy, repeat, failure, attempt, elapsed, random)
}

/// The runtime's reading of a date.
pub fn date(text: &str) -> Option<f64> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(since.as_millis() as f64)
}

/// A date as headers name it.
pub fn http_date(seconds: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}
