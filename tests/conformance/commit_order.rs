//! Operations of one commit that touch the same paths: what stands there afterwards, whatever was there before.

use std::collections::BTreeMap;

use hf_wasm::core::failure::ErrorKind;
use hf_wasm::core::io::Reply as _;
use hf_wasm::endpoints::files::RESOLVE;
use hf_wasm::endpoints::repos::{COMMIT, LIST_COMMITS, LIST_FILES};
use serde_json::{Value, json};

use crate::calls::{app, commit, json, send, writer};
use crate::io::EmulatorIo;

const REPO: &str = "alice/playground";

/// `+path:content`, `-path`, `from>path` and `from=path` (a copy), in one line.
fn operations(text: &str) -> Value {
    let operation = |text: &str| match text.split_once(['>', '=']) {
        _ if text.starts_with('+') => {
            let (path, content) = text[1..].split_once(':').unwrap();
            json!({ "operation": "addOrUpdate", "path": path, "content": content_of(path, content) })
        }
        None => json!({ "operation": "delete", "path": text[1..] }),
        Some((from, path)) if text.contains('>') => json!({ "operation": "rename", "path": path, "from": from }),
        Some((from, path)) => json!({ "operation": "copy", "path": path, "from": from }),
    };
    text.split_whitespace().map(operation).collect()
}

/// A file whose name ends with `.bin` is a large one.
fn content_of(path: &str, content: &str) -> String {
    if path.ends_with(".bin") { content.repeat(100) } else { content.to_owned() }
}

async fn committed(io: &mut EmulatorIo, text: &str) -> (Vec<String>, bool) {
    let params = json!({ "repo": REPO, "title": "Change", "operations": operations(text) });
    let outcome = commit(io, params).await.unwrap_or_else(|failure| panic!("{text}: {failure:?}"));
    assert!(outcome.commit_oid.is_some(), "{text}: the commit, or the head of the branch, is named");
    (outcome.skipped, outcome.reply.is_some())
}

/// The files of the branch, as `path:content`.
async fn tree(io: &mut EmulatorIo) -> Vec<String> {
    let entries = json(io, &LIST_FILES, json!({ "repo": REPO, "recursive": true })).await;
    let mut files = BTreeMap::new();
    for entry in entries.as_array().unwrap().iter().filter(|entry| entry["type"] == "file") {
        let path = entry["path"].as_str().unwrap();
        if !path.starts_with('.') && path != "README.md" {
            let bytes = send(io, &RESOLVE, json!({ "repo": REPO, "path": path })).await.unwrap().bytes();
            let content = String::from_utf8(bytes).unwrap();
            assert_eq!(path.ends_with(".bin"), entry["lfs"].is_object(), "{path}");
            files.insert(path.to_owned(), if path.ends_with(".bin") { content[..1].to_owned() } else { content });
        }
    }
    files.into_iter().map(|(path, content)| format!("{path}:{content}")).collect()
}

/// Starts with these files, changes them, and gives what is there, what was skipped, and whether a commit was made.
async fn after(start: &str, change: &str) -> (String, String, bool) {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    committed(&mut io, start).await;
    let (skipped, made) = committed(&mut io, change).await;
    (tree(&mut io).await.join(" "), skipped.join(" "), made)
}

