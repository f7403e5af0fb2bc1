use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use emulator::http::app::App;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::BOB;
use crate::support::{READ, WRITE, app, get, send};

const SETTINGS: &str = "/api/settings/webhooks";

/// A receiver that refuses so many deliveries with 500 before it takes them.
async fn receiver(refusals: usize) -> (String, UnboundedReceiver<(String, Value)>) {
    let (sender, taken) = unbounded_channel();
    let left = Arc::new(AtomicUsize::new(refusals));
    let take = move |headers: HeaderMap, body: Bytes| {
        let (sender, left) = (sender.clone(), Arc::clone(&left));
        async move {
            if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
                return StatusCode::INTERNAL_SERVER_ERROR;
            }
            let secret = headers.get("x-webhook-secret").map_or("", |secret| secret.to_str().unwrap()).to_owned();
            sender.send((secret, serde_json::from_slice(&body).unwrap())).unwrap();
            StatusCode::NO_CONTENT
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, Router::new().fallback(take)).into_future());
    (url, taken)
}

async fn watch(app: &Arc<App>, url: &str, watched: Value, domains: Value) -> String {
    let body = json!({ "url": url, "watched": watched, "domains": domains, "secret": "shh" });
    let made = send(app, "POST", SETTINGS, &[WRITE], body).await.json();
    made["webhook"]["id"].as_str().unwrap().to_owned()
}

