use std::sync::Arc;

use emulator::http::app::{App, Options};
use emulator::http::layers::Trust;
use serde_json::{Value, json};

use crate::support::{READ, WRITE, app, get, send};
use crate::{BOB, FINE};

const AT: &str = "/api/settings/webhooks";

fn body() -> Value {
    json!({ "url": "http://127.0.0.1:9/hook", "watched": [{ "type": "user", "name": "alice" }], "secret": "shh" })
}

#[tokio::test]
async fn a_webhook_is_made_changed_and_deleted() {
    let app = app();
    let made = send(&app, "POST", AT, &[WRITE], body()).await.json()["webhook"].clone();
    assert_eq!(made["domains"], json!(["repo", "discussion"]));
    assert_eq!((&made["hasSecret"], &made["disabled"], made.get("secret")), (&true.into(), &false.into(), None));
    let path = format!("{AT}/{}", made["id"].as_str().unwrap());
    assert_eq!(get(&app, &path, &[FINE]).await.json()["webhook"], made);
    assert_eq!(get(&app, &path, &[BOB]).await.status, 404);
    // Official clients send an empty list for "as it was", and an old name of a domain.
    let change = json!({ "watched": [], "domains": ["discussions"], "url": "https://ci.example.org/hook" });
    let changed = send(&app, "POST", &path, &[WRITE], change).await.json()["webhook"].clone();
    assert_eq!(changed["watched"], made["watched"]);
    assert_eq!(changed["domains"], json!(["discussion"]));
    assert_eq!((&changed["url"], &changed["hasSecret"]), (&"https://ci.example.org/hook".into(), &true.into()));
    let disabled = send(&app, "POST", &format!("{path}/disable"), &[WRITE], Value::Null).await.json();
    assert_eq!(disabled["webhook"]["disabled"], true);
    let enabled = send(&app, "POST", &format!("{path}/enable"), &[WRITE], Value::Null).await.json();
    assert_eq!(enabled["webhook"]["disabled"], false);
    assert_eq!(send(&app, "DELETE", &path, &[WRITE], Value::Null).await.json(), json!({}));
    assert_eq!(get(&app, &path, &[WRITE]).await.status, 404);
}

#[tokio::test]
async fn the_list_is_bare_and_ones_own() {
    let app = app();
    assert_eq!(get(&app, AT, &[READ]).await.json().as_array().unwrap().len(), 2);
    assert_eq!(get(&app, AT, &[BOB]).await.json(), json!([]));
    assert_eq!(get(&app, AT, &[]).await.status, 401);
}

#[tokio::test]
async fn a_job_hides_its_secrets() {
    let app = app();
    let job = json!({ "dockerImage": "ubuntu", "secrets": { "KEY": "hidden" } });
    let body = json!({ "job": job, "watched": [{ "type": "org", "name": "acme" }] });
    let made = send(&app, "POST", AT, &[WRITE], body).await;
    assert_eq!(made.json()["webhook"]["job"]["secrets"], json!(["KEY"]));
    assert!(!made.text().contains("hidden") && made.json()["webhook"].get("url").is_none());
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let app = app();
    let with = |key: &str, value: Value| {
        let mut body = body();
        body[key] = value;
        body
    };
    for (body, named) in [
        (with("url", json!("ftp://example.org")), "url"),
        (with("url", Value::Null), "url"),
        (with("url", json!("http://169.254.169.254/latest/meta-data/")), "link-local"),
        (with("url", json!("http://[fe80::1]:8080/hook")), "link-local"),
        (with("url", json!("http://0xa9fea9fe/")), "link-local"),
        (with("job", json!({})), "job"),
        (with("watched", json!([])), "watched"),
        (with("watched", json!([{ "type": "planet", "name": "mars" }])), "watched"),
        (with("domains", json!(["weather"])), "domains"),
        (with("secret", json!("naïve")), "secret"),
    ] {
        let reply = send(&app, "POST", AT, &[WRITE], body).await;
        assert_eq!(reply.status, 400);
        assert!(reply.json()["error"].as_str().unwrap().contains(named), "{}", reply.text());
    }
    assert_eq!(send(&app, "POST", AT, &[READ], body()).await.status, 403);
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let open =
        || -> Arc<App> { App::open(Options { data: Some(folder.path().to_owned()), ..Options::default() }).unwrap() };
    let app = open();
    send(&app, "POST", AT, &[WRITE], body()).await;
    let opening = json!({ "title": "Before the restart", "description": "x" });
    send(&app, "POST", "/api/models/acme/tiny-bert/discussions", &[WRITE], opening).await;
    send(&app, "POST", "/api/collections", &[WRITE], json!({ "title": "Kept", "namespace": "alice" })).await;
    let paths = [
        AT,
        "/api/models/acme/tiny-bert/discussions",
        "/api/collections?owner=alice",
        "/api/models?full=true&limit=99",
    ];
    let mut before = Vec::new();
    for path in paths {
        before.push(get(&app, path, &[WRITE]).await.json());
    }
    drop(app);
    let app = open();
    for (path, before) in paths.into_iter().zip(before) {
        assert_eq!(get(&app, path, &[WRITE]).await.json(), before, "{path}");
    }
}

#[tokio::test]
async fn a_link_local_address_is_taken_where_that_is_allowed() {
    let trust = Trust { link_local_webhooks: true, ..Trust::default() };
    let allowed = App::open(Options { trust, ..Options::default() }).unwrap();
    for (app, status) in [(allowed, 200), (app(), 400)] {
        let made = send(&app, "POST", AT, &[WRITE], body()).await.json()["webhook"]["id"].clone();
        let address = json!({ "url": "http://169.254.169.254/hook" });
        let path = format!("{AT}/{}", made.as_str().unwrap());
        assert_eq!(send(&app, "POST", &path, &[WRITE], address).await.status, status);
    }
}
