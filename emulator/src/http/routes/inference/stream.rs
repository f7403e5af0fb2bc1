//! A chat completion as server-sent events: one `data:` line and an empty line each, `[DONE]` at the end.

use axum::body::Body;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::response::ApiResponse;
use crate::inference::completion::Completion;
use crate::inference::echo;
use crate::inference::request::Request;
use crate::json::set;

pub fn response(call: &Call, request: &Request, completion: &Completion, provider: &str) -> ApiResponse {
    let delay = call.app.inference.token_delay;
    let body = stream::iter(events(request, completion)).then(move |event| async move {
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        Ok::<_, std::convert::Infallible>(event)
    });
    ApiResponse::bytes("text/event-stream", Body::from_stream(body))
        .header("cache-control", "no-cache")
        .header("x-inference-provider", provider)
}

fn events(request: &Request, completion: &Completion) -> Vec<String> {
    let event = |value: Value| format!("data: {value}\n\n");
    let mut events = Vec::new();
    for index in 0..request.answers() {
        for (delta, logprobs) in deltas(request, completion, index) {
            let mut choice = json!({ "index": index, "delta": delta, "finish_reason": null });
            if let Some(logprobs) = logprobs {
                set(&mut choice, "logprobs", logprobs);
            }
            events.push(event(completion.chunk(vec![choice])));
        }
        let end = json!({ "index": index, "delta": {}, "finish_reason": completion.said.finish });
        events.push(event(completion.chunk(vec![end])));
    }
    if request.include_usage() {
        let mut last = completion.chunk(Vec::new());
        set(&mut last, "usage", completion.usage());
        events.push(event(last));
    }
    events.push("data: [DONE]\n\n".to_owned());
    events
}

/// What each event adds, with its log probabilities if they are wanted.
fn deltas(request: &Request, completion: &Completion, index: usize) -> Vec<(Value, Option<Value>)> {
    let said = &completion.said;
    let mut deltas = vec![(json!({ "role": "assistant", "content": "" }), None)];
    for piece in said.reasoning.iter().flat_map(|text| echo::pieces(text)) {
        deltas.push((json!({ "reasoning_content": piece }), None));
    }
    for piece in said.text.iter().flat_map(|text| echo::pieces(text)) {
        let logprobs = request.logprobs().map(|alternatives| echo::logprobs(&piece, alternatives));
        deltas.push((json!({ "content": piece }), logprobs));
    }
    for (at, call) in said.calls.iter().enumerate() {
        let function = json!({ "name": call.name, "arguments": "" });
        let begin =
            json!({ "index": at, "id": completion.call_id(index, at), "type": "function", "function": function });
        deltas.push((json!({ "tool_calls": [begin] }), None));
        for piece in echo::pieces(&call.arguments) {
            let more = json!({ "index": at, "function": { "arguments": piece } });
            deltas.push((json!({ "tool_calls": [more] }), None));
        }
    }
    deltas
}
