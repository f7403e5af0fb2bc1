use std::time::{Duration, Instant};

use emulator::http::app::Options;
use emulator::http::server::Server;
use emulator::http::www::Folders;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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
    let origin = server.app.hub.origin.clone();
    let page = reqwest::get(format!("{origin}/api/models?limit=1")).await.unwrap();
    assert!(page.headers()["link"].to_str().unwrap().starts_with(&format!("<{origin}/api/models?")));
    assert_ne!(origin, server.app.hub.cdn_origin);
    server.stop().await;
    assert!(reqwest::get(format!("{origin}/_emulator")).await.is_err());
}

/// Reads the head of a response, and the body that it announces.
async fn read_response(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    loop {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        text.extend_from_slice(&bytes[..count]);
        let seen = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = seen.split_once("\r\n\r\n") else {
            assert!(count > 0, "the connection was closed: {seen}");
            continue;
        };
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")).map(|text| text.parse().unwrap());
        if count == 0 || length.is_some_and(|length: usize| body.len() >= length) {
            return seen;
        }
    }
}

#[tokio::test]
async fn what_is_answered_before_its_body_was_read_leaves_the_connection_whole() {
    let server = start().await;
    let host = server.app.hub.origin.strip_prefix("http://").unwrap();
    for (path, token, status) in [
        ("/api/repos/create", "hf_emulator_expired", 401),
        ("/api/no/such/route", "hf_emulator_write", 404),
        ("/api/models/acme/none/preupload/main", "hf_emulator_write", 404),
    ] {
        let mut stream = TcpStream::connect(host).await.unwrap();
        for _ in 0..2 {
            let body = "x".repeat(100_000);
            let head = format!(
                "POST {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
            stream.write_all(body.as_bytes()).await.unwrap();
            let response = read_response(&mut stream).await;
            assert!(response.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {response}");
        }
    }
    // A body that never comes is not waited for.
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!("POST /api/no/such/route HTTP/1.1\r\nhost: {host}\r\ncontent-length: 10\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let response = read_response(&mut stream).await;
    assert!(response.to_ascii_lowercase().contains("connection: close"), "{response}");
    server.stop().await;
}

#[tokio::test]
async fn a_cut_body_breaks_the_connection() {
    let server = start().await;
    let origin = &server.app.hub.origin;
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
    let origin = server.app.hub.origin.clone();
    server
        .app
        .gate
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
    let origin = &server.app.hub.origin;
    let body = json!({ "model": "emulator/echo", "stream": true, "messages": [{ "role": "user", "content": "hi" }] });
    let request = reqwest::Client::new().post(format!("{origin}/v1/chat/completions")).bearer_auth("hf_emulator_write");
    let mut reply = request.json(&body).send().await.unwrap();
    assert!(reply.chunk().await.unwrap().unwrap().starts_with(b"data: {"));
    drop(reply);
    let broken = || server.app.gate.log.since(0).iter().any(|entry| entry.body == "broken");
    let asked = Instant::now();
    while !broken() && asked.elapsed() < Duration::from_secs(5) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(broken());
    server.stop().await;
}
