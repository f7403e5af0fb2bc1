//! Options of a client and of its calls, and what they mean for one call.

use std::rc::Rc;

use super::io::Read;
use super::retry::RetryPolicy;
use crate::endpoints::Host;

/// Milliseconds from a request to the head of its response, by default; a model may take its time.
const HEADERS: f64 = 60_000.0;
const HEADERS_ROUTER: f64 = 300_000.0;
/// Milliseconds between two pieces of a response, by default.
pub const IDLE: f64 = 60_000.0;
/// Bytes of a response that is parsed, by default.
const MAX_BYTES: f64 = 33_554_432.0;
/// Bytes of a response that is read for a message, or for nothing.
const MAX_TEXT_BYTES: f64 = 1_048_576.0;
/// Bytes of a body that is read at once, for each piece costs as much as many bytes.
const AT_ONCE: f64 = 65_536.0;

/// What clients and calls have in common.
#[derive(Debug, Default)]
pub struct CommonOptions {
    pub timeout: Timeouts,
    /// Bytes of a response at most.
    pub max_bytes: Option<f64>,
    pub retry: Option<RetryOptions>,
    /// Names are in lower case.
    pub headers: Vec<(String, String)>,
}

/// Limits of time, in milliseconds.
#[derive(Debug, Default)]
pub struct Timeouts {
    /// From a request to the head of its response.
    pub headers: Option<f64>,
    /// Between two pieces of a response.
    pub idle: Option<f64>,
    /// The whole call.
    pub total: Option<f64>,
}

/// How failed requests are sent again; what is absent is the usual.
#[derive(Debug, Clone, Copy, Default)]
pub struct RetryOptions {
    pub attempts: Option<f64>,
    pub max_delay: Option<f64>,
    pub max_elapsed: Option<f64>,
}

/// The options of a client. Functions stay with JavaScript.
#[derive(Debug, Default)]
pub struct ClientOptions {
    pub common: CommonOptions,
    /// Without a slash at its end.
    pub base_url: String,
    pub origin: String,
    pub token: Option<String>,
    pub is_token_function: bool,
    pub pace: bool,
    /// The runtime shows no redirect, and follows it.
    pub follows_redirects: bool,
    /// Whether there is a hook for responses, and one for retries.
    pub on_response: bool,
    pub on_retry: bool,
}

/// The options of one call.
#[derive(Debug, Default)]
pub struct CallOptions {
    pub common: CommonOptions,
    /// Whether there is a hook for progress.
    pub on_progress: bool,
}

/// What holds for one call: its own options, and over what they leave open, those of its client.
#[derive(Debug)]
pub struct Options {
    pub client: Rc<ClientOptions>,
    pub own: CallOptions,
}

impl Options {
    /// Milliseconds from a request to the head of its response.
    pub fn headers_timeout(&self, host: Host) -> f64 {
        let usual = if host == Host::Router { HEADERS_ROUTER } else { HEADERS };
        self.own.common.timeout.headers.or(self.client.common.timeout.headers).unwrap_or(usual)
    }

    /// Milliseconds between two pieces of a response.
    pub fn idle(&self) -> f64 {
        self.given_idle().unwrap_or(IDLE)
    }

    fn given_idle(&self) -> Option<f64> {
        self.own.common.timeout.idle.or(self.client.common.timeout.idle)
    }

    /// Milliseconds of the whole call.
    pub fn total(&self) -> f64 {
        self.own.common.timeout.total.or(self.client.common.timeout.total).unwrap_or(f64::INFINITY)
    }

    /// How failed requests are sent again. A list goes on after a rate-limit window, unless the caller says otherwise.
    pub fn retry(&self, of_list: bool) -> RetryPolicy {
        let given = self.own.common.retry.or(self.client.common.retry).unwrap_or_default();
        let usual = RetryPolicy::default();
        let max_elapsed = if of_list { RetryPolicy::LIST_ELAPSED } else { usual.max_elapsed };
        RetryPolicy {
            attempts: given.attempts.map_or(usual.attempts, |attempts| attempts as u32),
            max_delay: given.max_delay.unwrap_or(usual.max_delay),
            max_elapsed: given.max_elapsed.unwrap_or(max_elapsed).min(self.total()),
        }
    }

    /// Bytes of a response, at most.
    pub fn max_bytes(&self, read: Read) -> f64 {
        let given = self.own.common.max_bytes.or(self.client.common.max_bytes);
        match read {
            Read::Text => MAX_TEXT_BYTES,
            Read::Bytes | Read::Blob | Read::Image => given.unwrap_or(f64::INFINITY),
            Read::Json | Read::Nothing | Read::Head => given.unwrap_or(MAX_BYTES),
        }
    }

    /// Bytes of a body that may be read at once. A caller who limits the time between two pieces has each of them watched.
    pub fn at_once(&self) -> f64 {
        if self.given_idle().is_some() { 0.0 } else { AT_ONCE }
    }

    /// The caller's own headers: the client's, and over them the call's. They go only to the endpoint's own origin, for
    /// they may hold a secret.
    pub fn headers(&self) -> impl Iterator<Item = &(String, String)> {
        self.client.common.headers.iter().chain(&self.own.common.headers)
    }
}
