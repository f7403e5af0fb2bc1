use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use emulator::http::app::{App, Options};
use serde_json::{Value, json};

use crate::chat::{CHAT, ask};
use crate::support::{Reply, WRITE, get, send, send_text};

fn open(folder: &Path) -> Arc<App> {
    App::open(Options { data: Some(folder.to_owned()), ..Options::default() }).unwrap()
}

async fn write(app: &Arc<App>, path: &str, body: Value) -> Reply {
    let reply = send(app, "POST", path, &[WRITE], body).await;
    assert!(reply.status.is_success(), "{path}: {}", reply.text());
    reply
}

/// Everything that the changes below can be seen in.
async fn look(app: &Arc<App>) -> Vec<Value> {
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
        let reply = get(app, path, &[WRITE]).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        seen.push(reply.json());
    }
    seen
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path());
    write(&app, "/api/repos/create", json!({ "name": "kept", "type": "model" })).await;
    let lines = [
        json!({ "key": "header", "value": { "summary": "Add a file" } }),
        json!({ "key": "file", "value": { "path": "a.txt", "content": "hello", "encoding": "utf-8" } }),
    ];
    let body = lines.map(|line| line.to_string()).join("\n");
    let committed = send_text(&app, "POST", "/api/models/alice/kept/commit/main", &[WRITE], body).await;
    let oid = committed.json()["commitOid"].as_str().unwrap().to_owned();
    write(&app, "/api/models/alice/kept/branch/dev", json!({})).await;
    write(&app, "/api/models/acme/tiny-bert/discussions", json!({ "title": "Kept?", "description": "Is it?" })).await;
    write(&app, "/api/collections", json!({ "title": "Kept", "namespace": "alice" })).await;
    let webhook =
        json!({ "watched": [{ "type": "user", "name": "alice" }], "domains": ["repo"], "url": "http://127.0.0.1:9/x" });
    write(&app, "/api/settings/webhooks", webhook).await;
    write(&app, CHAT, ask("hi")).await;
    let before = look(&app).await;
    let spent: i64 = app.hub.db().query_row("select sum(nano_dollars) from spending", [], |row| row.get(0)).unwrap();
    let id = before[0]["_id"].as_str().unwrap().to_owned();
    drop(app);

    let app = open(folder.path());
    assert_eq!(look(&app).await, before);
    assert_eq!(before[0]["sha"], oid);
    let file = get(&app, "/alice/kept/raw/main/a.txt", &[WRITE]).await;
    assert_eq!(file.text(), "hello");
    let now: i64 = app.hub.db().query_row("select sum(nano_dollars) from spending", [], |row| row.get(0)).unwrap();
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
    let app = open(folder.path());
    write(&app, "/api/repos/create", json!({ "name": "kept", "type": "model" })).await;
    write(&app, "/_emulator/reset", Value::Null).await;
    drop(app);
    let app = open(folder.path());
    assert_eq!(get(&app, "/api/models/alice/kept", &[WRITE]).await.status, 404);
    assert_eq!(get(&app, "/api/models/acme/tiny-bert/commits/main", &[]).await.status, 200);
}

/// The emulator as a program that keeps its data in the folder.
fn spawn(folder: &Path) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emulator"));
    command.args(["--port", "0", "--no-rate-limit", "--data"]).arg(folder);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// Its address, once it answers.
fn address(child: &mut Child) -> String {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.find(|line| line.as_ref().unwrap().starts_with("Hub")).unwrap().unwrap();
    // The program must not find its output closed.
    std::thread::spawn(move || lines.for_each(drop));
    line.split_whitespace().last().unwrap().to_owned()
}

