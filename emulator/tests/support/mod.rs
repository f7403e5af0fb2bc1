//! Calls to the emulator in-process.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use emulator::http::app::{App, Options};
use emulator::http::layers;
use serde_json::Value;
use tower::ServiceExt;

pub fn app() -> Arc<App> {
    App::open(Options::default()).unwrap()
}

/// What came back, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// Sends a request; the body of the answer may still be on its way.
pub async fn open(app: &Arc<App>, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Response<Body> {
    let control = if path.starts_with("/_emulator") { [("x-emulator-control", "1")].as_slice() } else { &[] };
    open_plain(app, method, path, &[control, headers].concat(), body).await
}

/// The same without the header that the emulator's own routes ask for.
async fn open_plain(
    app: &Arc<App>,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Response<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    layers::service(Arc::clone(app)).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
}

pub async fn send_text(app: &Arc<App>, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Reply {
    read(open(app, method, path, headers, body).await).await
}

/// Sends these headers and no others.
#[allow(dead_code, reason = "not every test crate calls it")]
pub async fn plain(app: &Arc<App>, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> Reply {
    read(open_plain(app, method, path, headers, body).await).await
}

async fn read(response: Response<Body>) -> Reply {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Reply { status: parts.status, headers: parts.headers, body }
}

pub async fn send(app: &Arc<App>, method: &str, path: &str, headers: &[(&str, &str)], body: Value) -> Reply {
    if body.is_null() {
        return send_text(app, method, path, headers, String::new()).await;
    }
    let headers = [&[("content-type", "application/json")], headers].concat();
    send_text(app, method, path, &headers, body.to_string()).await
}

pub async fn get(app: &Arc<App>, path: &str, headers: &[(&str, &str)]) -> Reply {
    send(app, "GET", path, headers, Value::Null).await
}

pub const READ: (&str, &str) = ("authorization", "Bearer hf_emulator_read");
pub const WRITE: (&str, &str) = ("authorization", "Bearer hf_emulator_write");
