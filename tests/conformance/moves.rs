//! Redirects: a repository that has moved, and bytes at the second origin.

use hf_wasm::core::io::Reply as _;
use hf_wasm::endpoints::files::RESOLVE;
use hf_wasm::endpoints::models::MODEL_INFO;
use hf_wasm::endpoints::repos::{MOVE_REPO, UPDATE_REPO_SETTINGS};
use serde_json::json;

use crate::calls::{app, examples, json, send, writer};

#[tokio::test]
async fn an_old_id_leads_to_the_repository() {
    let app = app();
    let mut io = writer(&app, &MOVE_REPO);
    send(&mut io, &MOVE_REPO, examples(&MOVE_REPO)).await.unwrap();
    let info = json(&mut io, &MODEL_INFO, json!({ "repo": "alice/old-name" })).await;
    assert_eq!(info["id"], "alice/new-name");
    let ancient = json(&mut io, &MODEL_INFO, json!({ "repo": "gpt2", "revision": "main" })).await;
    assert_eq!(ancient["id"], "openai-community/gpt2");
    // A 307 keeps method and body.
    let params = json!({ "repo": "alice/old-name", "gated": "manual" });
    assert_eq!(json(&mut io, &UPDATE_REPO_SETTINGS, params).await["gated"], "manual");
    let exchanges = io.exchanges.take();
    let seen: Vec<_> = exchanges.iter().map(|exchange| (exchange.method.as_str(), exchange.status)).collect();
    assert_eq!(
        seen,
        [("POST", 200), ("GET", 307), ("GET", 200), ("GET", 307), ("GET", 200), ("PUT", 307), ("PUT", 200)]
    );
    assert!(exchanges.iter().all(|exchange| exchange.authorized), "the origin stays the same");
}

#[tokio::test]
async fn a_large_file_comes_from_the_second_origin_without_the_token() {
    let app = app();
    let mut io = writer(&app, &RESOLVE);
    let params = json!({ "repo": "datasets/acme/reviews", "path": "data/train-00000-of-00001.parquet" });
    let whole = send(&mut io, &RESOLVE, params.clone()).await.unwrap().bytes();
    assert!(whole.len() > 90_000 && whole.starts_with(b"PAR1"));
    let seen: Vec<_> = io
        .exchanges
        .take()
        .into_iter()
        .map(|exchange| (exchange.url.starts_with(&app.hub.origin), exchange.status, exchange.authorized))
        .collect();
    assert_eq!(seen, [(true, 302, true), (false, 200, false)]);
    let part = json!({ "start": 4, "end": 20 });
    let params = json!({ "repo": params["repo"], "path": params["path"], "range": part });
    assert_eq!(send(&mut io, &RESOLVE, params).await.unwrap().bytes(), whole[4..20]);
}
