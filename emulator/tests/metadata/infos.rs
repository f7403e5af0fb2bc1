use serde_json::{Value, json};

use crate::support::{READ, app, get, send};

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

#[tokio::test]
async fn each_session_of_a_month_has_its_cost() {
    const USAGE: &str = "/api/settings/billing/usage-by-inference-session";
    let app = app();
    assert_eq!(get(&app, USAGE, &[READ]).await.json(), json!({ "currency": "USD", "periods": [] }));
    assert_eq!(get(&app, USAGE, &[]).await.status, 401);
    let chat = json!({ "model": "emulator/echo:groq", "messages": [{ "role": "user", "content": "Hello" }] });
    let mut total = 0.0;
    for session in ["one", "two", "one"] {
        let reply =
            send(&app, "POST", "/v1/chat/completions", &[READ, ("x-hf-session-id", session)], chat.clone()).await;
        let usage = &reply.json()["usage"];
        let tokens = |name: &str| usage[name].as_f64().unwrap();
        total += (tokens("prompt_tokens") * 0.1 + tokens("completion_tokens") * 0.2) / 1e4;
    }
    send(&app, "POST", "/v1/chat/completions", &[READ], chat).await;
    let month = emulator::dates::iso(app.hub.now())[..7].to_owned();
    let usage = get(&app, USAGE, &[READ]).await.json();
    let period = &usage["periods"][0];
    assert_eq!(period["period"], format!("{month}-01T00:00:00.000Z"));
    let counts: Vec<_> =
        period["sessions"].as_array().unwrap().iter().map(|one| (&one["id"], &one["requestCount"])).collect();
    assert_eq!(counts, [(&json!("one"), &json!(2)), (&json!("two"), &json!(1))]);
    let cost: f64 = period["sessions"].as_array().unwrap().iter().map(|one| one["costCents"].as_f64().unwrap()).sum();
    assert!((cost - total).abs() < 1e-9, "{cost} is not {total}");
    let past = format!("{USAGE}?startDate=2026-01-01T00:00:00Z&endDate=2026-01-31T23:59:59.999Z");
    assert_eq!(get(&app, &past, &[READ]).await.json()["periods"], json!([]));
    for wrong in ["yesterday", "2026-01-01", "2026-01-01T00:00:00%2B01:00", "1767225600"] {
        assert_eq!(get(&app, &format!("{USAGE}?startDate={wrong}"), &[READ]).await.status, 400, "{wrong}");
    }
}
