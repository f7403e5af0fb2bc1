use axum::body::to_bytes;
use serde_json::{Value, json};

use crate::support::{READ, app, get, open, send};

#[tokio::test]
async fn faults_replace_malform_and_cut() {
    let app = app();
    let path = "/api/models/acme/tiny-bert";
    let set = |rule: Value| {
        let app = app.clone();
        async move {
            send(&app, "DELETE", "/_emulator/faults", &[], Value::Null).await;
            assert_eq!(send(&app, "POST", "/_emulator/faults", &[], rule).await.status, 200);
        }
    };
    set(json!([{ "path": "tiny-bert", "status": 503, "headers": { "retry-after": "7" }, "count": 1 }])).await;
    let down = get(&app, path, &[]).await;
    assert_eq!((down.status.as_u16(), down.header("retry-after")), (503, "7"));
    assert_eq!(get(&app, path, &[]).await.status, 200);
    set(json!({ "path": path, "malformed": "html" })).await;
    assert!(get(&app, path, &[]).await.header("content-type").starts_with("text/html"));
    set(json!({ "path": path, "malformed": "truncated-json" })).await;
    assert!(serde_json::from_slice::<Value>(&get(&app, path, &[]).await.body).is_err());
    set(json!({ "path": path, "cut_after_bytes": 10 })).await;
    let cut = open(&app, "GET", path, &[], String::new()).await;
    assert!(cut.headers()["content-length"].to_str().unwrap().parse::<u64>().unwrap() > 10);
    assert!(to_bytes(cut.into_body(), usize::MAX).await.is_err());
    let refused = send(&app, "POST", "/_emulator/faults", &[], json!({ "pth": "x" })).await;
    assert_eq!(refused.status, 400);
    let log = get(&app, "/_emulator/log", &[]).await.json();
    let bodies: Vec<&str> = log.as_array().unwrap().iter().map(|entry| entry["body"].as_str().unwrap()).collect();
    assert_eq!(bodies.last(), Some(&"broken"));
}

#[tokio::test]
async fn a_fault_may_come_after_the_work() {
    let app = app();
    let rule = json!({ "path": "/api/models/", "status": 500, "after": true, "malformed": "empty" });
    send(&app, "POST", "/_emulator/faults", &[], rule).await;
    let reply = get(&app, "/api/models/acme/tiny-bert", &[]).await;
    assert_eq!((reply.status.as_u16(), reply.body.len()), (500, 0));
}

#[tokio::test]
async fn the_log_knows_the_kind_of_token_and_never_the_token() {
    let app = app();
    get(&app, "/api/whoami-v2", &[READ]).await;
    get(&app, "/api/models?limit=3&search=bert", &[]).await;
    get(&app, "/api/whoami-v2", &[("authorization", "Bearer hf_secret_unknown")]).await;
    let reply = get(&app, "/_emulator/log", &[]).await;
    assert!(!reply.text().contains("hf_"));
    let log = reply.json();
    let seen: Vec<_> = log.as_array().unwrap().iter().map(|entry| (&entry["token"], &entry["status"])).collect();
    assert_eq!(json!(seen), json!([["read", 200], ["none", 200], ["invalid", 401]]));
    assert_eq!((&log[1]["query"], &log[1]["endpoint"]), (&json!("limit=3&search=bert"), &json!("listModels")));
    assert!(log[1]["responseBytes"].as_u64().unwrap() > 100);
    let later = get(&app, "/_emulator/log?since=2", &[]).await.json();
    assert_eq!(later.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_sink_keeps_what_it_got() {
    let app = app();
    let body = json!({ "event": { "action": "create" } });
    let sent =
        send(&app, "POST", "/_emulator/webhook-sink?status=500", &[("x-webhook-secret", "s")], body.clone()).await;
    assert_eq!(sent.status, 500);
    let kept = get(&app, "/_emulator/webhook-sink", &[]).await.json();
    assert_eq!((&kept[0]["body"], &kept[0]["headers"]["x-webhook-secret"]), (&body, &json!("s")));
}

#[tokio::test]
async fn the_index_lists_every_route_for_programs_and_people() {
    let app = app();
    let index = get(&app, "/_emulator", &[]).await.json();
    let info = index["routes"].as_array().unwrap().iter().find(|row| row["name"] == "modelInfo").unwrap();
    assert_eq!((&info["path"], &info["core"]), (&json!("/api/models/{repo}[/revision/{revision}]"), &json!(true)));
    assert!(index["tokens"].as_array().unwrap().iter().any(|token| token["token"] == "hf_emulator_write"));
    let page = get(&app, "/_emulator", &[("accept", "text/html,*/*")]).await;
    assert!(page.text().contains("/api/models/{repo}"));
}

#[tokio::test]
async fn a_reset_brings_the_beginning_back() {
    let app = app();
    get(&app, "/api/whoami-v2", &[READ]).await;
    send(&app, "POST", "/_emulator/faults", &[], json!({ "path": "/api/models/*", "status": 503 })).await;
    send(&app, "POST", "/_emulator/script", &[], json!([{ "text": "Hello" }])).await;
    app.hub.db().execute("delete from repos", []).unwrap();
    assert_eq!(get(&app, "/api/models/acme/tiny-bert", &[READ]).await.status, 503);
    assert_eq!(send(&app, "POST", "/_emulator/reset", &[], Value::Null).await.status, 200);
    assert_eq!(get(&app, "/api/models/acme/tiny-bert", &[READ]).await.status, 200);
    assert_eq!(get(&app, "/_emulator/script", &[]).await.json(), Value::Null);
    assert_eq!(get(&app, "/_emulator/faults", &[]).await.json(), json!([]));
}
