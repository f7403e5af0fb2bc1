//! What no client sends, and what many send at once.

use std::sync::Arc;

use emulator::http::app::Options;
use emulator::http::layers::Trust;
use emulator::http::server::Server;
use emulator::http::www::Folders;
use serde_json::{Value, json};

use crate::support::{WRITE, app, get, send, send_text};

#[tokio::test]
async fn the_clock_has_bounds() {
    let app = app();
    for (body, status) in [
        (json!({ "advance_ms": i64::MAX }), 400),
        (json!({ "advance_ms": i64::MIN }), 400),
        (json!({ "offset_ms": i64::MAX }), 400),
        (json!({ "offset_ms": i64::MIN }), 400),
        (json!({ "advance_ms": 1e300 }), 400),
        (json!({ "advance_ms": 9_223_372_036_854_775_808_u64 }), 400),
        (json!({ "advance_ms": 1_576_800_000_000_i64 }), 200),
        (json!({ "advance_ms": 1 }), 400),
        (json!({ "advance_ms": -1_576_800_000_000_i64 }), 200),
        (json!({ "offset_ms": -1_576_800_000_000_i64 }), 200),
        (json!({ "advance_ms": -1 }), 400),
    ] {
        assert_eq!(send(&app, "POST", "/_emulator/clock", &[], body.clone()).await.status, status, "{body}");
        for path in ["/api/models?limit=1", "/api/whoami-v2", "/_emulator/clock"] {
            let status = get(&app, path, &[WRITE]).await.status.as_u16();
            assert!(status < 500, "{path}: {status} after {body}");
        }
    }
}

#[tokio::test]
async fn rules_are_bounded() {
    let app = app();
    let add = async |rules: Value| send(&app, "POST", "/_emulator/faults", &[], rules).await.status.as_u16();
    assert_eq!(add(json!({ "path": "/api", "status": 101 })).await, 400);
    assert_eq!(add(json!({ "path": "/api", "status": 1000 })).await, 400);
    assert_eq!(add(json!({ "path": "*a".repeat(2000) })).await, 400);
    assert_eq!(add(json!({ "path": format!("{}b", "*a".repeat(900)), "status": 503 })).await, 200);
    let path = format!("/api/{}", "a".repeat(8000));
    assert_eq!(get(&app, &path, &[]).await.status, 404, "answered in time");
    let many: Vec<Value> = (0..1001).map(|_| json!({ "path": "/none" })).collect();
    assert_eq!(add(json!(many)).await, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_name_is_given_once() {
    let server = Server::start(0, 0, Options { trust: Trust::default(), ..Options::default() }, Folders::default());
    let server = server.await.unwrap();
    let origin = Arc::new(server.app.hub.origin.clone());
    server.app.gate.limits.set_quotas(serde_json::from_value(json!({ "unlimited": true })).unwrap());
    let client = reqwest::Client::new();
    // Status of each of ten equal requests at once, in order.
    let at_once = async |path: &str, body: Value| {
        let sent = (0..10).map(|_| {
            let request = client.post(format!("{origin}{path}")).bearer_auth("hf_emulator_write").json(&body);
            tokio::spawn(async move {
                let reply = request.send().await.unwrap();
                (reply.status().as_u16(), reply.text().await.unwrap())
            })
        });
        let mut replies = Vec::new();
        for task in sent.collect::<Vec<_>>() {
            replies.push(task.await.unwrap());
        }
        replies.sort();
        replies
    };
    for round in 0..5 {
        let name = format!("once-{round}");
        let once = |replies: &[(u16, String)], least: u16| {
            let good = replies.iter().filter(|(status, _)| (200..300).contains(status)).count();
            assert_eq!(good, 1, "{replies:?}");
            assert!(replies.iter().all(|(status, _)| (200..300).contains(status) || *status == least), "{replies:?}");
        };
        once(&at_once("/api/repos/create", json!({ "name": name })).await, 409);
        once(&at_once(&format!("/api/models/alice/{name}/branch/dev"), json!({})).await, 409);
        once(&at_once(&format!("/api/models/alice/{name}/tag/main"), json!({ "tag": "v1" })).await, 409);
        once(
            &at_once(&format!("/api/models/alice/{name}/tag/main"), json!({ "tag": "v2", "message": "m" })).await,
            409,
        );
        let opened = at_once(
            &format!("/api/models/alice/{name}/discussions"),
            json!({ "title": "One of many", "description": "x" }),
        )
        .await;
        let mut numbers: Vec<i64> = opened
            .iter()
            .map(|(_, text)| serde_json::from_str::<Value>(text).unwrap()["num"].as_i64().unwrap())
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
        let target = format!("alice/taken-{round}");
        let moved = at_once(
            "/api/repos/move",
            json!({ "fromRepo": format!("alice/{name}"), "toRepo": target, "type": "model" }),
        )
        .await;
        assert!(moved.iter().all(|(status, _)| *status < 500), "{moved:?}");
        let created = at_once("/api/collections", json!({ "title": "Same", "namespace": "alice" })).await;
        assert!(created.iter().all(|(status, _)| *status < 500), "{created:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn no_file_is_called_like_git_s_own_folder() {
    let app = app();
    send(&app, "POST", "/api/repos/create", &[WRITE], json!({ "name": "names" })).await;
    for name in [
        ".git", ".git ", ".git.", "GIT~1", "a/git~1/b", ".g\u{200c}it/config", ".git::$INDEX_ALLOCATION",
        "\u{feff}.GIT./hooks/x",
    ] {
        let lines = [
            json!({ "key": "header", "value": { "summary": "x" } }),
            json!({ "key": "file", "value": { "path": name, "content": "x" } }),
        ];
        let body = lines.map(|line| line.to_string()).join("\n");
        let reply = send_text(&app, "POST", "/api/models/alice/names/commit/main", &[WRITE], body).await;
        assert!((400..500).contains(&reply.status.as_u16()), "{name:?}: {}", reply.status);
    }
}
