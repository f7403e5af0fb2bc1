//! Requests as another site's page, or a name that leads here, makes a browser send them.

use std::fmt::Write as _;

use emulator::http::app::Options;
use emulator::http::layers::Trust;
use emulator::http::server::Server;
use emulator::http::www::Folders;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{app, get, send, send_text};

const LOCAL: &str = "http://localhost:5173";
const EVIL: &str = "http://evil.example";

async fn start(trust: Trust) -> Server {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../www");
    let folders = Folders { www: Some(folder.into()), pkg: None, docs: None };
    Server::start(0, 0, Options { trust, ..Options::default() }, folders).await.unwrap()
}

/// Status and head of the answer to exactly these lines; `host` stands for the server's own address.
async fn raw(origin: &str, line: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    let address = origin.strip_prefix("http://").unwrap();
    let mut request = format!("{line} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    if !headers.iter().any(|(name, _)| *name == "Host") {
        write!(request, "Host: {address}\r\n").unwrap();
    }
    for (name, value) in headers.iter().filter(|(_, value)| *value != "absent") {
        write!(request, "{name}: {value}\r\n").unwrap();
    }
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(format!("{request}\r\n{body}").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    let head = answer.split("\r\n\r\n").next().unwrap().to_owned();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head)
}

#[tokio::test]
async fn only_names_of_this_machine_are_answered_to() {
    let server = start(Trust { hosts: vec!["hub.test".into()], ..Trust::default() }).await;
    for origin in [&server.app.hub.origin, &server.app.hub.cdn_origin] {
        for host in [
            "evil.example", "evil.example:8787", "localhost.evil.example", "localhost:8787.evil.example", "0.0.0.0",
            "10.0.0.1", "", "absent",
        ] {
            let (status, head) = raw(origin, "GET /api/models", &[("Host", host)], "").await;
            assert!(status == 403 || status == 400, "{host}: {head}");
            assert!(!head.contains("access-control-"), "{head}");
        }
        let twice = [("Host", "localhost"), ("Host", "evil.example")];
        assert_ne!(raw(origin, "GET /api/models", &twice, "").await.0, 200);
        let absolute = raw(origin, "GET http://evil.example/api/models", &[], "").await;
        assert_eq!(absolute.0, 403);
    }
    for host in ["localhost", "LocalHost:1", "a.localhost", "127.1.2.3", "[::1]:8787", "hub.test"] {
        assert_eq!(raw(&server.app.hub.origin, "GET /www/", &[("Host", host)], "").await.0, 200, "{host}");
    }
    assert_eq!(raw(&server.app.hub.origin, "GET /www/", &[("Host", "evil.example")], "").await.0, 403, "the page too");
    server.stop().await;
}

