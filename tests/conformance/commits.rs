//! Commits end to end: what is sent, what is skipped, and what stands there afterwards.

use hf_wasm::core::failure::ErrorKind;
use hf_wasm::core::io::Reply as _;
use hf_wasm::endpoints::files::RESOLVE;
use hf_wasm::endpoints::repos::{COMMIT, LIST_COMMITS, LIST_FILES};
use serde_json::{Value, json};

use crate::calls::{app, commit, json, send, writer};
use crate::io::EmulatorIo;

const REPO: &str = "alice/playground";

fn add(path: &str, content: &str) -> Value {
    json!({ "operation": "addOrUpdate", "path": path, "content": content })
}

/// Commits, and gives the response and the paths that were skipped.
async fn committed(io: &mut EmulatorIo, operations: Value) -> (Value, Vec<String>) {
    let params = json!({ "repo": REPO, "title": "Change", "description": "For a test", "operations": operations });
    let outcome = commit(io, params).await.unwrap();
    (outcome.reply.expect("something changed"), outcome.skipped)
}

async fn content(io: &mut EmulatorIo, path: &str) -> Vec<u8> {
    send(io, &RESOLVE, json!({ "repo": REPO, "path": path })).await.unwrap().bytes()
}

/// Path and, of a large file, sha256 and size.
async fn tree(io: &mut EmulatorIo) -> Vec<(String, Value)> {
    let entries = json(io, &LIST_FILES, json!({ "repo": REPO, "recursive": true })).await;
    let files = entries.as_array().unwrap().iter().filter(|entry| entry["type"] == "file");
    let own = files.filter(|entry| !matches!(entry["path"].as_str(), Some(".gitattributes" | "README.md")));
    own.map(|entry| (entry["path"].as_str().unwrap().to_owned(), entry["lfs"]["oid"].clone())).collect()
}

#[tokio::test]
async fn every_operation_does_what_it_says() {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    let weights = "0123456789abcdef".repeat(400_000);
    let operations = json!([
        add("a.txt", "A"),
        add("b.txt", "grüße\n"),
        add("dir/x.txt", "X"),
        add("dir/y.txt", "Y"),
        add("empty", ""),
        add("weights.safetensors", &weights),
    ]);
    let (first, skipped) = committed(&mut io, operations).await;
    assert!(skipped.is_empty());
    let foreign: Vec<_> =
        io.exchanges.take().into_iter().filter(|sent| sent.url.starts_with(&app.hub.cdn_origin)).collect();
    assert!(foreign.iter().all(|sent| sent.method == "PUT" && !sent.authorized), "an upload needs no token");
    assert_eq!(foreign.len(), 1, "one file is large");
    let (second, _) = committed(
        &mut io,
        json!([
            { "operation": "rename", "path": "moved/a.txt", "from": "a.txt" },
            { "operation": "copy", "path": "copy.txt", "from": "b.txt" },
            { "operation": "rename", "path": "model.safetensors", "from": "weights.safetensors" },
            { "operation": "copy", "path": "again.safetensors", "from": "weights.safetensors" },
            { "operation": "delete", "path": "dir/" },
            { "operation": "delete", "path": "empty" },
        ]),
    )
    .await;
    assert!(
        io.exchanges.take().iter().all(|sent| !sent.url.starts_with(&app.hub.cdn_origin)),
        "large files stay in place"
    );
    let files = tree(&mut io).await;
    let paths: Vec<_> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["again.safetensors", "b.txt", "copy.txt", "model.safetensors", "moved/a.txt"]);
    assert!(files[0].1.is_string() && files[0].1 == files[3].1, "both are the same large file");
    for (path, expected) in [
        ("moved/a.txt", "A"),
        ("b.txt", "grüße\n"),
        ("copy.txt", "grüße\n"),
        ("model.safetensors", &weights),
        ("again.safetensors", &weights),
    ] {
        assert!(content(&mut io, path).await == expected.as_bytes(), "{path}");
    }
    let log = json(&mut io, &LIST_COMMITS, json!({ "repo": REPO, "limit": 2 })).await;
    assert_eq!((&log[0]["id"], &log[1]["id"]), (&second["commitOid"], &first["commitOid"]));
    assert_eq!((&log[0]["title"], log[0]["message"].as_str().unwrap().trim()), (&json!("Change"), "For a test"));
}

#[tokio::test]
async fn what_is_there_already_is_not_sent_again() {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    let large = "w".repeat(5000);
    let (first, _) = committed(&mut io, json!([add("a.txt", "A"), add("w.safetensors", &large)])).await;
    let (_, skipped) =
        committed(&mut io, json!([add("a.txt", "A"), add("w.safetensors", &large), add("b.txt", "B")])).await;
    assert_eq!(skipped, ["a.txt", "w.safetensors"]);
    io.exchanges.take();
    let params = json!({ "repo": REPO, "title": "Again", "operations": [add("a.txt", "A"), add("b.txt", "B")] });
    let outcome = commit(&mut io, params).await.unwrap();
    assert!(outcome.reply.is_none(), "a commit without a change");
    assert_eq!(outcome.skipped, ["a.txt", "b.txt"]);
    let sent: Vec<_> = io.exchanges.take().into_iter().map(|sent| sent.url).collect();
    assert!(sent.len() == 1 && sent[0].contains("/preupload/"), "{sent:?}");
    let head = json(&mut io, &LIST_COMMITS, json!({ "repo": REPO, "limit": 1 })).await[0]["id"].clone();
    assert_eq!(outcome.commit_oid.as_deref(), head.as_str());
    // The branch has gone on since the first commit.
    let params = json!({
        "repo": REPO, "title": "Late", "parentCommit": first["commitOid"], "operations": [add("a.txt", "other")],
    });
    assert_eq!(commit(&mut io, params).await.unwrap_err().kind, ErrorKind::PreconditionFailed);
    assert_eq!(content(&mut io, "a.txt").await, b"A");
}