#[tokio::test]
async fn what_each_commit_leaves() {
    let cases = [
        // What a commit deletes or moves and brings back unchanged stays.
        ("+logs/a:A +logs/b:B", "-logs/ +logs/a:A +logs/c:C", "logs/a:A logs/c:C", ""),
        ("+x:X", "x>y +x:X", "x:X y:X", ""),
        ("+x.bin:X", "x.bin>y.bin +x.bin:X", "x.bin:X y.bin:X", ""),
        ("+x.bin:X +d/y.bin:Y +d/z:Z", "-d/ +d/y.bin:Y", "d/y.bin:Y x.bin:X", ""),
        // Deleted and added again.
        ("+a:A +b:B", "-a +a:2", "a:2 b:B", ""),
        ("+a:A +b:B", "-a +a:A -b", "a:A", "a"),
        ("+d:D", "-d +d/e:E", "d/e:E", ""),
        ("+d/e:E", "-d/ +d:D", "d:D", ""),
        ("+d/e:E +d/f:F", "-d +d/e:E", "d/e:E", ""),
        ("+d/e:E +d/f:F", "-d/e -d/ +d/e:E", "d/e:E", ""),
        // Renames read the parent commit.
        ("+a:A +b:B", "a>b b>a", "a:B b:A", ""),
        ("+a.bin:A +b.bin:B", "a.bin>b.bin b.bin>a.bin", "a.bin:B b.bin:A", ""),
        ("+a:A +b:B +c:C", "a>b b>c c>a", "a:C b:A c:B", ""),
        ("+a:A +b:B", "b>c a>b", "b:A c:B", ""),
        ("+a:A +b:B", "a>b b>c", "b:A c:B", ""),
        ("+d/a:A +e:E", "d/a>b -d/", "b:A e:E", ""),
        ("+d/a:A +d/c:C", "-d/ d/a>b", "b:A", ""),
        ("+a:A", "-a a>b", "b:A", ""),
        ("+a:A +b:B", "-b a>b", "b:A", ""),
        // Copies too.
        ("+a:A", "a=b +a:2", "a:2 b:A", ""),
        ("+a:A", "+a:2 a=b", "a:2 b:A", ""),
        ("+a:A", "a=b a>c", "b:A c:A", ""),
        ("+a:A +b:A +c:C", "a=b -c", "a:A b:A", "b"),
        ("+a.bin:A +b.bin:A +c:C", "a.bin=b.bin -c", "a.bin:A b.bin:A", "b.bin"),
        ("+a:A +b:A", "-b a=b +c:C", "a:A b:A c:C", "b"),
        // What is gone already need not be deleted twice.
        ("+a:A +d/b:B +e:E", "-d/ -d/b -a -a", "e:E", ""),
        ("+a:A +e:E", "a>b -a", "b:A e:E", ""),
    ];
    for (start, change, left, skipped) in cases {
        let found = after(start, change).await;
        assert_eq!(found, (left.to_owned(), skipped.to_owned(), true), "{start} | {change}");
    }
}

#[tokio::test]
async fn without_a_change_no_commit_is_made() {
    let changes = [
        ("+a:A", "a"),
        ("-a +a:A", "a"),
        ("a=a", "a"),
        ("a=b", "b"),
        ("-b a=b", "b"),
        ("w.bin=v.bin", "v.bin"),
        ("-w.bin +w.bin:W", "w.bin"),
        // Files that swap equal contents.
        ("a>b b>a", "b a"),
        ("w.bin>v.bin v.bin>w.bin", "v.bin w.bin"),
        ("a>b b>d/a d/a>a", "b d/a a"),
        ("a>b +a:A", "b a"),
        ("a>b b=a", "b a"),
        // Folders that are written again.
        ("-d/ +d/a:A +d/e/x.bin:W", "d/a d/e/x.bin"),
        ("-d +d/e/x.bin:W +d/a:A", "d/e/x.bin d/a"),
        ("-d/ a=d/a w.bin=d/e/x.bin", "d/a d/e/x.bin"),
        ("-d/e/ -d/ +d/a:A +d/e/x.bin:W", "d/a d/e/x.bin"),
        ("-d/e/ +d/e/x.bin:W a>b b>a -w.bin +w.bin:W", "d/e/x.bin b a w.bin"),
    ];
    let app = app();
    let mut io = writer(&app, &COMMIT);
    committed(&mut io, "+a:A +b:A +w.bin:W +v.bin:W +d/a:A +d/e/x.bin:W").await;
    for (change, unchanged) in changes {
        let (skipped, made) = committed(&mut io, change).await;
        assert_eq!((skipped.join(" ").as_str(), made), (unchanged, false), "{change}");
    }
    assert_eq!(tree(&mut io).await.join(" "), "a:A b:A d/a:A d/e/x.bin:W v.bin:W w.bin:W");
}

