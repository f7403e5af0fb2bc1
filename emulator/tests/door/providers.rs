use emulator::http::app::{App, Options};
use serde_json::json;

use crate::chat::{CHAT, ask, chat, with};
use crate::support::{WRITE, app, get, send};

#[tokio::test]
async fn the_suffix_chooses_the_provider() {
    let app = app();
    for (suffix, provider) in
        [("", "groq"), (":fastest", "groq"), (":cheapest", "hf-inference"), (":together", "together")]
    {
        let reply = chat(&app, with(ask("hi"), json!({ "model": format!("emulator/echo{suffix}") }))).await;
        assert_eq!(reply.header("x-inference-provider"), provider);
        assert_eq!(reply.json()["model"], "emulator/echo");
    }
}

#[tokio::test]
async fn a_token_needs_the_right_to_infer() {
    let app = app();
    app.hub
        .db()
        .execute(
            "update tokens set fine_grained = '{\"global\":[],\"scoped\":[]}' where token = 'hf_emulator_fine'",
            [],
        )
        .unwrap();
    let reply = send(&app, "POST", CHAT, &[("authorization", "Bearer hf_emulator_fine")], ask("hi")).await;
    assert_eq!(reply.status, 403);
    assert_eq!(
        reply.json()["error"],
        "This authentication method does not have sufficient permissions to call Inference Providers on behalf of user alice"
    );
}

#[tokio::test]
async fn an_organization_may_pay_until_its_credits_are_used_up() {
    let app = app();
    let bill = |name| [WRITE, ("x-hf-bill-to", name)];
    assert_eq!(send(&app, "POST", CHAT, &bill("acme"), ask("hi")).await.status, 200);
    assert_eq!(send(&app, "POST", CHAT, &bill("google"), ask("hi")).await.status, 403);
    let log = get(&app, "/_emulator/log", &[]).await.json();
    assert_eq!((&log[0]["usage"]["billedTo"], &log[0]["billTo"]), (&json!("acme"), &json!("acme")));
    assert!(log[0]["usage"]["cost"].as_f64().unwrap() > 0.0);
    app.hub.db().execute("update spending set nano_dollars = 3000000000", []).unwrap();
    assert_eq!(send(&app, "POST", CHAT, &bill("acme"), ask("hi")).await.status, 402);
    assert_eq!(chat(&app, ask("hi")).await.status, 200, "alice has credits of her own");
}

#[tokio::test]
async fn models_are_listed_with_providers_and_prices() {
    let app = app();
    let list = get(&app, "/v1/models", &[]).await.json();
    let models = list["data"].as_array().unwrap();
    assert!(list["object"] == "list" && models.len() > 12, "{}", models.len());
    for model in models {
        for provider in model["providers"].as_array().unwrap() {
            assert!(provider["pricing"]["output"].is_number() && provider["throughput"].is_number());
            assert!(provider["first_token_latency_ms"].is_number() && provider["context_length"].is_u64());
        }
    }
    assert_eq!(get(&app, "/v1/models/emulator/echo", &[]).await.json(), models[0]);
    assert_eq!(get(&app, "/v1/models/acme/none", &[]).await.status, 404);
    let served = models.iter().find(|model| {
        !model["id"].as_str().unwrap().starts_with("emulator/")
            && model["providers"].as_array().unwrap().iter().any(|at| at["status"] == "live")
    });
    let served = &served.unwrap()["id"];
    let reply = chat(&app, with(ask("hi"), json!({ "model": served }))).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["model"]), (200, served));
}

#[tokio::test]
async fn a_provider_may_stand_in_the_path() {
    let app = app();
    for path in [
        "/together/v1/chat/completions",
        "/groq/openai/v1/chat/completions",
        "/hf-inference/models/emulator/echo/v1/chat/completions",
    ] {
        let reply = send(&app, "POST", path, &[WRITE], ask("hi")).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("x-inference-provider")),
            (200, path.split('/').nth(1).unwrap())
        );
    }
    assert_eq!(send(&app, "POST", "/cohere/compatibility/v1/chat/completions", &[WRITE], ask("hi")).await.status, 404);
}

#[tokio::test]
async fn an_upstream_answers_in_place_of_the_programs() {
    let upstream = axum::Router::new().route(
        "/v1/chat/completions",
        axum::routing::post(async |headers: axum::http::HeaderMap, body: String| {
            assert!(!headers.contains_key("authorization"));
            ([("content-type", "text/event-stream")], format!("data: {body}\n\ndata: [DONE]\n\n"))
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, upstream).await });
    let options = Options { inference_upstream: Some(address), ..Default::default() };
    let app = App::open(options).unwrap();
    let body = json!({ "model": "any/model", "messages": [] });
    let reply = chat(&app, body.clone()).await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "text/event-stream"));
    assert_eq!(reply.text(), format!("data: {body}\n\ndata: [DONE]\n\n"));
    assert_eq!(chat(&app, ask("hi")).await.header("x-inference-provider"), "groq", "the program stays reachable");
}
