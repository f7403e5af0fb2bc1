use std::sync::Arc;

use axum::http::StatusCode;
use emulator::http::app::App;
use serde_json::{Value, json};

use crate::support::{READ, Reply, WRITE, app, send};

pub const CHAT: &str = "/v1/chat/completions";

/// The body of a chat with `emulator/echo`.
pub fn ask(text: &str) -> Value {
    json!({ "model": "emulator/echo", "messages": [{ "role": "user", "content": text }] })
}

pub fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

pub async fn chat(app: &Arc<App>, body: Value) -> Reply {
    send(app, "POST", CHAT, &[WRITE], body).await
}

/// The events of a stream; the last one must be `[DONE]`.
fn events(reply: &Reply) -> Vec<Value> {
    assert_eq!(reply.header("content-type"), "text/event-stream");
    let lines: Vec<&str> = reply.text().split("\n\n").collect();
    assert_eq!(lines[lines.len() - 2..], ["data: [DONE]", ""]);
    lines[..lines.len() - 2]
        .iter()
        .map(|line| serde_json::from_str(line.strip_prefix("data: ").unwrap()).unwrap())
        .collect()
}

fn joined(events: &[Value], member: &str) -> String {
    events.iter().filter_map(|event| event["choices"][0]["delta"][member].as_str()).collect()
}

#[tokio::test]
async fn a_chat_is_answered_whole() {
    let app = app();
    for path in [CHAT, "/router/v1/chat/completions"] {
        let reply = send(&app, "POST", path, &[READ], ask("What is a tensor?")).await;
        assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "application/json"));
        assert_eq!(reply.header("x-inference-provider"), "groq", "the fastest");
        assert_eq!((reply.header("ratelimit"), reply.header("access-control-allow-origin")), ("", &*app.hub.origin));
        let body = reply.json();
        assert_eq!((&body["object"], &body["model"]), (&json!("chat.completion"), &json!("emulator/echo")));
        assert!(body["created"].is_i64() && body["id"].is_string() && body["system_fingerprint"].is_string());
        let choice = &body["choices"][0];
        assert_eq!((&choice["finish_reason"], &choice["message"]["role"]), (&json!("stop"), &json!("assistant")));
        assert!(choice["message"]["content"].as_str().unwrap().contains("“What is a tensor?”"));
        let usage = &body["usage"];
        let sum = usage["prompt_tokens"].as_u64().unwrap() + usage["completion_tokens"].as_u64().unwrap();
        assert_eq!(usage["total_tokens"], sum);
    }
}

#[tokio::test]
async fn a_stream_says_the_same_in_pieces() {
    let app = app();
    let question = ask("Grüße an alle, 日本語 🙂!");
    let whole = chat(&app, question.clone()).await.json();
    let more = json!({ "stream": true, "stream_options": { "include_usage": true }, "n": 1 });
    let events = events(&chat(&app, with(question, more)).await);
    assert!(events.len() > 20);
    assert_eq!(joined(&events, "content"), whole["choices"][0]["message"]["content"].as_str().unwrap());
    assert_eq!(events[0]["choices"][0]["delta"], json!({ "role": "assistant", "content": "" }));
    assert_eq!(events[events.len() - 2]["choices"][0]["finish_reason"], "stop");
    let last = events.last().unwrap();
    assert_eq!((&last["choices"], &last["usage"]), (&json!([]), &whole["usage"]));
    assert!(events.iter().all(|event| event["id"] == events[0]["id"]));
}

