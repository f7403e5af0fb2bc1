use serde_json::{Value, json};

use crate::wire::*;

fn paths(entries: &Value) -> Vec<&str> {
    entries.as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_tree_is_listed_flat_recursive_and_below_a_folder() {
    let id = model("tree").await;
    commit(&id, &[file("b.txt", "b"), file("d/e/f.txt", "f"), file("d/c.txt", "c")]).await.good();
    let api = format!("/api/models/{id}/tree/main");
    let flat = get(&api).await.good();
    assert_eq!(paths(&flat), ["d", ".gitattributes", "b.txt"]);
    assert_eq!(
        flat[2],
        json!({ "type": "file", "oid": "63d8dbd40c23542e740659a7168a0ce3138ea748", "size": 1, "path": "b.txt" })
    );
    assert_eq!((&flat[0]["type"], &flat[0]["size"]), (&json!("directory"), &json!(0)));
    let all = get(&format!("{api}?recursive=true")).await.good();
    assert_eq!(paths(&all), ["d", ".gitattributes", "b.txt", "d/e", "d/c.txt", "d/e/f.txt"]);
    for folder in ["d/e", "d%2Fe", "d/e/"] {
        assert_eq!(paths(&get(&format!("{api}/{folder}")).await.good()), ["d/e/f.txt"], "{folder}");
    }
    for (path, code) in [("main/none", "EntryNotFound"), ("main/b.txt", "EntryNotFound"), ("none", "RevisionNotFound")]
    {
        let reply = get(&format!("/api/models/{id}/tree/{path}")).await;
        assert_eq!((reply.status, reply.header("x-error-code")), (404, code), "{path}");
    }
}

#[tokio::test]
async fn pages_of_a_tree_stay_in_the_commit_they_began_in() {
    let id = model("pages").await;
    let first = [file("a,1 ü/x", "1"), file("a,1 ü/y", "2"), file("a,1 ü/z", "3")];
    commit(&id, &first).await.good();
    let mut address = format!("/api/models/{id}/tree/main/a%2C1%20%C3%BC?limit=2");
    let page = get(&address).await;
    assert_eq!(paths(&page.good()), ["a,1 ü/x", "a,1 ü/y"]);
    address = page.header("link").split_once('>').unwrap().0.trim_start_matches('<').to_owned();
    assert!(!address.contains(','), "{address}");
    commit(&id, &[("deletedFolder", json!({ "path": "a,1 ü/" }))]).await.good();
    let page = get(&address).await;
    assert_eq!((paths(&page.good()), page.header("link")), (vec!["a,1 ü/z"], ""));
    assert_eq!(get(&format!("/api/models/{id}/tree/main?cursor=nonsense")).await.status, 400);
}

#[tokio::test]
async fn expanding_tells_the_last_commit_of_each_entry() {
    let id = model("expand").await;
    let first = commit(&id, &[file("a", "1"), file("d/b", "1")]).await.good()["commitOid"].clone();
    let second = commit(&id, &[file("d/b", "2")]).await.good()["commitOid"].clone();
    let entries = get(&format!("/api/models/{id}/tree/main?expand=true&recursive=true")).await.good();
    let last = |path: &str| {
        entries.as_array().unwrap().iter().find(|entry| entry["path"] == path).unwrap()["lastCommit"]["id"].clone()
    };
    assert_eq!((last("a"), last("d"), last("d/b")), (first, second.clone(), second));
    assert_eq!(entries[1]["securityFileStatus"]["status"], "unscanned");
}

#[tokio::test]
async fn paths_are_described_from_json_and_forms() {
    let id = model("paths").await;
    commit(&id, &[file("a b", "1"), file("d/c", "1")]).await.good();
    let path = format!("/api/models/{id}/paths-info/main");
    let json = post(&path, json!({ "paths": ["d/c", "none", "d", "a b"] })).await.good();
    assert_eq!(paths(&json), ["d/c", "d", "a b"]);
    assert_eq!(paths(&post(&path, json!({ "paths": "d/" })).await.good()), ["d"]);
    let form = |body: String| {
        let path = path.clone();
        async move { send_with("POST", &path, "", &[("content-type", "application/x-www-form-urlencoded")], body).await }
    };
    let expanded = form("paths=a+b&paths=d%2Fc&expand=true".to_owned()).await.good();
    assert_eq!(paths(&expanded), ["a b", "d/c"]);
    assert!(expanded[0]["lastCommit"]["date"].as_str().unwrap().ends_with(".000Z"));
    let many = form("paths=x&".repeat(1001)).await;
    assert_eq!((many.status, &many.json()["error"]), (413, &json!("too many parameters")));
    let listed = |count: usize| post(&path, json!({ "paths": vec!["x"; count] }));
    assert_eq!((listed(1000).await.status, listed(1001).await.status), (200, 413));
    assert_eq!(get(&format!("/api/models/{id}/treesize/main/d")).await.good(), json!({ "path": "/d", "size": 1 }));
}
