use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::wire::*;

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The batch answer for one object.
async fn batch(id: &str, transfers: Value, oid: &str, size: usize) -> Value {
    let objects = json!([{ "oid": oid, "size": size }]);
    let body = json!({ "operation": "upload", "transfers": transfers, "objects": objects, "hash_algo": "sha_256" });
    let reply = post(&format!("/{id}.git/info/lfs/objects/batch"), body).await;
    assert_eq!(reply.header("content-type"), "application/vnd.git-lfs+json");
    reply.good()
}

#[tokio::test]
async fn a_large_file_goes_up_and_comes_down() {
    let id = model("whole").await;
    let content = b"whole and unique to this test".repeat(10);
    let oid = sha256(&content);
    let answer = batch(&id, json!(["basic", "multipart"]), &oid, content.len()).await;
    assert_eq!(answer["transfer"], "basic");
    let actions = &answer["objects"][0]["actions"];
    let (upload, verify) = (actions["upload"]["href"].as_str().unwrap(), actions["verify"]["href"].as_str().unwrap());
    let body = json!({ "oid": oid, "size": content.len() });
    assert_eq!(send("POST", verify, ALICE, body.to_string()).await.status, 404);
    assert_eq!(send("PUT", upload, ALICE, content.clone()).await.status, 400, "a token does not belong there");
    assert_eq!(send("PUT", upload, NOBODY, "something else").await.status, 400);
    assert_eq!(send("PUT", upload, NOBODY, vec![0; content.len()]).await.status, 400);
    assert_eq!(send("PUT", &upload.replace("size=", "size=1"), NOBODY, content.clone()).await.status, 403);
    assert_eq!(send("PUT", upload, NOBODY, content.clone()).await.status, 200);
    assert_eq!(send("POST", verify, ALICE, body.to_string()).await.status, 200);
    assert_eq!(batch(&id, json!(["basic"]), &oid, content.len()).await["objects"][0].get("actions"), None);

    let line = ("lfsFile", json!({ "path": "w.bin", "algo": "sha256", "oid": oid }));
    let commit = commit(&id, &[line]).await.good()["commitOid"].as_str().unwrap().to_owned();
    let entry = get(&format!("/api/models/{id}/tree/main")).await.good()[1].clone();
    assert_eq!(entry["lfs"], json!({ "oid": oid, "size": content.len(), "pointerSize": 128 }));
    assert_eq!((&entry["size"], entry["oid"].as_str().unwrap().len()), (&json!(content.len()), 40));
    assert!(get(&format!("/{id}/raw/main/w.bin")).await.text().starts_with("version https://git-lfs"));
    let found = get(&format!("/{id}/resolve/main/w.bin")).await;
    assert_eq!((found.status, found.header("x-repo-commit")), (302, commit.as_str()));
    assert_eq!(found.header("x-linked-etag"), format!("\"{oid}\""));
    assert_eq!(found.header("x-linked-size"), content.len().to_string());
    let location = found.header("location");
    let whole = send_with("GET", location, NOBODY, &[("origin", "null")], "").await;
    assert_eq!((whole.status, &whole.body, whole.header("access-control-allow-origin")), (200, &content, "null"));
    let part = send_with("GET", location, NOBODY, &[("range", "bytes=6-8")], "").await;
    assert_eq!((part.status, part.text()), (206, "and"));
    assert_eq!(part.header("content-range"), format!("bytes 6-8/{}", content.len()));
    assert_eq!(send_with("GET", location, NOBODY, &[("range", "bytes=9999-")], "").await.status, 416);
    assert_eq!(send("GET", location, ALICE, "").await.status, 400, "a token does not belong there");
    assert_eq!(send("GET", &location.replace(&oid[..4], "0000"), NOBODY, "").await.status, 403);
    let known = format!("\"{oid}\"");
    assert_eq!(
        send_with("GET", &format!("/{id}/resolve/main/w.bin"), ALICE, &[("if-none-match", &known)], "").await.status,
        304
    );
    let listed = get(&format!("/api/models/{id}/lfs-files")).await.good();
    assert_eq!((&listed[0]["fileOid"], &listed[0]["filename"]), (&json!(oid), &json!("w.bin")));
    let deletions = json!({ "deletions": { "sha": [oid], "rewriteHistory": false } });
    send("POST", &format!("/api/models/{id}/lfs-files/batch"), ALICE, deletions.to_string()).await.good();
    assert_eq!(get(&format!("/api/models/{id}/lfs-files")).await.good(), json!([]));
    assert!(batch(&id, json!(["basic"]), &oid, content.len()).await["objects"][0].get("actions").is_some());
}

