use serde_json::{Value, json};

use crate::wire::*;

#[tokio::test]
async fn a_commit_answers_with_its_address() {
    let id = model("answers").await;
    let answer = commit(&id, &[file("a.txt", "hello")]).await.good();
    let oid = answer["commitOid"].as_str().unwrap();
    let url = format!("http://127.0.0.1:8787/{id}/commit/{oid}");
    assert_eq!(answer, json!({ "success": true, "commitUrl": url, "commitOid": oid, "hookOutput": "" }));
    let commits = get(&format!("/api/models/{id}/commits/main")).await.good();
    assert_eq!((&commits[0]["id"], &commits[0]["authors"][0]["user"]), (&json!(oid), &json!("alice")));
    assert_eq!(get(&format!("/api/models/{id}")).await.good()["sha"], *oid);
}

#[tokio::test]
async fn refusals_have_the_recorded_texts() {
    let id = model("refusals").await;
    let stale = json!({ "summary": "s", "parentCommit": "0000000" });
    for (lines, status, code, text) in [
        (
            vec![("header", stale), file("a", "a")],
            412,
            "",
            "The branch was updated since you opened this page. Please refresh and try again.",
        ),
        (vec![("deletedFile", json!({ "path": "none" }))], 404, "EntryNotFound", "A file with this name doesn't exist"),
        (vec![("lfsFile", json!({ "path": "w", "oid": "0".repeat(64), "size": 3 }))], 400, "", ""),
        (vec![file("../a", "a")], 400, "", ""),
        (vec![file("..\\ddd", "a")], 422, "", ""),
        (
            vec![file("README.md", "\n---\nmodel-index: foo\n---\n")],
            400,
            "",
            "Invalid metadata in README.md: \"model-index\" must be an array",
        ),
        (vec![file("/a", "a")], 400, "", ""),
        (vec![file(".git/hooks/x", "a")], 400, "", ""),
        (vec![], 400, "", ""),
    ] {
        let reply = commit(&id, &lines).await;
        assert_eq!((reply.status, reply.header("x-error-code")), (status, code), "{}", reply.text());
        assert!(text.is_empty() || reply.json()["error"] == text, "{}", reply.text());
    }
    commit(&id, &[file("folder/..\\..\\..\\file", "a")]).await.good();
    commit(&id, &[("deletedFile", json!({ "path": "folder" }))]).await.good();
    assert_eq!(commit_to(&id, "nope", ALICE, &[file("a", "a")]).await.header("x-error-code"), "RevisionNotFound");
    assert_eq!(get(&format!("/api/models/{id}/commits/main")).await.header("x-total-count"), "3");
}

#[tokio::test]
async fn a_pull_request_leaves_the_branch_alone() {
    let id = model("proposals").await;
    assert_eq!(commit_to(&id, "main", BOB, &[file("b", "b")]).await.status, 403);
    let head = get(&format!("/api/models/{id}")).await.good()["sha"].as_str().unwrap().to_owned();
    let nowhere = commit_to(&id, &format!("{head}?create_pr=1"), BOB, &[file("b", "b")]).await;
    assert_eq!((nowhere.status, nowhere.header("x-error-code")), (404, "RevisionNotFound"));
    let answer = commit_to(&id, "main?create_pr=1", BOB, &[file("b", "b")]).await.good();
    assert_eq!(answer["pullRequestUrl"], format!("http://127.0.0.1:8787/{id}/discussions/1"));
    let refs = get(&format!("/api/models/{id}/refs?include_prs=1")).await.good();
    assert_eq!(refs["pullRequests"][0]["targetCommit"], answer["commitOid"]);
    let paths = async |revision: &str| {
        let entries = get(&format!("/api/models/{id}/tree/{revision}")).await.good();
        let path = |entry: &Value| entry["path"].as_str().unwrap().to_owned();
        entries.as_array().unwrap().iter().map(path).collect::<Vec<_>>()
    };
    assert_eq!(paths("refs%2Fpr%2F1").await, [".gitattributes", "b"]);
    assert_eq!(paths("refs/pr/1").await, [".gitattributes", "b"]);
    assert_eq!(paths("main").await, [".gitattributes"]);
}

#[tokio::test]
async fn commits_come_in_pages() {
    let id = model("history").await;
    for number in 1..5 {
        let header = ("header", json!({ "summary": format!("Step {number}"), "description": "<why>" }));
        commit(&id, &[header, file("a", &number.to_string())]).await.good();
    }
    let mut address = format!("/api/models/{id}/commits/main?limit=2&expand[]=formatted");
    let mut titles = Vec::new();
    for left in [true, true, false] {
        let page = get(&address).await;
        assert_eq!(page.header("x-total-count"), "5");
        titles.extend(page.good().as_array().unwrap().iter().map(|commit| commit["title"].clone()));
        let link = page.header("link").to_owned();
        assert_eq!(!link.is_empty(), left);
        if left {
            address = link.split_once('>').unwrap().0.trim_start_matches('<').to_owned();
            assert!(link.ends_with("; rel=\"next\"") && address.starts_with("http://127.0.0.1:8787/api/"), "{link}");
        }
    }
    assert_eq!(titles, ["Step 4", "Step 3", "Step 2", "Step 1", "initial commit"]);
    let first = &get(&format!("/api/models/{id}/commits/main?limit=1&expand=formatted")).await.good()[0];
    assert_eq!(first["formatted"], json!({ "title": "<p>Step 4</p>", "message": "<p>&lt;why&gt;</p>" }));
    assert_eq!(get(&format!("/api/models/{id}/commits/main?limit=1001")).await.status, 400);
    assert_eq!(get(&format!("/api/models/{id}/commits/main?p=9")).await.good(), json!([]));
}

