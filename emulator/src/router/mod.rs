//! The inference router: chat, models, embeddings, images.
//!
//! The models are small deterministic programs, named for what they are; a model of the Hub that some provider serves
//! is answered by the program of its task. What providers a model has, says its repository.

use std::time::Duration;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::refusal::Refusal;
use crate::table::Route;

mod catalogue;
mod chat;
mod completion;
mod credits;
mod echo;
mod embeddings;
mod gradient;
mod hash_embedding;
mod images;
mod models;
mod request;
mod schema;
mod stream;
mod task;
mod tokens;
mod upstream;

pub use credits::SCHEMA;

/// How the router answers.
#[derive(Debug)]
pub struct Inference {
    /// Address of an OpenAI-compatible server that answers chat in place of the programs.
    pub upstream: Option<String>,
    /// Pause before each token of a streamed chat.
    pub token_delay: Duration,
    pub client: reqwest::Client,
}

impl Inference {
    pub fn new(upstream: Option<String>, token_delay: Duration) -> Result<Inference, Refusal> {
        if let Some(address) = upstream.as_ref().filter(|address| !address.starts_with("http://")) {
            return Err(Refusal::bad_request(format!("The upstream must be an http:// address: {address}")));
        }
        let upstream = upstream.map(|address| address.trim_end_matches('/').trim_end_matches("/v1").to_owned());
        Ok(Inference { upstream, token_delay, client: reqwest::Client::new() })
    }
}

pub fn routes() -> Vec<Route> {
    [chat::routes(), models::routes(), embeddings::routes(), images::routes(), task::routes()].concat()
}

/// JSON as the router sends it: without a charset.
fn json_answer(value: &Value, provider: &str) -> Answer {
    Answer::bytes("application/json", value.to_string()).header("x-inference-provider", provider)
}

/// An error in the shape of OpenAI's.
fn invalid(status: u16, message: impl Into<String>, param: Option<&str>, code: Option<&str>) -> Refusal {
    let message = message.into();
    let error = json!({ "message": message, "type": "invalid_request_error", "param": param, "code": code });
    Refusal::new(status, message).extra(json!({ "error": error }))
}
