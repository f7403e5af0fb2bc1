use serde_json::{Value, json};

use crate::support::{READ, WRITE, app, get, send};

#[tokio::test]
async fn every_answer_carries_the_recorded_headers() {
    let app = app();
    for path in ["/api/models/acme/tiny-bert", "/api/models/acme/none", "/api/nothing", "/api/models/gpt2"] {
        let reply = get(&app, path, &[("origin", "http://localhost:5173")]).await;
        assert!(reply.header("x-request-id").starts_with("Root=1-"), "{path}");
        assert!(reply.header("ratelimit").starts_with("\"api\";r="), "{path}");
        assert_eq!(reply.header("ratelimit-policy"), "\"fixed window\";\"api\";q=500;w=300");
        assert_eq!(reply.header("access-control-allow-origin"), "http://localhost:5173");
        assert_eq!(reply.header("vary"), "Origin");
        assert!(!reply.header("access-control-expose-headers").to_lowercase().contains("ratelimit"));
    }
    assert_eq!(get(&app, "/api/models", &[]).await.header("access-control-allow-origin"), app.hub.origin);
    let traced = get(&app, "/api/models?limit=1", &[("x-amzn-trace-id", "abc")]).await;
    assert!(traced.header("x-request-id").ends_with(";abc"));
}

#[tokio::test]
async fn a_preflight_allows_what_it_asks_for() {
    let app = app();
    let asked = [
        ("origin", "http://localhost:5173"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,x-stainless-os,x-hf-bill-to"),
    ];
    for (path, origin) in
        [("/api/models", "http://localhost:5173"), ("/router/v1/chat/completions", "http://localhost:5173")]
    {
        let reply = send(&app, "OPTIONS", path, &asked, Value::Null).await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("access-control-allow-origin"), origin);
        assert_eq!(reply.header("access-control-allow-headers"), "authorization,x-stainless-os,x-hf-bill-to");
        assert!(reply.header("access-control-allow-methods").contains("POST"));
        assert_eq!(reply.header("access-control-max-age"), "86400");
    }
}

#[tokio::test]
async fn an_old_id_redirects_relatively_and_keeps_the_query() {
    let app = app();
    for (path, location) in [
        ("/api/models/gpt2?full=true", "/api/models/openai-community/gpt2?full=true"),
        ("/api/models/gpt2/discussions?p=1", "/api/models/openai-community/gpt2/discussions?p=1"),
        ("/api/models/gpt2/refs", "/api/models/openai-community/gpt2/refs"),
        ("/api/models/ACME/Tiny-BERT/tree/refs%2Fpr%2F1/a%2Fb", "/api/models/acme/tiny-bert/tree/refs%2Fpr%2F1/a%2Fb"),
    ] {
        let reply = get(&app, path, &[]).await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (307, location));
    }
}

#[tokio::test]
async fn a_missing_or_hidden_repository_looks_the_same() {
    let app = app();
    for path in ["/api/models/acme/none", "/api/datasets/alice/private-notes"] {
        let anonymous = get(&app, path, &[]).await;
        assert_eq!((anonymous.status.as_u16(), anonymous.header("x-error-code")), (401, "RepoNotFound"));
        assert_eq!(anonymous.json(), json!({ "error": "Invalid username or password." }));
        assert_eq!(anonymous.header("www-authenticate"), "Bearer realm=\"Authentication required\", charset=\"UTF-8\"");
        let stranger = get(&app, path, &[("authorization", "Bearer hf_emulator_bob")]).await;
        assert_eq!((stranger.status.as_u16(), stranger.header("x-error-code")), (404, "RepoNotFound"));
        assert_eq!(stranger.header("x-error-message"), "Repository not found");
    }
    assert_eq!(get(&app, "/api/datasets/alice/private-notes", &[READ]).await.status, 200);
}

#[tokio::test]
async fn a_token_must_be_there_valid_and_allowed() {
    let app = app();
    assert_eq!(get(&app, "/api/whoami-v2", &[]).await.status, 401);
    for token in ["Bearer hf_emulator_expired", "Bearer hf_unknown", "nonsense"] {
        let reply = get(&app, "/api/whoami-v2", &[("authorization", token)]).await;
        assert_eq!(reply.status, 401);
        assert_eq!(reply.header("x-error-message"), "Invalid credentials in Authorization header");
    }
    assert_eq!(get(&app, "/api/whoami-v2", &[WRITE]).await.json()["name"], "alice");
}

#[tokio::test]
async fn quotas_end_in_429_and_begin_anew() {
    let app = app();
    send(&app, "POST", "/_emulator/quotas", &[], json!({ "api": 2 })).await;
    for left in ["\"api\";r=1;t=300", "\"api\";r=0;t=300"] {
        let reply = get(&app, "/api/models/acme/tiny-bert", &[READ]).await;
        assert_eq!((reply.status.as_u16(), reply.header("ratelimit")), (200, left));
    }
    let refused = get(&app, "/api/models/acme/tiny-bert", &[READ]).await;
    assert_eq!(refused.status, 429);
    assert!(refused.header("ratelimit").starts_with("\"api\";r=0;t="));
    assert!(refused.json()["error"].as_str().unwrap().contains("quota of 2 api requests"));
    assert_eq!(get(&app, "/api/models/acme/tiny-bert", &[]).await.status, 200, "another caller has its own window");
    send(&app, "POST", "/_emulator/clock", &[], json!({ "advance_ms": 300_000 })).await;
    assert_eq!(get(&app, "/api/models/acme/tiny-bert", &[READ]).await.status, 200);
}

#[tokio::test]
async fn an_action_has_a_limit_of_its_own() {
    let app = app();
    for _ in 0..200 {
        assert_eq!(get(&app, "/api/whoami-v2", &[READ]).await.status, 200);
    }
    let refused = get(&app, "/api/whoami-v2", &[READ]).await;
    assert_eq!(refused.status, 429);
    assert!(!refused.header("ratelimit").contains("r=0;"), "{}", refused.header("ratelimit"));
}

#[tokio::test]
async fn plans_have_their_quotas() {
    let app = app();
    let policy = get(&app, "/api/models?limit=1", &[("authorization", "Bearer hf_emulator_bob")]).await;
    assert_eq!(policy.header("ratelimit-policy"), "\"fixed window\";\"api\";q=1000;w=300");
    let pages = get(&app, "/some/page", &[]).await;
    assert_eq!(pages.header("ratelimit-policy"), "\"fixed window\";\"pages\";q=100;w=300");
    let files = get(&app, "/acme/none/resolve/main/x", &[]).await;
    assert_eq!(files.header("ratelimit-policy"), "\"fixed window\";\"resolvers\";q=3000;w=300");
}

#[tokio::test]
async fn a_json_answer_has_an_etag_and_head_has_no_body() {
    let app = app();
    let path = "/api/models/acme/tiny-bert";
    let first = get(&app, path, &[]).await;
    let again = get(&app, path, &[("if-none-match", first.header("etag"))]).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    let head = send(&app, "HEAD", path, &[], Value::Null).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), first.body.len().to_string());
}