#[tokio::test]
async fn history_can_be_squashed() {
    let id = model("squash").await;
    commit(&id, &[file("a", "a")]).await.good();
    let squashed = post(&format!("/api/models/{id}/super-squash/main"), json!({ "message": "All" })).await.good();
    let commits = get(&format!("/api/models/{id}/commits/main")).await.good();
    assert_eq!((commits.as_array().unwrap().len(), &commits[0]["id"]), (1, &squashed["commitId"]));
    assert_eq!(get(&format!("/{id}/raw/main/a")).await.text(), "a");
}

#[tokio::test]
async fn preupload_sorts_files() {
    let id = model("preupload").await;
    let old = commit(&id, &[file("old.txt", "old"), file(".gitignore", "*.log\n")]).await.good()["commitOid"].clone();
    let files = json!([
        { "path": "model.safetensors", "size": 20, "sample": "AAAA" },
        { "path": "empty.bin", "size": 0, "sample": "" },
        { "path": "notes.md", "size": 7, "sample": "IyBIZWxsbw==" },
        { "path": "long.txt", "size": 10_000_001, "sample": "YQ==" },
        { "path": "data", "size": 1_000_001, "sample": "AAAA" },
        { "path": "little", "size": 1000, "sample": "AAAA" },
        { "path": "old.txt", "size": 3, "sample": "b2xk" },
        { "path": "d/x.log", "size": 3, "sample": "b2xk" },
    ]);
    let path = format!("/api/models/{id}/preupload/main");
    let answer = post(&path, json!({ "files": files })).await.good();
    assert_eq!(answer["commitOid"], old);
    let files = answer["files"].as_array().unwrap();
    let modes: Vec<_> = files.iter().map(|file| file["uploadMode"].as_str().unwrap()).collect();
    assert_eq!(modes, ["lfs", "regular", "regular", "lfs", "lfs", "regular", "regular", "regular"]);
    assert_eq!(files[6]["oid"], "489ce0f857e7634a0eb9f328265a3e91fad49f61");
    let ignored: Vec<_> = files.iter().filter(|file| file["shouldIgnore"] == true).collect();
    assert_eq!((ignored.len(), &ignored[0]["path"], ignored[0].get("oid")), (1, &json!("d/x.log"), None));
    let one = json!([{ "path": "x.dat", "size": 3, "sample": "b2xk" }]);
    let given = json!({ "files": one, "gitAttributes": "*.dat filter=lfs", "gitIgnore": "x.*" });
    let answer = post(&path, given).await.good();
    assert_eq!((&answer["files"][0]["uploadMode"], &answer["files"][0]["shouldIgnore"]), (&json!("lfs"), &json!(true)));
    for body in [
        json!({}),
        json!({ "files": [{ "path": "x" }] }),
        json!({ "files": [{ "path": "x", "size": -1, "sample": "" }] }),
    ] {
        assert_eq!(post(&path, body).await.status, 422);
    }
}

#[tokio::test]
async fn revisions_are_compared() {
    let id = model("compare").await;
    let first = get(&format!("/api/models/{id}")).await.good()["sha"].as_str().unwrap().to_owned();
    commit(&id, &[file("a.txt", "hello\n")]).await.good();
    let diff = get(&format!("/api/models/{id}/compare/{first}..main")).await.good();
    assert!(diff.as_str().unwrap().contains("+++ b/a.txt\n@@ -0,0 +1 @@\n+hello\n"), "{diff}");
    let raw = get(&format!("/api/models/{id}/compare/main..{first}?raw=true")).await;
    assert!(raw.text().contains("-hello"), "{}", raw.text());
    assert_eq!(get(&format!("/api/models/{id}/compare/main..none")).await.header("x-error-code"), "RevisionNotFound");
    assert_eq!(get(&format!("/api/models/{id}/compare/main")).await.status, 400);
}

#[tokio::test]
async fn a_folder_holds_ten_thousand_entries_and_no_more() {
    let id = model("crowded").await;
    let names = |range: std::ops::Range<usize>| -> Vec<(&'static str, Value)> {
        range.map(|number| file(&format!("many/{number}.txt"), "")).collect()
    };
    commit(&id, &names(0..10_000)).await.good();
    let before = get(&format!("/api/models/{id}")).await.good()["sha"].clone();
    let refused = commit(&id, &[file("many/one-more.txt", "")]).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("up to 10000 files"), "{}", refused.text());
    assert_eq!(get(&format!("/api/models/{id}")).await.good()["sha"], before);
    commit(&id, &[file("many/deeper/one.txt", ""), ("deletedFile", json!({ "path": "many/0.txt" }))]).await.good();
    commit(&id, &[file("elsewhere/one-more.txt", "")]).await.good();
    let files: Vec<Value> =
        (0..=10_000).map(|number| json!({ "path": format!("a/{number}"), "content": "" })).collect();
    let created = post("/api/repos/create", json!({ "name": "crowded-at-birth", "files": files })).await;
    assert_eq!(created.status, 400);
}
