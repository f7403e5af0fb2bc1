use serde_json::json;

use crate::wire::*;

#[tokio::test]
async fn a_small_file_comes_by_way_of_the_resolve_cache() {
    let id = model("small").await;
    let commit = commit(&id, &[file("d/hello ü.txt", "hello")]).await.good()["commitOid"].clone();
    let moved = get(&format!("/{id}/resolve/main/d/hello%20%C3%BC.txt")).await;
    assert_eq!((moved.status, moved.header("x-repo-commit")), (307, commit.as_str().unwrap()));
    let disposition = "inline; filename*=UTF-8''hello%20%C3%BC.txt; filename=\"hello ?.txt\";";
    assert_eq!(moved.header("content-disposition"), disposition);
    let location = moved.header("location");
    assert!(location.starts_with(&format!("/api/resolve-cache/models/{id}/")), "{location}");
    let whole = get(location).await;
    let etag = "\"b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0\"";
    assert_eq!((whole.status, whole.text(), whole.header("etag")), (200, "hello", etag));
    assert_eq!((whole.header("content-length"), whole.header("x-repo-commit")), ("5", commit.as_str().unwrap()));
    let head = send("HEAD", location, ALICE, "").await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "5", 0));
    for (range, status, body, part) in [
        ("bytes=1-2", 206, "el", "bytes 1-2/5"),
        ("bytes=3-", 206, "lo", "bytes 3-4/5"),
        ("bytes=-1", 206, "o", "bytes 4-4/5"),
        ("bytes=5-", 416, "", "bytes */5"),
    ] {
        let reply = send_with("GET", location, ALICE, &[("range", range)], "").await;
        assert_eq!((reply.status, reply.text(), reply.header("content-range")), (status, body, part), "{range}");
    }
    for address in [location, &format!("/{id}/resolve/main/d/hello%20%C3%BC.txt")] {
        assert_eq!(send_with("GET", address, ALICE, &[("if-none-match", etag)], "").await.status, 304);
    }
    let attached = get(&format!("/{id}/resolve/main/d/hello%20%C3%BC.txt?download=true")).await;
    assert!(attached.header("content-disposition").starts_with("attachment"));
    assert!(get(attached.header("location")).await.header("content-disposition").starts_with("attachment"));
}

#[tokio::test]
async fn what_is_missing_is_told_in_plain_text() {
    let id = model("missing").await;
    let sha = get(&format!("/api/models/{id}")).await.good()["sha"].clone();
    let entry = get(&format!("/{id}/resolve/main/none")).await;
    assert_eq!((entry.status, entry.text(), entry.header("x-error-code")), (404, "Entry not found", "EntryNotFound"));
    assert_eq!(entry.header("x-repo-commit"), sha.as_str().unwrap());
    assert_eq!(entry.header("content-type"), "text/plain; charset=utf-8");
    let revision = get(&format!("/{id}/resolve/none/README.md")).await;
    assert_eq!((revision.status, revision.header("x-error-code")), (404, "RevisionNotFound"));
    assert_eq!(revision.text(), "Invalid rev id: none");
}

#[tokio::test]
async fn a_gated_repository_keeps_its_files() {
    let id = model("gated").await;
    commit(&id, &[file("a", "a")]).await.good();
    send("PUT", &format!("/api/models/{id}/settings"), ALICE, "{\"gated\":\"manual\"}").await.good();
    let sha = get(&format!("/api/models/{id}")).await.good()["sha"].as_str().unwrap().to_owned();
    for path in [
        format!("/{id}/resolve/main/a"),
        format!("/{id}/raw/main/a"),
        format!("/api/resolve-cache/models/{id}/{sha}/a"),
    ] {
        for (token, status) in [(NOBODY, 401), (BOB, 403)] {
            let reply = send("GET", &path, token, "").await;
            assert_eq!((reply.status, reply.header("x-error-code")), (status, "GatedRepo"), "{path}");
        }
    }
    assert_eq!(send("GET", &format!("/api/models/{id}/tree/main"), NOBODY, "").await.status, 200);
    assert_eq!(send("GET", &format!("/api/models/{id}/auth-check"), BOB, "").await.header("x-error-code"), "GatedRepo");
    assert_eq!(get(&format!("/api/models/{id}/auth-check/write")).await.status, 200);
}

#[tokio::test]
async fn a_repository_of_the_lists_has_files() {
    let models = get("/api/models?limit=1&search=gguf").await.good();
    let id = models[0]["id"].as_str().unwrap();
    let info = get(&format!("/api/models/{id}")).await.good();
    let refs = get(&format!("/api/models/{id}/refs")).await.good();
    assert_eq!(refs["branches"][0]["targetCommit"], info["sha"]);
    assert_ne!(get(&format!("/api/models/{id}/tree/main")).await.good(), json!([]));
}