#[tokio::test]
async fn tools_are_called_when_asked_for() {
    let app = app();
    let tools = json!({ "tools": [{ "type": "function", "function": {
        "name": "get_weather", "description": "Current weather of a city",
        "parameters": { "type": "object", "required": ["city"], "properties": { "city": { "type": "string" } } } } }] });
    let asked = with(ask("What is the weather in Oslo?"), tools.clone());
    let body = chat(&app, asked.clone()).await.json();
    let message = &body["choices"][0]["message"];
    assert_eq!((&body["choices"][0]["finish_reason"], &message["content"]), (&json!("tool_calls"), &Value::Null));
    let call = &message["tool_calls"][0];
    assert_eq!((&call["type"], &call["function"]["name"]), (&json!("function"), &json!("get_weather")));
    assert_eq!(call["function"]["arguments"], "{\"city\":\"Oslo\"}");

    let events = events(&chat(&app, with(asked.clone(), json!({ "stream": true }))).await);
    let pieces: Vec<&Value> =
        events.iter().filter_map(|event| event["choices"][0]["delta"]["tool_calls"].get(0)).collect();
    assert!(pieces.len() > 3 && pieces[0]["id"].is_string() && pieces[1].get("id").is_none());
    let arguments: String = pieces.iter().filter_map(|piece| piece["function"]["arguments"].as_str()).collect();
    assert_eq!(arguments, "{\"city\":\"Oslo\"}");

    let none = chat(&app, with(asked.clone(), json!({ "tool_choice": "none" }))).await.json();
    assert!(none["choices"][0]["message"]["content"].is_string());
    let required = with(with(ask("Hello"), tools.clone()), json!({ "tool_choice": "required" }));
    assert_eq!(chat(&app, required).await.json()["choices"][0]["finish_reason"], "tool_calls");
    let plain = chat(&app, with(ask("Hello"), tools.clone())).await.json();
    assert_eq!(plain["choices"][0]["finish_reason"], "stop");

    let answered = json!({ "model": "emulator/echo", "messages": [
        { "role": "user", "content": "What is the weather in Oslo?" },
        { "role": "assistant", "content": null, "tool_calls": [call] },
        { "role": "tool", "tool_call_id": call["id"], "content": "rain" } ] });
    let text = chat(&app, with(answered, tools)).await.json()["choices"][0]["message"]["content"].clone();
    assert_eq!(text, "The tool get_weather answered: rain");
}

#[tokio::test]
async fn a_script_is_followed() {
    let app = app();
    let body = json!({ "model": "emulator/scripted", "messages": [{ "role": "user", "content": "Go" }] });
    let refused = chat(&app, body.clone()).await;
    assert_eq!((refused.status, &refused.json()["error"]["param"]), (StatusCode::BAD_REQUEST, &json!("messages")));
    let script = json!([{ "reasoning": "Both.", "calls": [
        { "name": "a", "arguments": { "x": 1 } }, { "name": "b", "arguments": "{\"y\": \"cut" }], "finish": "length" }]);
    let set = send(&app, "POST", "/_emulator/script", &[], script.clone()).await;
    assert_eq!((set.status, &set.json()[0]["finish"]), (StatusCode::OK, &json!("length")));

    let whole = chat(&app, body.clone()).await.json();
    let calls = whole["choices"][0]["message"]["tool_calls"].as_array().unwrap();
    let called: Vec<_> = calls.iter().map(|call| (&call["function"]["name"], &call["function"]["arguments"])).collect();
    assert_eq!(called, [(&json!("a"), &json!("{\"x\":1}")), (&json!("b"), &json!("{\"y\": \"cut"))]);
    assert_ne!(calls[0]["id"], calls[1]["id"]);
    assert_eq!(whole["choices"][0]["finish_reason"], "length");

    let events = events(&chat(&app, with(body.clone(), json!({ "stream": true }))).await);
    let pieces = events.iter().filter_map(|event| event["choices"][0]["delta"]["tool_calls"].get(0));
    let second: String = pieces
        .filter(|piece| piece["index"] == 1)
        .filter_map(|piece| piece["function"]["arguments"].as_str())
        .collect();
    assert_eq!((second.as_str(), joined(&events, "reasoning_content").as_str()), ("{\"y\": \"cut", "Both."));

    let system = json!({ "role": "system", "content": json!([{ "text": "Mine" }]).to_string() });
    let own = with(body, json!({ "messages": [system, { "role": "user", "content": "Go" }] }));
    assert_eq!(chat(&app, own).await.json()["choices"][0]["message"]["content"], "Mine");
    assert_eq!(send(&app, "POST", "/_emulator/script", &[], json!([{ "says": "x" }])).await.status, 400);
}

