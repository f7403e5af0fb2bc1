use serde_json::{Value, json};

use crate::support::{WRITE, app, send};

#[tokio::test]
async fn texts_become_vectors() {
    let app = app();
    let path = "/hf-inference/models/emulator/hash-embedding/pipeline/feature-extraction";
    let extract = |body: Value| {
        let app = app.clone();
        async move { send(&app, "POST", path, &[WRITE], body).await }
    };
    let one = extract(json!({ "inputs": "hello" })).await.json();
    assert_eq!(one.as_array().unwrap().len(), 384);
    let two = extract(json!({ "inputs": ["hello", "world"], "normalize": true, "dimensions": 64 })).await.json();
    assert_eq!((two.as_array().unwrap().len(), two[0].as_array().unwrap().len()), (2, 64));
    let length: f64 = two[0].as_array().unwrap().iter().map(|value| value.as_f64().unwrap().powi(2)).sum();
    assert!((length - 1.0).abs() < 1e-4);
    let long = "word ".repeat(600);
    assert_eq!(extract(json!({ "inputs": long })).await.status, 413);
    assert_eq!(extract(json!({ "inputs": long, "truncate": true })).await.status, 200);
    assert_eq!(extract(json!({ "inputs": 7 })).await.status, 400);
    assert_eq!(extract(json!({ "inputs": "x", "prompt_name": "none" })).await.status, 400);
    let near = json!({ "inputs": { "source_sentence": "A cat on a mat", "sentences": ["The cat is on the mat", "Oil prices"] } });
    let similar =
        send(&app, "POST", "/hf-inference/models/emulator/hash-embedding/pipeline/sentence-similarity", &[WRITE], near)
            .await
            .json();
    assert!(similar[0].as_f64().unwrap() > 0.5 && similar[1].as_f64().unwrap() < 0.2, "{similar}");
    let missing = send(
        &app,
        "POST",
        "/hf-inference/models/acme/none/pipeline/feature-extraction",
        &[WRITE],
        json!({ "inputs": "x" }),
    )
    .await;
    assert_eq!((missing.status.as_u16(), missing.json()), (404, json!({ "error": "Model acme/none does not exist" })));
}

#[tokio::test]
async fn a_prompt_becomes_a_picture() {
    let app = app();
    let draw = |inputs: &'static str, parameters: Value| {
        let app = app.clone();
        async move {
            let body = json!({ "inputs": inputs, "parameters": parameters });
            send(&app, "POST", "/hf-inference/models/emulator/gradient", &[WRITE], body).await
        }
    };
    let sea = draw("a calm sea at dusk", json!({ "width": 96, "height": 64, "seed": 1 })).await;
    assert_eq!(sea.header("content-type"), "image/png");
    assert_eq!(sea.body[..8], *b"\x89PNG\r\n\x1a\n");
    assert_eq!((sea.body[16..20].to_vec(), sea.body[20..24].to_vec()), (vec![0, 0, 0, 96], vec![0, 0, 0, 64]));
    let again = draw("a calm sea at dusk", json!({ "width": 96, "height": 64, "seed": 1 })).await;
    assert_eq!(again.body, sea.body);
    let other = draw("a calm sea at dusk", json!({ "width": 96, "height": 64, "seed": 2 })).await;
    assert_ne!(other.body, sea.body);
    assert_eq!(draw("x", json!({ "width": 100_000 })).await.status, 400);
}

#[tokio::test]
async fn other_providers_have_the_form_of_openai() {
    let app = app();
    let body = json!({ "model": "emulator/hash-embedding", "input": ["a", "b"] });
    let vectors = send(&app, "POST", "/together/v1/embeddings", &[WRITE], body).await.json();
    assert_eq!(
        (&vectors["data"][1]["index"], vectors["data"][1]["embedding"].as_array().unwrap().len()),
        (&json!(1), 384)
    );
    let body =
        json!({ "model": "emulator/gradient", "prompt": "sea", "width": 8, "height": 8, "response_format": "base64" });
    let image = send(&app, "POST", "/together/v1/images/generations", &[WRITE], body).await.json();
    assert!(image["data"][0]["b64_json"].as_str().unwrap().starts_with("iVBORw0KGgo"));
    let wrong = json!({ "model": "emulator/gradient", "input": "a" });
    assert_eq!(send(&app, "POST", "/together/v1/embeddings", &[WRITE], wrong).await.status, 400);
}
