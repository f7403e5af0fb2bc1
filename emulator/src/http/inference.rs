//! How the router serves chat.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::hub::error::Error;
use crate::inference::scripted::Turn;

/// What `emulator/scripted` follows.
type Script = Option<Arc<[Turn]>>;

#[derive(Debug)]
pub struct Inference {
    /// URL of an OpenAI-compatible server that answers chat in place of the programs.
    pub upstream: Option<String>,
    /// Pause before each token of a streamed chat.
    pub token_delay: Duration,
    pub client: reqwest::Client,
    /// For conversations that bring none of their own.
    script: Mutex<Script>,
}

impl Inference {
    pub fn new(upstream: Option<String>, token_delay: Duration) -> Result<Inference, Error> {
        if let Some(address) = upstream.as_ref().filter(|address| !address.starts_with("http://")) {
            return Err(Error::invalid(format!("The upstream must be an http:// URL: {address}")));
        }
        let upstream = upstream.map(|address| address.trim_end_matches('/').trim_end_matches("/v1").to_owned());
        Ok(Inference { upstream, token_delay, client: reqwest::Client::new(), script: Mutex::default() })
    }

    pub fn script(&self) -> Script {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_script(&self, script: Script) {
        *self.script.lock().unwrap_or_else(PoisonError::into_inner) = script;
    }
}