#[tokio::test]
async fn a_schema_is_satisfied() {
    let app = app();
    let schema = json!({ "type": "object", "additionalProperties": false, "required": ["name", "age", "tags"], "properties": {
        "name": { "type": "string" }, "age": { "type": "integer", "minimum": 0 },
        "tags": { "type": "array", "items": { "enum": ["a", "b"] }, "minItems": 1 } } });
    let older = json!({ "response_format": { "type": "json_object", "value": schema } });
    let format =
        json!({ "response_format": { "type": "json_schema", "json_schema": { "name": "x", "schema": schema } } });
    for format in [format, older] {
        let body = chat(&app, with(ask("Her name is Ada Lovelace, 36 years old."), format)).await.json();
        let said: Value = serde_json::from_str(body["choices"][0]["message"]["content"].as_str().unwrap()).unwrap();
        assert_eq!(said, json!({ "name": "Ada Lovelace", "age": 36, "tags": ["a"] }));
    }
    let object = chat(&app, with(ask("hi"), json!({ "response_format": { "type": "json_object" } }))).await.json();
    assert!(
        serde_json::from_str::<Value>(object["choices"][0]["message"]["content"].as_str().unwrap())
            .unwrap()
            .is_object()
    );
}

#[tokio::test]
async fn an_answer_ends_where_it_is_told_to() {
    let app = app();
    let choice = |more: Value| {
        let (app, body) = (app.clone(), with(ask("Repeat: one two three four"), more));
        async move { chat(&app, body).await.json()["choices"].clone() }
    };
    let cut = choice(json!({ "max_tokens": 2 })).await;
    assert_eq!((&cut[0]["message"]["content"], &cut[0]["finish_reason"]), (&json!("one two"), &json!("length")));
    for stop in [json!(" three"), json!(["x", " three"])] {
        let stopped = choice(json!({ "stop": stop })).await;
        assert_eq!(
            (&stopped[0]["message"]["content"], &stopped[0]["finish_reason"]),
            (&json!("one two"), &json!("stop"))
        );
    }
    let two = choice(json!({ "n": 2, "logprobs": true, "top_logprobs": 1 })).await;
    assert_eq!((two.as_array().unwrap().len(), &two[1]["index"]), (2, &json!(1)));
    assert_eq!(two[0]["logprobs"]["content"][0]["token"], "one");
}

#[tokio::test]
async fn errors_have_the_recorded_shapes() {
    let app = app();
    let error = |status: StatusCode, reply: Reply| (status, reply.json()["error"]["code"].clone());
    let unknown = chat(&app, with(ask("hi"), json!({ "model": "acme/none" }))).await;
    assert_eq!(error(unknown.status, unknown), (StatusCode::NOT_FOUND, json!("model_not_found")));
    let unserved = chat(&app, with(ask("hi"), json!({ "model": "emulator/echo:cohere" }))).await;
    assert_eq!(
        unserved.json()["error"],
        json!({
        "message": "The requested model 'emulator/echo' is not supported by any provider you have enabled.",
        "type": "invalid_request_error", "param": "model", "code": "model_not_supported" })
    );
    assert_eq!(unserved.status, 400);
    for body in [
        json!({ "model": "emulator/echo" }),
        json!({ "model": "emulator/echo", "messages": [] }),
        with(ask("hi"), json!({ "n": 0 })),
    ] {
        let reply = chat(&app, body).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["error"]["type"]), (400, &json!("invalid_request_error")));
    }
    assert_eq!(send(&app, "POST", CHAT, &[], ask("hi")).await.status, 401);
    let expired = send(&app, "POST", CHAT, &[("authorization", "Bearer hf_emulator_expired")], ask("hi")).await;
    assert_eq!(expired.json(), json!({ "error": "Invalid credentials in Authorization header" }));
    assert_eq!(send(&app, "POST", "/v1/embeddings", &[WRITE], json!({ "input": "x" })).await.status, 404);
}