#[tokio::test]
async fn what_comes_back_but_for_one_file_is_a_change() {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    committed(&mut io, "+a:A +b:A +d/a:A +d/x.bin:W").await;
    let cases = [
        ("-d/ +d/a:A +d/x.bin:W -b", "a:A d/a:A d/x.bin:W"),
        ("-d +d/a:A +d/x.bin:W +d/c:C", "a:A d/a:A d/c:C d/x.bin:W"),
        ("-d/ +d/a:A +d/x.bin:W +d/c:B", "a:A d/a:A d/c:B d/x.bin:W"),
        ("-d/ +d/a:A +d/c:B", "a:A d/a:A d/c:B"),
        ("a>b +a:A", "a:A b:A d/a:A d/c:B"),
    ];
    for (change, left) in cases {
        let (_, made) = committed(&mut io, change).await;
        assert_eq!((tree(&mut io).await.join(" ").as_str(), made), (left, true), "{change}");
    }
}

#[tokio::test]
async fn one_content_is_uploaded_once() {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    committed(&mut io, "+a.bin:A +b.bin:A +d/c.bin:A +e.bin:E").await;
    let sent = io.exchanges.take();
    assert_eq!(sent.iter().filter(|sent| sent.method == "PUT").count(), 2);
    assert_eq!(tree(&mut io).await, ["a.bin:A", "b.bin:A", "d/c.bin:A", "e.bin:E"]);
}

#[tokio::test]
async fn many_sources_are_asked_for_in_batches() {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    let names = |sign: &str| (0..1500).map(|at| format!("{sign}{at}:x")).collect::<Vec<_>>().join(" ");
    committed(&mut io, &names("+")).await;
    io.exchanges.take();
    let moves = (0..1500).map(|at| format!("{at}>d/{at}")).collect::<Vec<_>>().join(" ");
    committed(&mut io, &moves).await;
    let sent = io.exchanges.take();
    assert_eq!(sent.iter().filter(|sent| sent.url.contains("/paths-info/")).count(), 2);
    let last = send(&mut io, &RESOLVE, json!({ "repo": REPO, "path": "d/1499" })).await.unwrap();
    assert_eq!(last.bytes(), b"x");
}

#[tokio::test]
async fn a_source_that_is_missing_is_named() {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    let params = json!({ "repo": REPO, "title": "Change", "operations": operations("+a:A nothing>b") });
    let failure = commit(&mut io, params).await.unwrap_err();
    assert_eq!((failure.kind, failure.field.as_deref()), (ErrorKind::NotFound, Some("operations[1].from")));
}

#[tokio::test]
async fn the_card_is_judged_before_anything_is_uploaded() {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    let before = json(&mut io, &LIST_COMMITS, json!({ "repo": REPO })).await;
    io.exchanges.take();
    let card = json!({ "operation": "addOrUpdate", "path": "README.md", "content": "---\nlicense: [\n---\n" });
    let mut all = operations("+w.bin:W");
    all.as_array_mut().unwrap().push(card);
    let failure = commit(&mut io, json!({ "repo": REPO, "title": "Change", "operations": all })).await.unwrap_err();
    assert_eq!((failure.kind, failure.field.as_deref()), (ErrorKind::InvalidInput, Some("operations[1].content")));
    assert!(io.exchanges.take().iter().all(|sent| sent.method != "PUT"), "nothing is uploaded");
    assert_eq!(json(&mut io, &LIST_COMMITS, json!({ "repo": REPO })).await, before);
}

#[tokio::test]
async fn the_ignore_file_of_the_commit_is_followed() {
    let app = app();
    let mut io = writer(&app, &COMMIT);
    let operations = operations("+.gitignore:*.tmp +a.tmp:A +b:B");
    let params = json!({ "repo": REPO, "title": "Change", "operations": operations });
    let outcome = commit(&mut io, params).await.unwrap();
    assert_eq!((outcome.ignored, outcome.skipped), (vec!["a.tmp".to_owned()], vec![]));
    assert_eq!(tree(&mut io).await, ["b:B"]);
    // One that is deleted is followed no longer.
    committed(&mut io, "-.gitignore +a.tmp:A").await;
    assert_eq!(tree(&mut io).await, ["a.tmp:A", "b:B"]);
}
