use serde_json::Value;

use crate::support::{READ, app, get};

#[tokio::test]
async fn a_model_has_the_fields_of_the_reference() {
    let model =
        get(&app(), "/api/models/acme/tiny-bert/revision/HEAD?blobs=true&securityStatus=true", &[]).await.json();
    assert_eq!(model["_id"], "66a1f0c2d9b7a54e0c1b2a33");
    assert_eq!(model["lastModified"], "2026-08-19T07:19:38.000Z");
    assert_eq!(model["spaces"], serde_json::json!(["acme/demo"]));
    assert!(model["securityRepoStatus"].is_object());
    let known = ["auto_model", "custom_class", "pipeline_tag", "processor"];
    assert!(model["transformersInfo"].as_object().unwrap().keys().all(|key| known.contains(&key.as_str())));
    let files = model["siblings"].as_array().unwrap();
    let weights = files.iter().find(|file| file["rfilename"] == "model.safetensors").unwrap();
    assert_eq!(weights["lfs"]["size"], weights["size"]);
    assert_eq!(weights["lfs"]["sha256"].as_str().unwrap().len(), 64);
    let sum: u64 = files.iter().map(|file| file["size"].as_u64().unwrap()).sum();
    assert_eq!(model["usedStorage"], sum);
}

#[tokio::test]
async fn a_revision_has_its_own_commit_and_files() {
    let app = app();
    let main = get(&app, "/api/models/acme/tiny-bert", &[]).await.json();
    let old = get(&app, "/api/models/acme/tiny-bert/revision/v1.0", &[]).await.json();
    assert_ne!(main["sha"], old["sha"]);
    let has =
        |model: &Value, name: &str| model["siblings"].as_array().unwrap().iter().any(|file| file["rfilename"] == name);
    assert!(has(&main, "onnx/model.onnx") && !has(&old, "onnx/model.onnx"));
    let reply = get(&app, "/api/models/acme/tiny-bert/revision/nope", &[]).await;
    assert_eq!((reply.status.as_u16(), reply.header("x-error-code")), (404, "RevisionNotFound"));
}

#[tokio::test]
async fn a_listed_commit_is_the_one_that_git_makes() {
    let app = app();
    let listed = get(&app, "/api/models/google-bert/bert-base-cased", &[]).await.json()["sha"].clone();
    let commits = get(&app, "/api/models/google-bert/bert-base-cased/commits/main", &[]).await.json();
    assert_eq!(commits[0]["id"], listed);
}

#[tokio::test]
async fn bases_and_children_know_each_other() {
    let app = app();
    let info = get(&app, "/api/models/Qwen/Qwen2.5-7B-Instruct?expand=baseModels", &[]).await.json();
    assert_eq!(info["baseModels"]["models"][0]["id"], "Qwen/Qwen2.5-7B");
    let base = get(&app, "/api/models/Qwen/Qwen2.5-7B?expand=childrenModelCount", &[]).await.json();
    assert!(base["childrenModelCount"]["finetune"].as_i64().unwrap() >= 1);
}

#[tokio::test]
async fn tags_come_by_type() {
    let app = app();
    let all = get(&app, "/api/models-tags-by-type", &[]).await.json();
    assert_eq!(all.as_object().unwrap().len(), 11);
    let tasks = get(&app, "/api/models-tags-by-type?type=pipeline_tag", &[]).await.json();
    let fill = tasks["pipeline_tag"].as_array().unwrap().iter().find(|tag| tag["id"] == "fill-mask").unwrap();
    assert_eq!((&fill["label"], &fill["subType"]), (&"Fill Mask".into(), &"nlp".into()));
    let datasets = get(&app, "/api/datasets-tags-by-type?type=language", &[]).await.json();
    assert!(
        datasets["language"]
            .as_array()
            .unwrap()
            .iter()
            .any(|tag| tag["id"] == "language:fr" && tag["label"] == "French")
    );
    assert_eq!(get(&app, "/api/datasets-tags-by-type?type=deploy", &[]).await.status, 400);
}

#[tokio::test]
async fn anyone_reads_the_overview_of_a_user() {
    let app = app();
    let alice = get(&app, "/api/users/alice/overview", &[]).await.json();
    assert_eq!((&alice["user"], &alice["type"]), (&"alice".into(), &"user".into()));
    assert!(alice["orgs"].as_array().unwrap().iter().any(|org| org["name"] == "acme"));
    let public = get(&app, "/api/models?author=alice&limit=1000", &[]).await.json().as_array().unwrap().len();
    assert_eq!(alice["numModels"], public);
    let moved = get(&app, "/api/users/ALICE/overview", &[]).await;
    assert_eq!((moved.status.as_u16(), moved.header("location")), (307, "/api/users/alice/overview"));
    for name in ["acme", "nobody"] {
        assert_eq!(get(&app, &format!("/api/users/{name}/overview"), &[]).await.status, 404, "{name}");
    }
}

#[tokio::test]
async fn whoami_differs_by_token() {
    let app = app();
    let read = get(&app, "/api/whoami-v2", &[READ]).await.json();
    assert_eq!((&read["name"], &read["auth"]["accessToken"]["role"]), (&"alice".into(), &"read".into()));
    assert_eq!(read["orgs"][0]["roleInOrg"], "admin");
    assert!(read["auth"]["accessToken"].get("fineGrained").is_none());
    let fine = get(&app, "/api/whoami-v2", &[crate::FINE]).await.json();
    assert_eq!(fine["auth"]["accessToken"]["fineGrained"]["global"][0], "discussion.write");
    assert_eq!(get(&app, "/api/whoami-v2", &[]).await.status, 401);
    let expired = ("authorization", "Bearer hf_emulator_expired");
    assert_eq!(
        get(&app, "/api/whoami-v2", &[expired]).await.json()["error"],
        "Invalid credentials in Authorization header"
    );
}
