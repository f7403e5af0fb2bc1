use std::time::{Duration, Instant};

use emulator::hub::Options;
use emulator::server::Server;
use emulator::www::Folders;
use serde_json::json;

async fn start() -> Server {
    Server::start(0, 0, Options::default(), Folders::default()).await.unwrap()
}

async fn add_fault(client: &reqwest::Client, origin: &str, rule: serde_json::Value) {
    let request = client.post(format!("{origin}/_emulator/faults")).header("x-emulator-control", "1");
    request.json(&rule).send().await.unwrap().error_for_status().unwrap();
}

#[tokio::test]
async fn addresses_are_those_that_were_bound() {
    let server = start().await;
    let origin = server.hub.origin.clone();
    let page = reqwest::get(format!("{origin}/api/models?limit=1")).await.unwrap();
    assert!(page.headers()["link"].to_str().unwrap().starts_with(&format!("<{origin}/api/models?")));
    assert_ne!(origin, server.hub.cdn_origin);
    server.stop().await;
    assert!(reqwest::get(format!("{origin}/_emulator")).await.is_err());
}

#[tokio::test]
async fn a_cut_body_breaks_the_connection() {
    let server = start().await;
    let origin = &server.hub.origin;
    let client = reqwest::Client::new();
    for (path, body) in [
        ("/api/models?limit=20", None),
        (
            "/v1/chat/completions",
            Some(
                json!({ "model": "emulator/echo", "stream": true, "messages": [{ "role": "user", "content": "hi" }] }),
            ),
        ),
    ] {
        let rule = json!({ "path": path.split('?').next(), "cut_after_bytes": 100, "count": 1 });
        add_fault(&client, origin, rule).await;
        let request = match body {
            None => client.get(format!("{origin}{path}")),
            Some(body) => client.post(format!("{origin}{path}")).bearer_auth("hf_emulator_write").json(&body),
        };
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), 200);
        assert!(reply.bytes().await.is_err(), "{path}");
    }
    let rule = json!({ "path": "/api/whoami-v2", "no_answer": true });
    add_fault(&client, origin, rule).await;
    let unanswered = client.get(format!("{origin}/api/whoami-v2")).bearer_auth("hf_emulator_write").send().await;
    assert!(unanswered.unwrap_err().is_request());
    server.stop().await;
}

#[tokio::test]
async fn a_stalled_body_does_not_keep_the_server_from_stopping() {
    let server = start().await;
    let origin = server.hub.origin.clone();
    server
        .hub
        .door
        .faults
        .add(vec![serde_json::from_value(json!({ "path": "/api/models", "stall_after_bytes": 10 })).unwrap()])
        .unwrap();
    let stalled = reqwest::get(format!("{origin}/api/models")).await.unwrap();
    let waiting = tokio::spawn(stalled.bytes());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished());
    let asked = Instant::now();
    server.stop().await;
    assert!(asked.elapsed() < Duration::from_secs(5));
    waiting.abort();
}

#[tokio::test]
async fn the_log_sees_a_caller_that_goes_away() {
    let options = Options { token_delay: Duration::from_millis(20), ..Options::default() };
    let server = Server::start(0, 0, options, Folders::default()).await.unwrap();
    let origin = &server.hub.origin;
    let body = json!({ "model": "emulator/echo", "stream": true, "messages": [{ "role": "user", "content": "hi" }] });
    let request = reqwest::Client::new().post(format!("{origin}/v1/chat/completions")).bearer_auth("hf_emulator_write");
    let mut reply = request.json(&body).send().await.unwrap();
    assert!(reply.chunk().await.unwrap().unwrap().starts_with(b"data: {"));
    drop(reply);
    let broken = || server.hub.door.log.since(0).iter().any(|entry| entry.body == "broken");
    let asked = Instant::now();
    while !broken() && asked.elapsed() < Duration::from_secs(5) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(broken());
    server.stop().await;
}
