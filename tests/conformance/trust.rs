//! What a server may make the client do, and what it may not: redirects, secrets, lost answers.

use hf_wasm::core::failure::{ErrorKind, Limit};
use hf_wasm::endpoints::models::{LIST_MODELS, MODEL_INFO};
use hf_wasm::endpoints::repos::{COMMIT, CREATE_REPO, LIST_COMMITS};
use serde_json::{Value, json};

use crate::calls::{app, commit, examples, json as answer, send, writer};
use crate::io::{EmulatorIo, FOREIGN};
use crate::retries::fault;

/// Address and whether the token went there, of every request.
fn sent(io: &EmulatorIo) -> Vec<(String, bool)> {
    io.exchanges.take().into_iter().map(|sent| (sent.url, sent.authorized)).collect()
}

fn redirect(path: &str, status: u16, location: &str) -> Value {
    json!({ "path": path, "status": status, "headers": { "location": location }, "count": 1 })
}

#[tokio::test]
async fn a_read_is_led_anywhere_the_token_only_home() {
    let app = app();
    let mut io = writer(&app, &LIST_MODELS);
    let address = format!("{}/api/models", app.hub.origin);
    for (location, expected) in [
        (format!("{FOREIGN}/x"), vec![(address.clone(), true), (format!("{FOREIGN}/x"), false)]),
        ("/api/datasets".into(), vec![(address.clone(), true), (format!("{}/api/datasets", app.hub.origin), true)]),
        ("//foreign.example/y".into(), vec![(address.clone(), true), ("http://foreign.example/y".into(), false)]),
    ] {
        fault(&app, redirect("/api/models", 302, &location));
        send(&mut io, &LIST_MODELS, json!({})).await.unwrap();
        assert_eq!(sent(&io), expected, "{location}");
    }
    for nowhere in ["javascript:alert(1)", "https://user:pass@huggingface.co:x/", "ftp://x/"] {
        fault(&app, redirect("/api/models", 307, nowhere));
        assert_eq!(send(&mut io, &LIST_MODELS, json!({})).await.unwrap_err().kind, ErrorKind::Protocol, "{nowhere}");
        assert_eq!(sent(&io).len(), 1, "{nowhere}");
    }
}

#[tokio::test]
async fn a_write_stays_within_its_origin_and_keeps_its_method() {
    let app = app();
    let mut io = writer(&app, &CREATE_REPO);
    for (status, location) in [(307, FOREIGN), (308, FOREIGN), (302, "/api/repos/create"), (303, "/api/models")] {
        fault(&app, redirect("/api/repos/create", status, location));
        let failure = send(&mut io, &CREATE_REPO, examples(&CREATE_REPO)).await.unwrap_err();
        assert_eq!((failure.kind, sent(&io).len()), (ErrorKind::Protocol, 1), "{status} {location}");
    }
    fault(&app, redirect("/api/repos/create", 307, "/api/repos/create"));
    send(&mut io, &CREATE_REPO, examples(&CREATE_REPO)).await.unwrap();
    assert_eq!(sent(&io).len(), 2);
}

#[tokio::test]
async fn redirects_end() {
    let app = app();
    fault(&app, json!({ "path": "/api/models/acme/", "status": 302, "headers": { "location": "?again" } }));
    let mut io = writer(&app, &MODEL_INFO);
    let failure = send(&mut io, &MODEL_INFO, examples(&MODEL_INFO)).await.unwrap_err();
    assert_eq!((failure.kind, sent(&io).len()), (ErrorKind::Protocol, 21));
}

#[tokio::test]
async fn a_success_that_reports_an_error_is_one() {
    let app = app();
    fault(&app, json!({ "path": "/api/models/acme/", "status": 200, "body": { "error": "Model is overloaded" } }));
    let mut io = writer(&app, &MODEL_INFO);
    let failure = send(&mut io, &MODEL_INFO, examples(&MODEL_INFO)).await.unwrap_err();
    assert_eq!((failure.kind, failure.status, failure.attempts), (ErrorKind::Server, Some(200), 1));
    assert_eq!(failure.message, "Model is overloaded");
}

