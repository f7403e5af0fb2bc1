use std::sync::Arc;

use emulator::http::app::App;
use serde_json::Value;

use crate::support::{READ, Reply, app, get};

async fn list(app: &Arc<App>, query: &str) -> Vec<Value> {
    let reply = get(app, &format!("/api/{query}"), &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json().as_array().unwrap().clone()
}

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// The path of the next page.
fn next(app: &App, reply: &Reply) -> Option<String> {
    let link = reply.headers.get("link")?.to_str().unwrap();
    let url = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    assert!(!url.contains(','));
    Some(url.strip_prefix(&app.hub.origin).expect("an address on the own host").to_owned())
}

#[tokio::test]
async fn pages_of_every_order_make_the_whole_list() {
    let app = app();
    for sort in [
        "createdAt", "downloads", "likes", "lastModified", "likes30d", "trendingScore", "num_parameters", "mainSize",
        "id",
    ] {
        for direction in ["-1", "1"] {
            let query = format!("models?sort={sort}&direction={direction}&search=bert&filter=fill-mask");
            let whole = list(&app, &query).await;
            let mut path = Some(format!("/api/{query}&limit=7"));
            let mut paged = Vec::new();
            while let Some(at) = path {
                let reply = get(&app, &at, &[]).await;
                paged.extend(reply.json().as_array().unwrap().clone());
                path = next(&app, &reply);
            }
            assert!(whole.len() > 7);
            assert_eq!(ids(&paged), ids(&whole), "{sort} {direction}");
        }
    }
}

#[tokio::test]
async fn an_order_sorts_and_an_unknown_one_is_ignored() {
    let app = app();
    let by_likes = list(&app, "datasets?sort=likes&limit=50").await;
    assert!(by_likes.is_sorted_by(|one, other| one["likes"].as_i64() >= other["likes"].as_i64()));
    let by_size = list(&app, "models?sort=num_parameters&limit=50&expand=safetensors&expand=gguf").await;
    let total = |item: &Value| item["safetensors"]["total"].as_i64().or(item["gguf"]["total"].as_i64());
    assert!(by_size.is_sorted_by(|one, other| total(one) >= total(other)));
    let ascending = list(&app, "models?sort=id&direction=1&limit=50").await;
    assert!(ascending.is_sorted_by(|one, other| one["id"].as_str() <= other["id"].as_str()));
    assert_eq!(ids(&list(&app, "spaces?sort=nonsense").await), ids(&list(&app, "spaces").await));
}

#[tokio::test]
async fn every_filter_keeps_what_it_says() {
    let app = app();
    let all = list(&app, "models").await.len();
    let has = |item: &Value, tag: &str| item["tags"].as_array().unwrap().iter().any(|held| held == tag);
    let holds: [(&str, &dyn Fn(&Value) -> bool); 9] = [
        ("models?search=whisper", &|item| item["id"].as_str().unwrap().to_lowercase().contains("whisper")),
        ("models?author=Qwen", &|item| item["id"].as_str().unwrap().starts_with("Qwen/")),
        ("models?filter=gguf&filter=license:mit", &|item| has(item, "gguf") && has(item, "license:mit")),
        ("models?pipeline_tag=translation", &|item| item["pipeline_tag"] == "translation"),
        ("models?apps=ollama,llama.cpp", &|item| has(item, "gguf")),
        ("models?gated=true&expand=gated", &|item| item["gated"] != false),
        ("models?inference=warm&expand=inference", &|item| item["inference"] == "warm"),
        ("datasets?filter=size_categories:1K%3Cn%3C10K", &|item| has(item, "size_categories:1K<n<10K")),
        ("spaces?linked=true&expand=models&expand=datasets", &|item| {
            [&item["models"], &item["datasets"]].iter().any(|used| !used.as_array().unwrap().is_empty())
        }),
    ];
    for (query, holds) in holds {
        let items = list(&app, query).await;
        assert!(!items.is_empty() && items.len() < all, "{query}: {}", items.len());
        assert!(items.iter().all(holds), "{query}");
    }
    assert_eq!(ids(&list(&app, "spaces?models=acme/tiny-bert").await), ["acme/demo"]);
    let linked = list(&app, "spaces?linked=true").await;
    assert!(
        linked.iter().all(|item| item["models"].is_array() && item["datasets"].is_array()),
        "what they use is told"
    );
    assert!(list(&app, "spaces").await[0].get("models").is_none());
}

#[tokio::test]
async fn parameters_lie_in_the_range() {
    let app = app();
    let items = list(&app, "models?num_parameters=min:1B,max:3B&expand=safetensors&expand=gguf").await;
    assert!(!items.is_empty());
    for item in items {
        let total = item["safetensors"]["total"].as_f64().or(item["gguf"]["total"].as_f64()).unwrap();
        assert!((1e9..=3e9).contains(&total), "{item}");
    }
    assert_eq!(get(&app, "/api/models?num_parameters=big", &[]).await.status, 400);
}

#[tokio::test]
async fn providers_are_an_array_in_a_list_and_an_object_in_the_info() {
    let app = app();
    let items =
        list(&app, "models?inference_provider=groq&inference_provider=together&expand=inferenceProviderMapping").await;
    assert!(items.iter().all(|item| {
        let mapping = item["inferenceProviderMapping"].as_array().unwrap();
        mapping
            .iter()
            .any(|entry| matches!(entry["provider"].as_str(), Some("groq" | "together")) && entry["status"] == "live")
    }));
    let path = "/api/models/emulator/echo?expand[]=inferenceProviderMapping";
    assert_eq!(get(&app, path, &[]).await.json()["inferenceProviderMapping"]["hf-inference"]["task"], "conversational");
}

#[tokio::test]
async fn expand_shows_exactly_what_it_names() {
    let app = app();
    let item = &list(&app, "models?limit=1&expand=likes&expand[]=sha").await[0];
    assert_eq!(item.as_object().unwrap().keys().collect::<Vec<_>>(), ["_id", "id", "likes", "sha"]);
    let plain = &list(&app, "models?limit=1&search=acme/tiny-bert").await[0];
    assert!(plain.get("author").is_none() && plain["modelId"] == "acme/tiny-bert");
    let full = &list(&app, "models?limit=1&search=acme/tiny-bert&full=true&config=true&cardData=true").await[0];
    assert_eq!(full["config"]["model_type"], "bert");
    assert_eq!(full["cardData"]["license"], "mit");
    assert!(full["siblings"].as_array().unwrap().iter().any(|file| file["rfilename"] == "model.safetensors"));
    for list in ["models", "datasets", "spaces"] {
        let reply = get(&app, &format!("/api/{list}?expand=nonsense"), &[]).await;
        assert_eq!(reply.status, 400);
        let message = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(message.starts_with("\"expand\" must be one of [") && message.contains("trendingScore"), "{message}");
    }
}

#[tokio::test]
async fn private_repositories_are_listed_for_their_owner_alone() {
    let app = app();
    assert!(!ids(&list(&app, "datasets?author=alice").await).contains(&"alice/private-notes"));
    let reply = get(&app, "/api/datasets?author=alice", &[READ]).await;
    assert!(ids(reply.json().as_array().unwrap()).contains(&"alice/private-notes"));
    let reply = get(&app, "/api/datasets?author=alice", &[crate::BOB]).await;
    assert!(!ids(reply.json().as_array().unwrap()).contains(&"alice/private-notes"));
}

#[tokio::test]
async fn limits_and_cursors_are_checked() {
    let app = app();
    for query in ["limit=0", "limit=many", "cursor=%21"] {
        assert_eq!(get(&app, &format!("/api/models?{query}"), &[]).await.status, 400, "{query}");
    }
    assert_eq!(list(&app, "models?limit=5000").await.len(), 1000);
}
