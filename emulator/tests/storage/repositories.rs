use serde_json::json;

use crate::wire::*;

#[tokio::test]
async fn a_repository_is_created_once() {
    let created = post("/api/repos/create", json!({ "name": "once", "organization": "alice", "private": true })).await;
    let answer = created.good();
    assert_eq!((&answer["name"], &answer["url"]), (&json!("alice/once"), &json!("http://127.0.0.1:8787/alice/once")));
    let again = post("/api/repos/create", json!({ "name": "once" })).await;
    assert_eq!(again.status, 409);
    assert_eq!(again.json()["error"], "You already created this model repo");
    assert_eq!(again.json()["url"], answer["url"]);
    assert_eq!(send("GET", "/api/models/alice/once/refs", BOB, "").await.status, 404);
    assert_eq!(send("GET", "/api/models/alice/once/refs", NOBODY, "").await.status, 401);
}

#[tokio::test]
async fn what_cannot_be_created_is_refused() {
    for (body, status) in [
        (json!({}), 400),
        (json!({ "name": "a--b" }), 400),
        (json!({ "name": "x", "type": "thing" }), 400),
        (json!({ "name": "x", "type": "space" }), 400),
        (json!({ "name": "x", "visibility": "protected" }), 400),
        (json!({ "name": "x", "organization": "google" }), 403),
        (json!({ "name": "x", "organization": "nobody-there" }), 403),
    ] {
        let reply = post("/api/repos/create", body.clone()).await;
        assert_eq!(reply.status, status, "{body}: {}", reply.text());
        assert_eq!(reply.header("x-error-message"), reply.json()["error"]);
    }
    assert_eq!(send("POST", "/api/repos/create", "hf_emulator_read", "{\"name\":\"x\"}").await.status, 403);
    assert_eq!(send("POST", "/api/repos/create", NOBODY, "{\"name\":\"x\"}").await.status, 401);
}

#[tokio::test]
async fn a_license_and_first_files_are_written() {
    let files = json!([{ "path": "a.bin", "content": "AAE=", "encoding": "base64" }]);
    post("/api/repos/create", json!({ "name": "licensed", "license": "mit", "files": files })).await.good();
    let readme = get("/alice/licensed/raw/main/README.md").await;
    assert_eq!(readme.text(), "---\nlicense: mit\n---\n\n");
    assert_eq!(get("/alice/licensed/raw/main/a.bin").await.body, [0, 1]);
    let info = get("/api/models/alice/licensed").await.good();
    assert_eq!(info["cardData"]["license"], "mit");
    assert!(info["tags"].as_array().unwrap().contains(&json!("license:mit")));
}

#[tokio::test]
async fn a_space_runs_once_it_has_an_app() {
    post("/api/repos/create", json!({ "name": "app", "type": "space", "sdk": "gradio" })).await.good();
    assert_eq!(get("/api/spaces/alice/app/runtime").await.good()["stage"], "NO_APP_FILE");
    let body = json!({ "summary": "Add", "files": [{ "path": "app.py", "content": "print()" }] });
    post("/api/spaces/alice/app/commit/main", body).await.good();
    assert_eq!(get("/api/spaces/alice/app/runtime").await.good()["stage"], "RUNNING");
}

#[tokio::test]
async fn a_moved_repository_redirects_reads_and_writes() {
    model("before").await;
    post("/api/repos/move", json!({ "fromRepo": "alice/before", "toRepo": "acme/after" })).await.good();
    let moved = get("/api/models/alice/before/tree/main?recursive=true").await;
    let expected = (307, "/api/models/acme/after/tree/main?recursive=true");
    assert_eq!((moved.status, moved.header("location")), expected);
    let info = get("/api/models/alice/before").await;
    assert_eq!((info.status, info.header("location")), (307, "/api/models/acme/after"));
    assert_eq!(
        commit("alice/before", &[file("a", "a")]).await.header("location"),
        "/api/models/acme/after/commit/main"
    );
    assert_eq!(commit("acme/after", &[file("a", "a")]).await.status, 200);
    for (from, to, status) in [
        ("acme/after", "google/after", 403),
        ("acme/none", "acme/other", 404),
        ("acme/after", "acme/tiny..bert", 400),
        ("after", "acme/x", 400),
    ] {
        let reply = post("/api/repos/move", json!({ "fromRepo": from, "toRepo": to })).await;
        assert_eq!(reply.status, status, "{from} {to}: {}", reply.text());
    }
}