#[tokio::test]
async fn a_limit_of_one_action_is_told_from_that_of_the_window() {
    let app = app();
    let limited = |left: u32| {
        let headers = json!({ "ratelimit": format!("\"api\";r={left};t=30"), "retry-after": "30" });
        json!({ "path": "/api/models/acme/", "status": 429, "headers": headers, "count": 1 })
    };
    for (left, limit, others_wait) in [(7, Limit::Action, false), (0, Limit::Window, true)] {
        fault(&app, limited(left));
        let mut io = writer(&app, &MODEL_INFO);
        io.retry = hf_wasm::core::retry::RetryPolicy::NEVER;
        let failure = send(&mut io, &MODEL_INFO, examples(&MODEL_INFO)).await.unwrap_err();
        assert_eq!((failure.kind, failure.limit), (ErrorKind::RateLimited, Some(limit)));
        io.retry = hf_wasm::core::retry::RetryPolicy::default();
        send(&mut io, &LIST_MODELS, json!({ "limit": 1 })).await.unwrap();
        assert_eq!(!io.waits.take().is_empty(), others_wait, "{limit:?}: another endpoint of the bucket");
    }
}

#[tokio::test]
async fn a_guarded_commit_is_repeated_and_made_once() {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    let log = json!({ "repo": "alice/playground" });
    let before = answer(&mut io, &LIST_COMMITS, log.clone()).await;
    let params = |title: &str, parent: &Value| {
        let operations = json!([{ "operation": "addOrUpdate", "path": "a.txt", "content": title }]);
        json!({ "repo": "alice/playground", "title": title, "parentCommit": parent, "operations": operations })
    };
    // Refused before it was carried out: the repetition makes it.
    fault(&app, json!({ "path": "/commit/", "status": 500, "count": 1 }));
    commit(&mut io, params("one", &before[0]["id"])).await.unwrap();
    let after = answer(&mut io, &LIST_COMMITS, log.clone()).await;
    assert_eq!((&after[0]["title"], &after[1]["id"]), (&json!("one"), &before[0]["id"]));
    // Carried out, the response lost: the repetition meets a branch that has moved on, to this very commit.
    fault(&app, json!({ "path": "/commit/", "status": 500, "after": true, "count": 1 }));
    let outcome = commit(&mut io, params("two", &after[0]["id"])).await.unwrap();
    let last = answer(&mut io, &LIST_COMMITS, log.clone()).await;
    assert_eq!((&last[0]["title"], &last[1]["id"]), (&json!("two"), &after[0]["id"]));
    assert_eq!(outcome.commit_oid.as_deref(), last[0]["id"].as_str());
    let page = format!("{}/alice/playground/commit/{}", app.hub.origin, outcome.commit_oid.unwrap());
    assert_eq!((outcome.reply, outcome.commit_url), (None, Some(page)));
    // Where the branch cannot be looked at, the error says why that may be.
    for (blind, content) in [("/paths-info/", "three"), ("/commits/", "four")] {
        let head = answer(&mut io, &LIST_COMMITS, log.clone()).await[0]["id"].clone();
        fault(&app, json!({ "path": "/commit/", "status": 500, "after": true, "count": 1 }));
        fault(&app, json!({ "path": blind, "status": 500, "count": 5 }));
        let failure = commit(&mut io, params(content, &head)).await.unwrap_err();
        assert_eq!((failure.kind, failure.attempts), (ErrorKind::PreconditionFailed, 2), "{blind}");
        assert!(failure.advice.as_deref().unwrap().contains("may have made this commit"), "{failure:?}");
        app.gate.faults.clear();
    }
    // Without a parent it is not repeated.
    fault(&app, json!({ "path": "/commit/", "status": 500, "after": true, "count": 1 }));
    let failure = commit(&mut io, params("five", &Value::Null)).await.unwrap_err();
    assert_eq!((failure.kind, failure.attempts), (ErrorKind::Server, 1));
}
