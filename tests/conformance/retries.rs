//! What is sent again, after which wait, and what is not.

use std::sync::Arc;

use emulator::http::app::App;
use emulator::http::layers::{Quotas, Rule};
use hf_wasm::core::failure::ErrorKind;
use hf_wasm::core::io::Reply as _;
use hf_wasm::endpoints::models::MODEL_INFO;
use hf_wasm::endpoints::repos::{CREATE_REPO, UPDATE_REPO_SETTINGS};
use serde_json::{Value, json};

use crate::calls::{app, examples, send, writer};
use crate::io::EmulatorIo;

pub fn fault(app: &Arc<App>, rule: Value) {
    app.gate.faults.add(vec![serde_json::from_value::<Rule>(rule).unwrap()]).unwrap();
}

fn statuses(io: &EmulatorIo) -> Vec<u16> {
    io.exchanges.borrow().iter().map(|exchange| exchange.status).collect()
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says() {
    let app = app();
    let retry_after =
        json!({ "path": "/api/models/acme/", "status": 503, "headers": { "retry-after": "7" }, "count": 2 });
    fault(&app, retry_after);
    let mut io = writer(&app, &MODEL_INFO);
    let started = app.hub.now();
    let reply = send(&mut io, &MODEL_INFO, examples(&MODEL_INFO)).await.unwrap();
    assert_eq!(reply.value()["id"], "acme/tiny-bert");
    assert_eq!((statuses(&io), io.waits.take()), (vec![503, 503, 200], vec![7000.0, 7000.0]));
    assert!(app.hub.now() - started >= 14_000, "the clock has moved by the waits");
}

#[tokio::test]
async fn an_exhausted_quota_is_waited_out() {
    let app = app();
    app.gate.limits.set_quotas(Quotas { api: Some(1), ..Quotas::default() });
    let mut io = writer(&app, &MODEL_INFO);
    send(&mut io, &MODEL_INFO, examples(&MODEL_INFO)).await.unwrap();
    // The window lasts 300 seconds, longer than a call may take: it fails at once, and says how long to wait.
    let refused = send(&mut io, &MODEL_INFO, examples(&MODEL_INFO)).await.unwrap_err();
    assert_eq!((refused.kind, refused.attempts, io.waits.take()), (ErrorKind::RateLimited, 1, vec![]));
    let reported = refused.retry_after.unwrap();
    assert!((200_000.0..=301_000.0).contains(&reported), "{reported}");
    // Later in the window, the rest of it is waited, and nothing is sent before.
    app.hub.clock_offset.fetch_add(reported as i64 - 60_000, std::sync::atomic::Ordering::Relaxed);
    send(&mut io, &MODEL_INFO, examples(&MODEL_INFO)).await.unwrap();
    assert_eq!(statuses(&io), [200, 429, 200]);
    let limited = &io.exchanges.borrow()[1];
    assert!(limited.header("ratelimit").starts_with("\"api\";r=0;t="), "{}", limited.header("ratelimit"));
    let waits = io.waits.take();
    assert!(waits.len() == 1 && (50_000.0..=61_000.0).contains(&waits[0]), "{waits:?}");
}

#[tokio::test]
async fn a_failed_read_backs_off_and_gives_up() {
    let app = app();
    fault(&app, json!({ "path": "/api/models/acme/", "status": 500 }));
    let mut io = writer(&app, &MODEL_INFO);
    let failure = send(&mut io, &MODEL_INFO, examples(&MODEL_INFO)).await.unwrap_err();
    assert_eq!((failure.kind, failure.status, failure.attempts), (ErrorKind::Server, Some(500), 5));
    assert_eq!(io.waits.take(), [250.0, 500.0, 1000.0, 2000.0]);
}

#[tokio::test]
async fn a_reply_that_breaks_off_is_read_again() {
    let app = app();
    fault(&app, json!({ "path": "/api/models/acme/", "cut_after_bytes": 10, "count": 1 }));
    let mut io = writer(&app, &MODEL_INFO);
    let reply = send(&mut io, &MODEL_INFO, examples(&MODEL_INFO)).await.unwrap();
    assert_eq!((reply.value()["id"].as_str(), statuses(&io)), (Some("acme/tiny-bert"), vec![200, 200]));
}

#[tokio::test]
async fn what_may_have_happened_is_not_done_again() {
    let app = app();
    // The repository is created, the response is lost.
    fault(&app, json!({ "path": "/api/repos/create", "status": 500, "after": true, "count": 1 }));
    let mut io = writer(&app, &CREATE_REPO);
    let failure = send(&mut io, &CREATE_REPO, examples(&CREATE_REPO)).await.unwrap_err();
    assert_eq!((failure.kind, failure.attempts, statuses(&io)), (ErrorKind::Server, 1, vec![500]));
    let twice = send(&mut io, &CREATE_REPO, examples(&CREATE_REPO)).await.unwrap_err();
    assert_eq!(twice.kind, ErrorKind::Conflict);
    // A write that says all there is to say may be sent again.
    fault(&app, json!({ "path": "/settings", "status": 500, "after": true, "count": 1 }));
    let mut io = writer(&app, &UPDATE_REPO_SETTINGS);
    send(&mut io, &UPDATE_REPO_SETTINGS, examples(&UPDATE_REPO_SETTINGS)).await.unwrap();
    assert_eq!(statuses(&io), [500, 200]);
    // So may a write that was refused before it was looked at.
    fault(&app, json!({ "path": "/api/repos/create", "status": 503, "headers": { "retry-after": "1" }, "count": 1 }));
    let mut io = writer(&app, &CREATE_REPO);
    send(&mut io, &CREATE_REPO, json!({ "repo": "alice/another" })).await.unwrap();
    assert_eq!((statuses(&io), io.waits.take()), (vec![503, 200], vec![1000.0]));
}
