//! A chat, streamed: the emulator's bytes through the core's decoder, whole and cut short.

use axum::body::to_bytes;
use hf_wasm::core::headers::Headers;
use hf_wasm::core::sse::ChatEvents;
use hf_wasm::endpoints::inference::CHAT_COMPLETION;
use serde_json::{Value, json};

use crate::calls::{app, json, send, writer};

fn question() -> Value {
    json!({ "model": "emulator/echo", "messages": [{ "role": "user", "content": "Say what I say, word by word." }] })
}

async fn bytes() -> Vec<u8> {
    let app = app();
    let mut io = writer(&app, &CHAT_COMPLETION);
    let mut params = question();
    params["stream"] = true.into();
    params["stream_options"] = json!({ "include_usage": true });
    let reply = send(&mut io, &CHAT_COMPLETION, params).await.unwrap();
    assert!(reply.header("content-type").unwrap().starts_with("text/event-stream"));
    to_bytes(reply.into_body(), usize::MAX).await.unwrap().to_vec()
}

#[tokio::test]
async fn a_stream_says_what_the_whole_answer_says() {
    let bytes = bytes().await;
    let app = app();
    let whole = json(&mut writer(&app, &CHAT_COMPLETION), &CHAT_COMPLETION, question()).await;
    let expected = whole["choices"][0]["message"]["content"].as_str().unwrap();
    for size in [1, 7, bytes.len()] {
        let mut events = ChatEvents::default();
        let mut chunks: Vec<Value> = Vec::new();
        for piece in bytes.chunks(size) {
            chunks.extend(events.push(piece).iter().map(|text| serde_json::from_slice::<Value>(text).unwrap()));
        }
        assert!(events.done() && events.finish().is_empty());
        let said: String = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
        assert_eq!(said, expected, "in pieces of {size} bytes");
        assert_eq!(chunks.last().unwrap()["usage"], whole["usage"]);
    }
}

#[tokio::test]
async fn a_stream_that_is_cut_short_does_not_say_that_it_is_done() {
    let bytes = bytes().await;
    let mut events = ChatEvents::default();
    events.push(&bytes[..bytes.len() / 2]);
    events.finish();
    assert!(!events.done());
}