/// The newest entry of a log, once it is done.
async fn settled(app: &Arc<App>, id: &str) -> Value {
    loop {
        let entry = get(app, &format!("/_emulator/deliveries/{id}"), &[]).await.json()[0].clone();
        if entry["done"] == true {
            return entry;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

const TALK: &str = "/api/models/acme/tiny-bert/discussions";

#[tokio::test]
async fn an_event_reaches_its_webhook_with_the_secret_and_the_payload() {
    let app = app();
    let (url, mut taken) = receiver(0).await;
    let watched = json!([{ "type": "model", "name": "acme/tiny-bert" }]);
    let id = watch(&app, &url, watched, json!(["discussion"])).await;
    send(&app, "POST", TALK, &[BOB], json!({ "title": "Hear me", "description": "Hello" })).await;
    let (secret, payload) = taken.recv().await.unwrap();
    assert_eq!(secret, "shh");
    assert_eq!(payload["event"], json!({ "action": "create", "scope": "discussion" }));
    assert_eq!(payload["webhook"], json!({ "id": id, "version": 3 }));
    assert_eq!(payload["repo"]["name"], "acme/tiny-bert");
    assert_eq!(payload["repo"]["owner"]["id"], "628b753283ef59b5be89e937");
    assert!(payload["repo"].get("headSha").is_none());
    assert_eq!((&payload["discussion"]["title"], &payload["comment"]["content"]), (&"Hear me".into(), &"Hello".into()));
    let num = &payload["discussion"]["num"];
    send(&app, "POST", &format!("{TALK}/{num}/comment"), &[WRITE], json!({ "comment": "I do" })).await;
    let (_, payload) = taken.recv().await.unwrap();
    assert_eq!(payload["event"], json!({ "action": "create", "scope": "discussion.comment" }));
    let comment = payload["comment"]["id"].as_str().unwrap();
    send(&app, "POST", &format!("{TALK}/{num}/comment/{comment}/hide"), &[WRITE], Value::Null).await;
    let (_, payload) = taken.recv().await.unwrap();
    assert_eq!(payload["comment"]["hidden"], true);
    assert!(payload["comment"].get("content").is_none());
    let webhook = get(&app, &format!("{SETTINGS}/{id}"), &[READ]).await.json();
    assert!(webhook["webhook"]["lastTriggerAt"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn the_life_of_a_repository_is_told_to_those_who_watch_its_owner() {
    let app = app();
    let (url, mut taken) = receiver(0).await;
    watch(&app, &url, json!([{ "type": "user", "name": "alice" }]), json!(["repo"])).await;
    let (other, mut nothing) = receiver(0).await;
    let body = json!({ "url": other, "watched": [{ "type": "user", "name": "alice" }] });
    send(&app, "POST", SETTINGS, &[BOB], body).await;
    let create = json!({ "name": "hooked", "private": true });
    send(&app, "POST", "/api/repos/create", &[WRITE], create).await;
    let (_, created) = taken.recv().await.unwrap();
    assert_eq!(created["event"], json!({ "action": "create", "scope": "repo" }));
    assert_eq!(created["repo"]["headSha"].as_str().unwrap().len(), 40);
    send(&app, "PUT", "/api/models/alice/hooked/settings", &[WRITE], json!({ "gated": "auto" })).await;
    assert_eq!(taken.recv().await.unwrap().1["updatedConfig"], json!({}));
    let moving = json!({ "fromRepo": "alice/hooked", "toRepo": "alice/unhooked", "type": "model" });
    send(&app, "POST", "/api/repos/move", &[WRITE], moving).await;
    let (_, moved) = taken.recv().await.unwrap();
    assert_eq!((&moved["event"]["action"], &moved["movedTo"]["name"]), (&"move".into(), &"alice/unhooked".into()));
    send(&app, "DELETE", "/api/repos/delete", &[WRITE], json!({ "name": "unhooked" })).await;
    let (_, deleted) = taken.recv().await.unwrap();
    assert_eq!((&deleted["event"]["action"], &deleted["repo"]["id"]), (&"delete".into(), &created["repo"]["id"]));
    // Bob watches alice too, but the repository was private.
    assert!(nothing.try_recv().is_err());
}

#[tokio::test]
async fn a_merge_tells_of_the_branch_and_of_the_discussion() {
    let app = app();
    let (url, mut taken) = receiver(0).await;
    watch(&app, &url, json!([{ "type": "org", "name": "acme" }]), json!(["repo", "discussion"])).await;
    send(&app, "POST", &format!("{TALK}/3/merge"), &[WRITE], Value::Null).await;
    let mut payloads = [taken.recv().await.unwrap().1, taken.recv().await.unwrap().1];
    payloads.sort_by_key(|payload| payload["event"]["scope"].to_string());
    assert_eq!(payloads[0]["discussion"]["status"], "merged");
    let update = &payloads[1]["updatedRefs"][0];
    assert_eq!((&update["ref"], &update["newSha"]), (&"refs/heads/main".into(), &payloads[1]["repo"]["headSha"]));
    assert_eq!(payloads[0]["discussion"]["changes"]["mergeCommitId"], update["newSha"]);
}

#[tokio::test]
async fn a_failed_delivery_is_tried_again_logged_and_replayed() {
    let app = app();
    let (url, mut taken) = receiver(1).await;
    let watched = json!([{ "type": "model", "name": "acme/tiny-bert" }]);
    let id = watch(&app, &url, watched, json!(["discussion"])).await;
    send(&app, "POST", &format!("{TALK}/1/comment"), &[BOB], json!({ "comment": "again" })).await;
    let (_, first) = taken.recv().await.unwrap();
    let entry = settled(&app, &id).await;
    assert_eq!((&entry["attempts"], &entry["status"], &entry["payload"]), (&2.into(), &204.into(), &first));
    let replay = format!("{SETTINGS}/{id}/replay/{}", entry["id"].as_str().unwrap());
    assert_eq!(send(&app, "POST", &replay, &[BOB], Value::Null).await.status, 404);
    assert_eq!(send(&app, "POST", &replay, &[WRITE], Value::Null).await.json(), json!({ "status": 204 }));
    assert_eq!(taken.recv().await.unwrap().1, first);
}

#[tokio::test]
async fn a_webhook_that_fails_and_fails_is_suspended() {
    let app = app();
    let (url, _taken) = receiver(usize::MAX).await;
    let watched = json!([{ "type": "model", "name": "acme/tiny-bert" }]);
    let id = watch(&app, &url, watched, json!(["discussion"])).await;
    for word in ["one", "two", "three"] {
        send(&app, "POST", &format!("{TALK}/1/comment"), &[BOB], json!({ "comment": word })).await;
    }
    let path = format!("{SETTINGS}/{id}");
    let state = async || get(&app, &path, &[READ]).await.json()["webhook"]["disabled"].clone();
    while state().await == false {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(state().await, "suspended-after-failure");
    let log = get(&app, &format!("/_emulator/deliveries/{id}"), &[]).await.json();
    assert!(log.as_array().unwrap().iter().all(|entry| entry["attempts"] == 4 && entry["status"] == 500));
    send(&app, "POST", &format!("{path}/enable"), &[WRITE], Value::Null).await;
    assert_eq!(state().await, false);
}