#[tokio::test]
async fn a_larger_file_goes_up_in_parts() {
    let id = model("parts").await;
    let content: Vec<u8> = (0..17_000_000_u32).map(|number| (number % 251) as u8).collect();
    let oid = sha256(&content);
    let answer = batch(&id, json!(["basic", "multipart"]), &oid, content.len()).await;
    assert_eq!(answer["transfer"], "multipart");
    let upload = &answer["objects"][0]["actions"]["upload"];
    let chunk: usize = upload["header"]["chunk_size"].as_str().unwrap().parse().unwrap();
    let mut parts = Vec::new();
    for (number, slice) in (1..).zip(content.chunks(chunk)) {
        let address = upload["header"][format!("{number:05}")].as_str().unwrap();
        let put = send("PUT", address, NOBODY, slice.to_vec()).await;
        assert_eq!(put.status, 200, "{}", put.text());
        parts.push(json!({ "partNumber": number, "etag": put.header("etag") }));
    }
    assert_eq!(parts.len(), content.len().div_ceil(chunk));
    let href = upload["href"].as_str().unwrap();
    let complete =
        async |parts: &[Value]| send("POST", href, NOBODY, json!({ "oid": oid, "parts": parts }).to_string()).await;
    assert_eq!(complete(&parts[..2]).await.status, 400);
    assert_eq!(complete(&[parts[0].clone(), parts[2].clone(), parts[1].clone()]).await.status, 400);
    assert_eq!(complete(&parts).await.status, 200);
    assert_eq!(batch(&id, json!(["basic"]), &oid, content.len()).await["objects"][0].get("actions"), None);
    // Clients that know no parts send it whole.
    let other = batch(&id, json!(["basic"]), &"1".repeat(64), content.len()).await;
    assert_eq!(
        (&other["transfer"], &other["objects"][0]["actions"]["upload"]["header"]),
        (&json!("basic"), &json!({}))
    );
}

#[tokio::test]
async fn each_object_is_refused_for_itself() {
    let id = model("objects").await;
    let path = format!("/{id}.git/info/lfs/objects/batch");
    let objects = json!([{ "oid": "xyz", "size": 1 }, { "oid": "a".repeat(64), "size": 1_000_000_000_000_u64 }, { "oid": "b".repeat(64), "size": 1 }]);
    let answer = post(&path, json!({ "operation": "upload", "objects": objects })).await.good();
    assert_eq!(
        (&answer["objects"][0]["error"]["code"], &answer["objects"][1]["error"]["code"]),
        (&json!(422), &json!(413))
    );
    assert!(answer["objects"][2]["actions"]["upload"]["href"].is_string());
    let missing = json!({ "operation": "download", "objects": [{ "oid": "b".repeat(64), "size": 1 }] });
    assert_eq!(post(&path, missing).await.good()["objects"][0]["error"]["code"], 404);
    let many = vec![json!({ "oid": "b".repeat(64), "size": 1 }); 1001];
    assert_eq!(post(&path, json!({ "operation": "upload", "objects": many })).await.status, 413);
}

#[tokio::test]
async fn big_inline_content_becomes_a_large_file() {
    let id = model("inline").await;
    commit(&id, &[file("big.txt", &"x".repeat(10_000_001))]).await.good();
    let entry = get(&format!("/api/models/{id}/tree/main")).await.good()[1].clone();
    assert_eq!((&entry["path"], &entry["lfs"]["size"]), (&json!("big.txt"), &json!(10_000_001)));
}

#[tokio::test]
async fn scripts_may_use_the_second_origin() {
    let headers = [
        ("origin", "http://localhost:5173"),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", "x-request-id"),
    ];
    let address = format!("{}/lfs/{}", emulator_cdn(), "a".repeat(64));
    let reply = send_with("OPTIONS", &address, NOBODY, &headers, "").await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, "http://localhost:5173"));
    assert_eq!(reply.header("access-control-allow-headers"), "x-request-id");
    assert_eq!(reply.header("access-control-expose-headers"), "*");
}

fn emulator_cdn() -> &'static str {
    &APP.hub.cdn_origin
}

/// Uploads an object whose batch answer asks for it.
async fn upload(answer: &Value, content: &[u8]) {
    let href = answer["objects"][0]["actions"]["upload"]["href"].as_str().expect("an upload is asked for");
    assert_eq!(send("PUT", href, NOBODY, content.to_vec()).await.status, 200);
}

