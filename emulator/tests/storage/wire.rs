//! Requests to both origins without a socket.

use std::sync::{Arc, LazyLock};

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use emulator::http::app::{App, Options};
use emulator::http::{cdn, layers};
use serde_json::{Value, json};
use tower::ServiceExt;

pub const ALICE: &str = "hf_emulator_write";
pub const BOB: &str = "hf_emulator_bob";
pub const NOBODY: &str = "";

/// One Hub for all tests: each works on repositories of its own.
pub static APP: LazyLock<Arc<App>> = LazyLock::new(|| App::open(Options::default()).unwrap());

pub struct Reply {
    pub status: u16,
    head: Response<()>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.head.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: {}", self.status, self.text()))
    }

    /// The JSON body of a success.
    pub fn good(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }
}

pub async fn send(method: &str, path: &str, token: &str, body: impl Into<Body>) -> Reply {
    send_with(method, path, token, &[], body).await
}

pub async fn get(path: &str) -> Reply {
    send("GET", path, ALICE, Body::empty()).await
}

pub async fn post(path: &str, body: Value) -> Reply {
    send("POST", path, ALICE, body.to_string()).await
}

/// Takes an absolute address of either origin, or a path of the first.
pub async fn send_with(
    method: &str,
    address: &str,
    token: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Reply {
    let service = match address.starts_with(&APP.hub.cdn_origin) {
        true => cdn::service(APP.clone()),
        false => layers::service(APP.clone()),
    };
    let path = address.strip_prefix(&APP.hub.cdn_origin).or(address.strip_prefix(&APP.hub.origin)).unwrap_or(address);
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        request = request.header("content-type", "application/json");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = service.oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Reply { status: parts.status.as_u16(), head: Response::from_parts(parts, ()), body }
}

/// Creates the model `alice/{name}`, and hands back its id.
pub async fn model(name: &str) -> String {
    post("/api/repos/create", json!({ "name": name })).await.good()["name"].as_str().unwrap().to_owned()
}

/// Commits lines to `main`, and hands back the reply.
pub async fn commit(id: &str, lines: &[(&str, Value)]) -> Reply {
    commit_to(id, "main", ALICE, lines).await
}

pub async fn commit_to(id: &str, revision: &str, token: &str, lines: &[(&str, Value)]) -> Reply {
    let header = [("header", json!({ "summary": "Change" }))];
    let given = lines.iter().any(|(key, _)| *key == "header");
    let lines = header.iter().filter(|_| !given).chain(lines);
    let body: String = lines.map(|(key, value)| json!({ "key": key, "value": value }).to_string() + "\n").collect();
    let path = format!("/api/models/{id}/commit/{revision}");
    send_with("POST", &path, token, &[("content-type", "application/x-ndjson")], body).await
}

pub fn file(path: &str, content: &str) -> (&'static str, Value) {
    ("file", json!({ "path": path, "content": content }))
}