/// Ends it as `kill -9` does.
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn count(app: &Arc<App>, table: &str) -> i64 {
    app.hub.db().query_row(&format!("select count(*) from {table}"), [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_first_start_that_is_killed_begins_anew() {
    let whole = open(tempfile::tempdir().unwrap().path());
    let expected = ["accounts", "repos", "collections", "webhooks", "discussions"].map(|table| count(&whole, table));
    let started = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let mut child = spawn(folder.path());
    address(&mut child);
    let takes = started.elapsed();
    kill(child);
    for part in 1..10 {
        let folder = tempfile::tempdir().unwrap();
        let child = spawn(folder.path());
        std::thread::sleep(takes * part / 10);
        kill(child);
        let app = open(folder.path());
        let found = ["accounts", "repos", "collections", "webhooks", "discussions"].map(|table| count(&app, table));
        assert_eq!(found, expected, "killed after {part}/10 of {takes:?}");
        for path in ["/api/models/acme/tiny-bert/tree/main", "/api/models/acme/tiny-bert/discussions"] {
            assert_eq!(get(&app, path, &[]).await.status, 200, "killed after {part}/10 of {takes:?}: {path}");
        }
    }
}

/// Row and git say the same of every repository that has files.
fn consistent(app: &Arc<App>) {
    let mut seen = 0;
    for folder in fs::read_dir(app.hub.data.join("git")).unwrap() {
        let path = folder.unwrap().path();
        let id =
            path.file_name().unwrap().to_str().unwrap().strip_suffix(".git").expect("nothing half made").to_owned();
        let git = git2::Repository::open_bare(&path).unwrap();
        let main = git.refname_to_id("refs/heads/main").unwrap().to_string();
        let sha: String =
            app.hub.db().query_row("select sha from repos where id = ?", [&id], |row| row.get(0)).expect("a row");
        assert_eq!(sha, main, "{id}");
        seen += 1;
    }
    assert!(seen > 5);
}

#[tokio::test]
async fn a_kill_during_changes_leaves_rows_and_git_in_step() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let client = reqwest::Client::new();
    for round in 0..12u64 {
        let mut child = spawn(folder.path());
        let origin = address(&mut child);
        let mut tasks = Vec::new();
        for worker in 0..3 {
            let (client, origin) = (client.clone(), origin.clone());
            tasks.push(tokio::spawn(async move {
                for turn in 0.. {
                    let name = format!("r{round}-{worker}-{turn}");
                    let post = |path: String| client.post(format!("{origin}{path}")).bearer_auth("hf_emulator_write");
                    let created = post("/api/repos/create".into()).json(&json!({ "name": name })).send().await;
                    let lines = [
                        json!({ "key": "header", "value": { "summary": "Change" } }),
                        json!({ "key": "file", "value": { "path": "README.md", "content": format!("---\nlicense: mit\ntags: [t{turn}]\n---\n") } }),
                    ];
                    let body = lines.map(|line| line.to_string()).join("\n");
                    let commit = |repo: &str| post(format!("/api/models/{repo}/commit/main")).body(body.clone()).send();
                    let shared = commit("acme/tiny-bert").await;
                    let own = commit(&format!("alice/{name}")).await;
                    let pull = json!({ "title": "Pull", "description": "", "pullRequest": true });
                    let opened = post(format!("/api/models/alice/{name}/discussions")).json(&pull).send().await;
                    if [created, shared, own, opened].iter().any(Result::is_err) {
                        return;
                    }
                }
            }));
        }
        tokio::time::sleep(Duration::from_millis(60 + 37 * (round % 5))).await;
        kill(child);
        for task in tasks {
            task.await.unwrap();
        }
        let app = open(folder.path());
        consistent(&app);
        let reply = send_text(
            &app,
            "POST",
            "/api/models/acme/tiny-bert/commit/main",
            &[WRITE],
            "{\"key\":\"header\",\"value\":{\"summary\":\"After\"}}\n{\"key\":\"file\",\"value\":{\"path\":\"after\",\"content\":\"x\"}}".to_owned(),
        );
        assert_eq!(reply.await.status, 200, "a repository takes commits after a kill");
    }
}

#[tokio::test]
async fn what_a_kill_has_left_is_put_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let app = open(folder.path());
    let created = write(&app, "/api/repos/create", json!({ "name": "moved", "type": "model" })).await;
    assert!(created.json()["url"].is_string());
    let pull = json!({ "title": "Pull it", "description": "x", "pullRequest": true });
    write(&app, "/api/models/alice/moved/discussions", pull).await;
    let info = get(&app, "/api/models/alice/moved", &[WRITE]).await.json();
    let (id, old) = (info["_id"].as_str().unwrap().to_owned(), info["sha"].as_str().unwrap().to_owned());
    let readme = json!({ "key": "file", "value": { "path": "README.md", "content": "---\nlicense: mit\n---\n" } });
    let body = format!("{}\n{readme}", json!({ "key": "header", "value": { "summary": "Add" } }));
    let commit = send_text(&app, "POST", "/api/models/alice/moved/commit/main", &[WRITE], body).await;
    let new = commit.json()["commitOid"].as_str().unwrap().to_owned();
    // As if the program had been killed after git and before the rows.
    app.hub.db().execute("update repos set sha = ?, meta = '{}' where id = ?", [&old, &id]).unwrap();
    drop(app);
    let git = folder.path().join(format!("git/{id}.git"));
    let (lfs, parts) = (folder.path().join("lfs/.tmpabc"), folder.path().join("lfs/parts/x"));
    for half in
        [folder.path().join("git/.new-abc"), folder.path().join("git/0123456789abcdef01234567.git"), parts.clone()]
    {
        fs::create_dir_all(half.join("refs")).unwrap();
    }
    for file in [lfs.clone(), git.join("refs/heads/main.lock"), git.join("packed-refs.lock")] {
        fs::write(file, "").unwrap();
    }
    let bare = git2::Repository::open_bare(&git).unwrap();
    let tip = bare.refname_to_id("refs/heads/main").unwrap();
    bare.reference("refs/pr/7", tip, false, "").unwrap();
    bare.find_reference("refs/pr/1").unwrap().delete().unwrap();

    let app = open(folder.path());
    consistent(&app);
    let info = get(&app, "/api/models/alice/moved", &[WRITE]).await.json();
    assert_eq!((&info["sha"], &info["cardData"]["license"]), (&json!(new), &json!("mit")));
    assert!(!lfs.exists() && !parts.exists());
    let refs = get(&app, "/api/models/alice/moved/refs?include_prs=true", &[WRITE]).await.json();
    let pulls: Vec<_> = refs["pullRequests"].as_array().unwrap().iter().map(|one| one["ref"].clone()).collect();
    assert_eq!(pulls, [json!("refs/pr/1")]);
    assert_eq!(
        send_text(
            &app,
            "POST",
            "/api/models/alice/moved/commit/main",
            &[WRITE],
            format!(
                "{}\n{}",
                json!({ "key": "header", "value": { "summary": "x" } }),
                json!({ "key": "file", "value": { "path": "b", "content": "b" } })
            ),
        )
        .await
        .status,
        200,
        "no lock is left"
    );
}
