use serde_json::json;

use crate::wire::*;

#[tokio::test]
async fn a_like_is_listed_and_taken_back_once() {
    let names = |likers: serde_json::Value| -> Vec<String> {
        likers.as_array().unwrap().iter().map(|liker| liker["user"].as_str().unwrap().to_owned()).collect()
    };
    let before = get("/api/models/acme/gpt2-gguf").await.good()["likes"].as_u64().unwrap();
    let likers = names(get("/api/models/acme/gpt2-gguf/likers").await.good());
    assert_eq!((likers.len() as u64, likers[0].as_str()), (before, "alice"));
    let liked = get("/api/users/alice/likes").await.good();
    let repos: Vec<_> = liked.as_array().unwrap().iter().map(|like| like["repo"].clone()).collect();
    assert!(repos.contains(&json!({ "name": "acme/gpt2-gguf", "type": "model" })), "{liked}");
    assert!(repos.contains(&json!({ "name": "acme/reviews", "type": "dataset" })), "{liked}");
    assert!(liked[0]["createdAt"].as_str().unwrap().ends_with("000Z"), "{liked}");
    for _ in 0..2 {
        assert_eq!(send("DELETE", "/api/models/acme/gpt2-gguf/like", ALICE, "").await.status, 200);
        assert_eq!(get("/api/models/acme/gpt2-gguf").await.good()["likes"], before - 1);
    }
    assert!(!names(get("/api/models/acme/gpt2-gguf/likers").await.good()).contains(&"alice".to_owned()));
    assert!(!get("/api/users/alice/likes").await.text().contains("acme/gpt2-gguf"));
}

#[tokio::test]
async fn what_cannot_be_liked_is_refused() {
    for (method, path, token, status) in [
        ("POST", "/api/models/acme/tiny-bert/like", ALICE, 403),
        ("POST", "/api/models/acme/tiny-bert/like", NOBODY, 401),
        ("DELETE", "/api/models/acme/tiny-bert/like", NOBODY, 401),
        ("DELETE", "/api/models/acme/tiny-bert/like", "hf_emulator_read", 403),
        ("DELETE", "/api/models/alice/never-made/like", ALICE, 404),
        ("DELETE", "/api/models/missing/like", ALICE, 404),
        ("DELETE", "/api/datasets/alice/private-notes/like", BOB, 404),
        ("GET", "/api/users/nobody-there/likes", ALICE, 404),
        ("GET", "/api/users/acme/likes", ALICE, 404),
        ("GET", "/api/models/acme/tiny-bert/likers?limit=0", ALICE, 400),
    ] {
        let reply = send(method, path, token, "").await;
        assert_eq!(reply.status, status, "{method} {path}: {}", reply.text());
    }
    let missing = send("DELETE", "/api/models/missing/like", ALICE, "").await;
    assert_eq!(missing.header("x-error-code"), "RepoNotFound");
}

#[tokio::test]
async fn likers_come_in_pages() {
    let whole = get("/api/datasets/acme/reviews/likers").await.good();
    let mut next = "/api/datasets/acme/reviews/likers?limit=10".to_owned();
    let mut found = Vec::new();
    while !next.is_empty() {
        let page = get(&next).await;
        found.extend(page.good().as_array().unwrap().clone());
        next = page.header("link").split(['<', '>']).nth(1).unwrap_or_default().to_owned();
    }
    assert!(found.len() > 20);
    assert_eq!(json!(found), whole);
}