#[tokio::test]
async fn pages_of_other_sites_are_refused() {
    let server = start(Trust { origins: vec!["https://app.example".into()], ..Trust::default() }).await;
    let origin = &server.app.hub.origin;
    let form = [("Origin", EVIL), ("Content-Type", "text/plain")];
    let rule = r#"{"path":"/x","body":"alert(1)"}"#;
    for line in
        ["POST /_emulator/faults", "POST /_emulator/reset", "POST /_emulator/webhook-sink", "POST /api/repos/create"]
    {
        assert_eq!(raw(origin, line, &form, rule).await.0, 403, "{line}");
    }
    let cross = ("Sec-Fetch-Site", "cross-site");
    for (line, headers) in [
        ("GET /api/models", [("Origin", EVIL)].as_slice()),
        ("GET /api/models", &[("Origin", "null")]),
        ("GET /api/models", &[("Origin", LOCAL), ("Origin", EVIL)]),
        ("GET /api/models", &[cross, ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")]),
        ("GET /api/models", &[cross, ("Referer", "http://evil.example/http://localhost/")]),
        ("GET /www/", &[cross, ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")]),
        ("POST /api/repos/create", &[cross, ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")]),
        ("GET /www/app.js", &[("Service-Worker", "script"), ("Sec-Fetch-Site", "same-origin")]),
        ("OPTIONS /_emulator/reset", &[("Origin", EVIL), ("Access-Control-Request-Method", "POST")]),
    ] {
        let (status, head) = raw(origin, line, headers, "").await;
        assert_eq!(status, 403, "{line} {headers:?}");
        assert!(!head.contains("access-control-"), "{head}");
    }
    let (status, head) = raw(origin, "OPTIONS /_emulator/reset", &[("Origin", LOCAL)], "").await;
    assert!(status == 200 && head.contains(&format!("access-control-allow-origin: {LOCAL}\r\n")), "{head}");
    for headers in [
        [("Origin", LOCAL)].as_slice(),
        &[("Origin", "https://app.example")],
        &[cross, ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")],
        &[cross, ("Referer", "http://localhost:5173/"), ("Sec-Fetch-Mode", "no-cors")],
        &[("Sec-Fetch-Site", "none")],
        &[("Sec-Fetch-Mode", "cors")],
        &[],
    ] {
        assert_eq!(raw(origin, "GET /api/models?limit=1", headers, "").await.0, 200, "{headers:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn control_needs_the_header_and_json() {
    let app = app();
    let (control, json_type) = (("x-emulator-control", "1"), ("content-type", "application/json"));
    let rule = r#"{"path":"/api","status":503}"#;
    let send = async |headers: &[(&str, &str)]| {
        crate::support::plain(&app, "POST", "/_emulator/faults", headers, rule.to_owned()).await.status.as_u16()
    };
    assert_eq!(send(&[]).await, 415);
    assert_eq!(send(&[json_type]).await, 403);
    assert_eq!(send(&[control]).await, 415);
    assert_eq!(send(&[control, ("content-type", "text/plain")]).await, 415);
    assert_eq!(app.gate.faults.list(), json!([]));
    assert_eq!(send(&[control, json_type]).await, 200);
    let spelled_otherwise = ["//_emulator", "///_emulator/log", "/_emulator//log", "/_emulator/log/"];
    let paths = ["/_emulator", "/_emulator/log", "/_emulator/webhook-sink", "/_emulator/deliveries"];
    for path in paths.into_iter().chain(spelled_otherwise) {
        let reply = crate::support::plain(&app, "GET", path, &[], String::new()).await;
        assert_eq!(reply.status, 403, "{path}");
    }
    let sent = send_text(&app, "POST", "/_emulator/webhook-sink", &[("content-type", "text/plain")], "x".into()).await;
    assert_eq!((sent.status.as_u16(), app.gate.webhook_sink.list().len()), (415, 0));
}

#[tokio::test]
async fn a_fault_is_no_script_and_no_page() {
    let app = app();
    for rule in [
        json!({ "path": "/x.js", "headers": { "Content-Type": "text/JavaScript" }, "body": "alert(1)" }),
        json!({ "path": "/x.js", "headers": { "content-type": "application/ecmascript" } }),
        json!({ "path": "/www/app.js", "body": "alert(1)" }),
        json!({ "path": "/pkg/*", "body": "alert(1)" }),
    ] {
        assert_eq!(send(&app, "POST", "/_emulator/faults", &[], rule.clone()).await.status, 400, "{rule}");
    }
    let rule = json!({ "path": "/evil", "status": 200, "body": "<script>alert(1)</script>",
        "headers": { "content-type": "text/html", "content-security-policy": "", "x-content-type-options": "none" } });
    assert_eq!(send(&app, "POST", "/_emulator/faults", &[], rule).await.status, 200);
    for path in ["/evil", "/api/models?limit=1", "/_emulator", "/acme/tiny-bert/resolve/main/config.json"] {
        let reply = get(&app, path, &[("accept", "text/html")]).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.ends_with("sandbox"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn the_page_says_what_it_may_do() {
    let server = start(Trust::default()).await;
    let (status, head) = raw(&server.app.hub.origin, "GET /www/", &[], "").await;
    assert_eq!(status, 200);
    for part in ["default-src 'self'", "'wasm-unsafe-eval'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(head.contains(part), "{part} is not in {head}");
    }
    for part in ["'unsafe-inline'", "'unsafe-eval'", "connect-src *"] {
        assert!(!head.contains(part), "{part} is in {head}");
    }
    assert!(head.contains("x-content-type-options: nosniff") && head.contains("referrer-policy: no-referrer"));
    server.stop().await;
}

#[tokio::test]
async fn whatever_is_no_page_is_inert() {
    let server = start(Trust::default()).await;
    for (line, headers, status) in [
        ("GET /www/absent.js", [("Accept", "*/*")].as_slice(), 404),
        ("GET /www/%ff", &[], 400),
        ("POST /www/", &[], 405),
        ("GET /_emulator", &[("Accept", "text/html")], 200),
        ("GET /_emulator/absent", &[("X-Emulator-Control", "1")], 404),
        ("GET /api/models?limit=1", &[], 200),
        ("GET /api/models", &[("Origin", EVIL)], 403),
        ("OPTIONS /api/models", &[("Origin", LOCAL)], 200),
    ] {
        let (found, head) = raw(&server.app.hub.origin, line, headers, "").await;
        assert_eq!(found, status, "{line}: {head}");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "sandbox", "nosniff", "referrer-policy: "] {
            assert!(head.contains(part), "{line}: {part} is not in {head}");
        }
    }
    server.stop().await;
}
