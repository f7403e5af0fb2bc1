use serde_json::json;

use crate::wire::*;

#[tokio::test]
async fn a_duplicate_has_the_files_and_a_history_of_its_own() {
    let body = json!({ "repository": "alice/gpt2-copy" });
    let answer = post("/api/models/acme/gpt2-gguf/duplicate", body.clone()).await.good();
    assert_eq!(answer["url"], "http://127.0.0.1:8787/alice/gpt2-copy");
    let names = async |id: &str| -> Vec<String> {
        let files = get(&format!("/api/models/{id}/tree/main?recursive=true")).await.good();
        files.as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("alice/gpt2-copy").await, names("acme/gpt2-gguf").await);
    let commits = get("/api/models/alice/gpt2-copy/commits/main").await.good();
    assert_eq!(commits.as_array().unwrap().len(), 1);
    assert_eq!(commits[0]["title"], "Duplicate from acme/gpt2-gguf");
    assert_eq!(commits[0]["authors"][0]["user"], "alice");
    let large = get("/alice/gpt2-copy/resolve/main/gpt2.Q8_0.gguf").await;
    let content = send("GET", large.header("location"), NOBODY, "").await;
    assert!(content.body.starts_with(b"GGUF\x03\0\0\0"));
    let info = get("/api/models/alice/gpt2-copy").await.good();
    assert_eq!((&info["cardData"]["license"], &info["likes"]), (&json!("mit"), &json!(0)));
    assert_eq!(info["gguf"]["architecture"], "gpt2");
    let again = post("/api/models/acme/gpt2-gguf/duplicate", body).await;
    assert_eq!((again.status, &again.json()["url"]), (409, &answer["url"]));
}

#[tokio::test]
async fn a_duplicate_shows_nothing_that_the_source_hides() {
    let to = |name: &str| json!({ "repository": name });
    let own = post("/api/datasets/alice/private-notes/duplicate", to("alice/notes-copy")).await.good();
    assert_eq!(own["name"], "alice/notes-copy");
    assert_eq!(get("/api/datasets/alice/notes-copy").await.good()["private"], true);
    assert_eq!(send("GET", "/api/datasets/alice/notes-copy", BOB, "").await.status, 404);
    let public = json!({ "repository": "alice/notes-public", "visibility": "public" });
    post("/api/datasets/alice/private-notes/duplicate", public).await.good();
    assert_eq!(send("GET", "/api/datasets/alice/notes-public", BOB, "").await.good()["private"], false);
    for (path, token, name, status) in [
        ("/api/spaces/bob/absent", ALICE, "alice/x", 404),
        ("/api/spaces/bob/absent", NOBODY, "alice/x", 401),
        ("/api/datasets/alice/private-notes", BOB, "bob/x", 404),
        ("/api/models/acme/gated-llm", BOB, "bob/x", 403),
        ("/api/models/acme/gpt2-gguf", BOB, "alice/x", 403),
        ("/api/models/acme/gpt2-gguf", NOBODY, "alice/x", 401),
        ("/api/models/acme/gpt2-gguf", "hf_emulator_read", "alice/x", 403),
        ("/api/models/acme/gpt2-gguf", ALICE, "x", 400),
        ("/api/models/acme/gpt2-gguf", ALICE, "alice/a--b", 400),
    ] {
        let reply = send("POST", &format!("{path}/duplicate"), token, to(name).to_string()).await;
        assert_eq!(reply.status, status, "{path} to {name}: {}", reply.text());
        if status == 404 {
            assert_eq!(reply.header("x-error-code"), "RepoNotFound");
        }
    }
}

#[tokio::test]
async fn a_duplicated_space_runs_under_its_own_name() {
    let body =
        json!({ "repository": "alice/demo-copy", "hardware": "t4-small", "variables": [{ "key": "A", "value": "1" }] });
    post("/api/spaces/acme/demo/duplicate", body).await.good();
    let runtime = get("/api/spaces/alice/demo-copy/runtime").await.good();
    assert_eq!((&runtime["stage"], &runtime["hardware"]["requested"]), (&json!("RUNNING"), &json!("t4-small")));
    assert!(!runtime.to_string().contains("acme"), "{runtime}");
}
