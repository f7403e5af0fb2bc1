use std::path::Path;
use std::sync::Arc;

use emulator::hub::{Hub, Options};
use serde_json::{Value, json};

use crate::chat::{CHAT, ask};
use crate::support::{Reply, WRITE, get, send, send_text};

fn open(folder: &Path) -> Arc<Hub> {
    Hub::open(Options { data: Some(folder.to_owned()), ..Options::default() }).unwrap()
}

async fn write(hub: &Arc<Hub>, path: &str, body: Value) -> Reply {
    let reply = send(hub, "POST", path, &[WRITE], body).await;
    assert!(reply.status.is_success(), "{path}: {}", reply.text());
    reply
}

/// Everything that the changes below can be seen in.
async fn look(hub: &Arc<Hub>) -> Vec<Value> {
    let mut seen = Vec::new();
    for path in [
        "/api/models/alice/kept",
        "/api/models/alice/kept/commits/main",
        "/api/models/alice/kept/refs",
        "/api/models/alice/kept/tree/main?recursive=true",
        "/api/models/acme/tiny-bert/discussions",
        "/api/models/acme/tiny-bert/commits/main",
        "/api/settings/webhooks",
        "/api/collections?owner=alice",
        "/api/models?search=bert&limit=50&full=true",
        "/api/whoami-v2",
    ] {
        let reply = get(hub, path, &[WRITE]).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        seen.push(reply.json());
    }
    seen
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let hub = open(folder.path());
    write(&hub, "/api/repos/create", json!({ "name": "kept", "type": "model" })).await;
    let lines = [
        json!({ "key": "header", "value": { "summary": "Add a file" } }),
        json!({ "key": "file", "value": { "path": "a.txt", "content": "hello", "encoding": "utf-8" } }),
    ];
    let body = lines.map(|line| line.to_string()).join("\n");
    let committed = send_text(&hub, "POST", "/api/models/alice/kept/commit/main", &[WRITE], body).await;
    let oid = committed.json()["commitOid"].as_str().unwrap().to_owned();
    write(&hub, "/api/models/alice/kept/branch/dev", json!({})).await;
    write(&hub, "/api/models/acme/tiny-bert/discussions", json!({ "title": "Kept?", "description": "Is it?" })).await;
    write(&hub, "/api/collections", json!({ "title": "Kept", "namespace": "alice" })).await;
    let webhook =
        json!({ "watched": [{ "type": "user", "name": "alice" }], "domains": ["repo"], "url": "http://127.0.0.1:9/x" });
    write(&hub, "/api/settings/webhooks", webhook).await;
    write(&hub, CHAT, ask("hi")).await;
    let before = look(&hub).await;
    let spent: i64 = hub.db().query_row("select sum(nano_dollars) from spending", [], |row| row.get(0)).unwrap();
    let id = before[0]["_id"].as_str().unwrap().to_owned();
    drop(hub);

    let hub = open(folder.path());
    assert_eq!(look(&hub).await, before);
    assert_eq!(before[0]["sha"], oid);
    let file = get(&hub, "/alice/kept/raw/main/a.txt", &[WRITE]).await;
    assert_eq!(file.text(), "hello");
    let now: i64 = hub.db().query_row("select sum(nano_dollars) from spending", [], |row| row.get(0)).unwrap();
    assert!(spent > 0 && now == spent);
    let log = std::process::Command::new("git")
        .args([
            "--git-dir",
            &format!("{}/git/{id}.git", folder.path().display()),
            "log",
            "-1",
            "--format=%H %s",
            "main",
        ])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&log.stdout).trim(), format!("{oid} Add a file"));
}

#[tokio::test]
async fn a_reset_forgets_what_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let hub = open(folder.path());
    write(&hub, "/api/repos/create", json!({ "name": "kept", "type": "model" })).await;
    write(&hub, "/_emulator/reset", Value::Null).await;
    drop(hub);
    let hub = open(folder.path());
    assert_eq!(get(&hub, "/api/models/alice/kept", &[WRITE]).await.status, 404);
    assert_eq!(get(&hub, "/api/models/acme/tiny-bert/commits/main", &[]).await.status, 200);
}
