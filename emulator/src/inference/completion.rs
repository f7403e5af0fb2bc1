//! A chat completion as it is written, whole or in chunks.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

use super::echo::{self, Said};
use super::request::Request;
use crate::json::set;

const FINGERPRINT: &str = "emulator-echo";

pub struct Completion {
    id: String,
    created: i64,
    model: String,
    pub said: Said,
    pub prompt_tokens: usize,
    pub completion_tokens: usize,
}

impl Completion {
    /// What `said` is to the model named, at a time in milliseconds.
    pub fn new(request: &Request, model: &str, said: Said, now: i64) -> Completion {
        Completion {
            id: format!("chatcmpl-{}", draw(now)),
            created: now / 1000,
            model: model.to_owned(),
            prompt_tokens: echo::prompt_tokens(request),
            completion_tokens: echo::completion_tokens(&said) * request.answers(),
            said,
        }
    }

    pub fn whole(&self, request: &Request) -> Value {
        let choices: Vec<Value> = (0..request.answers())
            .map(|index| {
                json!({
                    "index": index,
                    "message": self.message(index),
                    "logprobs": self.logprobs(request),
                    "finish_reason": self.said.finish,
                })
            })
            .collect();
        let mut whole = self.frame("chat.completion", choices);
        set(&mut whole, "usage", self.usage());
        whole
    }

    /// One event of a stream.
    pub fn chunk(&self, choices: Vec<Value>) -> Value {
        self.frame("chat.completion.chunk", choices)
    }

    pub fn usage(&self) -> Value {
        json!({
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.prompt_tokens + self.completion_tokens,
        })
    }

    /// Id of a call in the answer of that index.
    pub fn call_id(&self, index: usize, call: usize) -> String {
        format!("call_{}{index}{call}", self.id.trim_start_matches("chatcmpl-"))
    }

    fn frame(&self, object: &str, choices: Vec<Value>) -> Value {
        json!({
            "id": self.id,
            "object": object,
            "created": self.created,
            "model": self.model,
            "system_fingerprint": FINGERPRINT,
            "choices": choices,
        })
    }

    fn message(&self, index: usize) -> Value {
        let mut message = json!({ "role": "assistant", "content": self.said.text });
        if let Some(reasoning) = &self.said.reasoning {
            set(&mut message, "reasoning_content", reasoning.as_str());
        }
        if !self.said.calls.is_empty() {
            let calls = self.said.calls.iter().enumerate().map(|(at, call)| {
                let function = json!({ "name": call.name, "arguments": call.arguments });
                json!({ "id": self.call_id(index, at), "type": "function", "function": function })
            });
            set(&mut message, "tool_calls", calls.collect::<Vec<_>>());
        }
        message
    }

    fn logprobs(&self, request: &Request) -> Value {
        match (request.logprobs(), &self.said.text) {
            (Some(alternatives), Some(text)) => echo::logprobs(text, alternatives),
            _ => Value::Null,
        }
    }
}

/// 24 hex digits that no other answer has.
fn draw(now: i64) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let hash = hex::encode(Sha256::digest(format!("{now}/{count}")));
    hash.get(..24).unwrap_or_default().to_owned()
}