#[tokio::test]
async fn a_deleted_repository_is_gone() {
    let id = model("gone").await;
    assert_eq!(
        send("DELETE", "/api/repos/delete", BOB, "{\"name\":\"gone\",\"organization\":\"alice\"}").await.status,
        403
    );
    assert_eq!(send("DELETE", "/api/repos/delete", ALICE, "{\"name\":\"gone\"}").await.status, 200);
    let again = send("DELETE", "/api/repos/delete", ALICE, "{\"name\":\"gone\"}").await;
    assert_eq!((again.status, again.header("x-error-code")), (404, "RepoNotFound"));
    assert_eq!(get(&format!("/api/models/{id}/refs")).await.status, 404);
    model("gone").await;
}

#[tokio::test]
async fn settings_are_changed_one_by_one() {
    let id = model("settings").await;
    let path = format!("/api/models/{id}/settings");
    let put = async |body: serde_json::Value| send("PUT", &path, ALICE, body.to_string()).await;
    let changed = put(json!({ "private": true, "gated": "manual", "discussionsDisabled": true })).await.good();
    let expected = json!({ "discussionsDisabled": true, "gated": "manual", "private": true, "visibility": "private" });
    assert_eq!(changed, expected);
    put(json!({ "gated": false })).await.good();
    let info = get(&format!("/api/models/{id}")).await.good();
    assert_eq!((&info["private"], &info["gated"]), (&json!(true), &json!(false)));
    for body in [
        json!({ "gated": "maybe" }),
        json!({ "visibility": "protected" }),
        json!({ "discussionsSorting": "loudest" }),
        json!({ "discussionsDisabled": "yes" }),
        json!([]),
    ] {
        assert_eq!(put(body.clone()).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn yaml_is_validated_before_it_is_committed() {
    let check = async |content: &str| post("/api/validate-yaml", json!({ "content": content })).await;
    let fine = check("---\nlicense: mit\n---\n").await.good();
    assert_eq!(fine, json!({ "errors": [], "warnings": [] }));
    let bad = check("---\nlicense: [mit\n---\n").await;
    assert_eq!(bad.status, 400);
    assert!(bad.json()["errors"][0]["message"].is_string());
    let unknown = check("---\nlicense: asdf\n---\n").await;
    assert_eq!(unknown.status, 400);
    let message = unknown.json()["errors"][0]["message"].clone();
    assert!(message.as_str().unwrap().starts_with("\"license\" must be one of [apache-2.0, "), "{message}");
    let body = json!({ "content": "---\nlicense: asdf\n---\n" }).to_string();
    let text = send_with("POST", "/api/validate-yaml", ALICE, &[("accept", "text/plain")], body).await;
    assert_eq!((text.status, text.header("content-type")), (400, "text/plain; charset=utf-8"));
    assert!(text.text().starts_with("- Error: \"license\" must be one of [apache-2.0, "), "{}", text.text());
    let created = post("/api/repos/create", json!({ "name": "unknown-license", "license": "asdf" })).await;
    assert_eq!(created.status, 400, "{}", created.text());
    let id = model("yaml").await;
    assert_eq!(commit(&id, &[file("README.md", "---\nlicense: asdf\n---\n")]).await.status, 400);
    assert_eq!(commit(&id, &[file("README.md", "---\nlicense: [mit\n---\n")]).await.status, 400);
}

#[tokio::test]
async fn refs_are_created_and_deleted() {
    let id = model("refs").await;
    let api = format!("/api/models/{id}");
    let head = commit(&id, &[file("a", "a")]).await.good()["commitOid"].clone();
    post(&format!("{api}/branch/feat%2Fx"), json!({})).await.good();
    assert_eq!(post(&format!("{api}/branch/feat%2Fx"), json!({})).await.status, 409);
    post(&format!("{api}/branch/empty"), json!({ "emptyBranch": true })).await.good();
    post(&format!("{api}/tag/main"), json!({ "tag": "v1", "message": "First" })).await.good();
    assert_eq!(post(&format!("{api}/tag/main"), json!({ "tag": "v1" })).await.status, 409);
    let refs = get(&format!("{api}/refs")).await.good();
    let branch = |name: &str| json!({ "name": name, "ref": format!("refs/heads/{name}"), "targetCommit": head });
    assert_eq!((&refs["branches"][0], &refs["branches"][2]), (&branch("main"), &branch("feat/x")));
    assert_eq!(refs["tags"], json!([{ "name": "v1", "ref": "refs/tags/v1", "targetCommit": head }]));
    assert_eq!((&refs["converts"], refs.get("pullRequests")), (&json!([]), None));
    assert_eq!(get(&format!("{api}/tree/empty")).await.good(), json!([]));
    for (path, status) in [("branch/feat%2Fx", 200), ("branch/feat%2Fx", 404), ("branch/main", 403), ("tag/v1", 200)] {
        let reply = send("DELETE", &format!("{api}/{path}"), ALICE, "").await;
        assert_eq!(reply.status, status, "{path}: {}", reply.text());
    }
    let bad = post(&format!("{api}/branch/a..b"), json!({})).await;
    assert_eq!(bad.status, 400, "{}", bad.text());
}

#[tokio::test]
async fn the_seed_has_converted_parquet_and_gguf_files() {
    let refs = get("/api/datasets/acme/reviews/refs").await.good();
    let converted = &refs["converts"][0];
    assert_eq!((&converted["name"], &converted["ref"]), (&json!("parquet"), &json!("refs/convert/parquet")));
    let files = get("/api/datasets/acme/reviews/tree/refs%2Fconvert%2Fparquet?recursive=true").await.good();
    let paths: Vec<&str> = files.as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["default", "default/train", "default/train/0000.parquet"]);
    let file = "/datasets/acme/reviews/resolve/refs%2Fconvert%2Fparquet/default/train/0000.parquet";
    assert_eq!(get(file).await.header("x-linked-size"), "96008");
    assert!(!get("/api/datasets/acme/reviews/tree/main").await.text().contains("\"default\""));
    let listed = get("/api/models?apps=ollama&full=true&limit=100").await.good();
    assert!(listed.as_array().unwrap().len() > 10);
    for model in listed.as_array().unwrap() {
        assert!(model["siblings"].to_string().contains(".gguf"), "{model}");
    }
    let quantized = listed.as_array().unwrap().iter().find(|model| model["author"] != "acme").unwrap();
    let (id, sha) = (quantized["id"].as_str().unwrap(), &quantized["sha"]);
    let path = format!("/{id}/resolve/main/{}.gguf", id.split('/').next_back().unwrap());
    let content = send("GET", get(&path).await.header("location"), NOBODY, "").await;
    assert!(content.body.starts_with(b"GGUF"), "{path}");
    assert_eq!(&get(&format!("/api/models/{id}")).await.good()["sha"], sha);
    let found = get("/api/models?filter=gguf&author=acme&full=true").await.good();
    assert_eq!(found[0]["id"], "acme/gpt2-gguf");
    let siblings = found[0]["siblings"].to_string();
    assert!(siblings.contains("gpt2.Q4_K_M.gguf") && siblings.contains("gpt2.Q8_0.gguf"), "{siblings}");
}