#[tokio::test]
async fn the_hash_of_a_file_is_not_a_way_to_read_it() {
    let secret = b"weights that alice keeps to herself".repeat(20);
    let (oid, size) = (sha256(&secret), secret.len());
    let own = model("lfs-secret").await;
    upload(&batch(&own, json!(["basic"]), &oid, size).await, &secret).await;
    let line = ("lfsFile", json!({ "path": "w.bin", "algo": "sha256", "oid": oid }));
    commit(&own, std::slice::from_ref(&line)).await.good();

    // Bob, in a repository of his own, has the hash and the size, and nothing else.
    let created = send("POST", "/api/repos/create", BOB, json!({ "name": "lfs-thief" }).to_string()).await.good();
    let theft = created["name"].as_str().unwrap();
    let objects = json!([{ "oid": oid, "size": size }]);
    let ask = async |operation: &str| {
        let body = json!({ "operation": operation, "objects": objects }).to_string();
        send("POST", &format!("/{theft}.git/info/lfs/objects/batch"), BOB, body).await.good()
    };
    assert_eq!(ask("download").await["objects"][0]["error"]["code"], 404);
    let asked = ask("upload").await;
    let verify = json!({ "oid": oid, "size": size }).to_string();
    let verified = send("POST", &format!("/{theft}.git/info/lfs/objects/verify"), BOB, verify).await;
    assert_eq!(verified.status, 404);
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n");
    for operation in [line, file("w.bin", &pointer)] {
        let header = json!({ "key": "header", "value": { "summary": "take" } });
        let operation = json!({ "key": operation.0, "value": operation.1 });
        let path = format!("/api/models/{theft}/commit/main");
        let headers = [("content-type", "application/x-ndjson")];
        let refused = send_with("POST", &path, BOB, &headers, format!("{header}\n{operation}\n")).await;
        assert_eq!(refused.status, 400);
        assert!(refused.text().contains("an LFS pointer pointed to a file that does not exist"), "{}", refused.text());
    }
    let files = json!([{ "path": "w.bin", "content": pointer }]);
    let body = json!({ "name": "lfs-thief-2", "files": files }).to_string();
    assert_eq!(send("POST", "/api/repos/create", BOB, body).await.status, 400);
    // Whoever has the content proves it by sending it.
    upload(&asked, &secret).await;
    assert_eq!(ask("upload").await["objects"][0].get("actions"), None);
}

#[tokio::test]
async fn a_deleted_large_file_leaves_the_history() {
    let id = model("forgotten").await;
    let inline = |path: &str, text: &str| {
        ("file", json!({ "path": path, "content": format!("{text}{}", "x".repeat(10_000_001)) }))
    };
    commit(&id, &[inline("gone.bin", "a"), file("kept.txt", "kept")]).await.good();
    let tagged = json!({ "tag": "v1", "message": "First" });
    post(&format!("/api/models/{id}/tag/main"), tagged).await;
    post(&format!("/api/models/{id}/tag/main"), json!({ "tag": "light" })).await;
    commit(&id, &[inline("other/large.bin", "b")]).await.good();
    post(&format!("/api/models/{id}/branch/side"), json!({})).await;
    commit_to(&id, "side", ALICE, &[inline("side.bin", "a")]).await.good();
    let listed = get(&format!("/api/models/{id}/lfs-files")).await.good();
    let oid = listed.as_array().unwrap().iter().find(|one| one["filename"] == "gone.bin").unwrap()["fileOid"].clone();
    let before = get(&format!("/api/models/{id}/commits/main")).await.good();
    let batch = json!({ "deletions": { "sha": [oid] } });
    post(&format!("/api/models/{id}/lfs-files/batch"), batch).await.good();
    for revision in ["main", "v1", "light", "side"] {
        let files = get(&format!("/api/models/{id}/tree/{revision}?recursive=true")).await;
        let files = files.good();
        let paths: Vec<&str> = files.as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
        assert!(paths.contains(&"kept.txt"), "{revision}: {paths:?}");
        assert!(!paths.contains(&"gone.bin") && !paths.contains(&"side.bin"), "{revision}: {paths:?}");
        let has_other = paths.contains(&"other/large.bin");
        assert_eq!(has_other, matches!(revision, "main" | "side"), "{revision}: {paths:?}");
    }
    let after = get(&format!("/api/models/{id}/commits/main")).await.good();
    let told = |commits: &Value| -> Vec<Value> {
        commits.as_array().unwrap().iter().map(|one| json!([one["title"], one["date"], one["authors"]])).collect()
    };
    assert_eq!(told(&after), told(&before), "titles, dates and authors stay");
    assert_ne!(after[0]["id"], before[0]["id"]);
    assert_eq!(after.as_array().unwrap().last(), before.as_array().unwrap().last(), "what never held it is the same");
    assert_eq!(get(&format!("/api/models/{id}")).await.good()["sha"], after[0]["id"]);
    assert_eq!(get(&format!("/api/models/{id}/lfs-files")).await.good().as_array().unwrap().len(), 1);
}
