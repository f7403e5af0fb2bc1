use serde_json::{Value, json};

use crate::support::{READ, WRITE, app, get, send};

const BOB: (&str, &str) = ("authorization", "Bearer hf_emulator_bob");
const FINE: (&str, &str) = ("authorization", "Bearer hf_emulator_fine");

#[tokio::test]
async fn a_gated_repository_shows_itself_and_keeps_its_content() {
    let app = app();
    for path in
        ["/api/models/acme/gated-llm", "/api/models/acme/gated-llm/tree/main", "/api/models/acme/gated-llm/discussions"]
    {
        assert_eq!(get(&app, path, &[]).await.status, 200, "{path}");
    }
    for path in ["/api/models/acme/gated-llm/commits/main", "/acme/gated-llm/resolve/main/config.json"] {
        let anonymous = get(&app, path, &[]).await;
        assert_eq!((anonymous.status.as_u16(), anonymous.header("x-error-code")), (401, "GatedRepo"), "{path}");
        assert_eq!(
            anonymous.header("x-error-message"),
            "Access to model acme/gated-llm is restricted. You must have access to it and be authenticated to access it. Please log in."
        );
        let stranger = get(&app, path, &[BOB]).await;
        assert_eq!((stranger.status.as_u16(), stranger.header("x-error-code")), (403, "GatedRepo"), "{path}");
        assert!(stranger.header("x-error-message").contains("you are not in the authorized list"));
        assert!(get(&app, path, &[READ]).await.status.as_u16() < 400, "{path}");
    }
}

#[tokio::test]
async fn errors_of_downloads_are_plain_text() {
    let app = app();
    let missing = get(&app, "/acme/tiny-bert/resolve/main/none.txt", &[]).await;
    assert_eq!((missing.status.as_u16(), missing.text()), (404, "Entry not found"));
    assert_eq!(
        (missing.header("content-type"), missing.header("x-error-code")),
        ("text/plain; charset=utf-8", "EntryNotFound")
    );
    assert_eq!(missing.header("x-repo-commit").len(), 40);
    assert!(missing.header("ratelimit").starts_with("\"resolvers\";r=2999"));
}

#[tokio::test]
async fn a_disabled_repository_says_so_without_a_code() {
    let app = app();
    let reply = get(&app, "/api/models/acme/disabled-model", &[READ]).await;
    assert_eq!((reply.status.as_u16(), reply.header("x-error-code")), (403, ""));
    assert_eq!(reply.header("x-error-message"), "Access to this resource is disabled.");
}

#[tokio::test]
async fn writing_needs_a_token_that_may_write() {
    let app = app();
    let settings = json!({ "discussionsDisabled": false });
    let path = "/api/models/alice/playground/settings";
    for (headers, status) in [
        ([].as_slice(), 401),
        ([("authorization", "Bearer hf_emulator_expired")].as_slice(), 401),
        ([READ].as_slice(), 403),
        ([BOB].as_slice(), 403),
        ([FINE].as_slice(), 403),
        ([WRITE].as_slice(), 200),
    ] {
        let reply = send(&app, "PUT", path, headers, settings.clone()).await;
        assert_eq!(reply.status, status, "{headers:?}: {}", reply.text());
        assert!(status == 200 || !reply.header("x-error-message").is_empty());
    }
    let fine = send(&app, "PUT", "/api/models/acme/tiny-bert/settings", &[FINE], settings).await;
    assert_eq!(fine.status, 200, "its scope names this repository");
}

#[tokio::test]
async fn a_stranger_may_propose_but_not_push() {
    let app = app();
    let files = json!({ "files": [{ "path": "a.txt", "size": 1, "sample": "YQ==" }] });
    let path = "/api/models/acme/tiny-bert/preupload/main";
    let refused = send(&app, "POST", path, &[BOB], files.clone()).await;
    assert_eq!((refused.status.as_u16(), refused.header("x-error-message").contains("create_pr=1")), (403, true));
    assert_eq!(send(&app, "POST", &format!("{path}?create_pr=1"), &[BOB], files).await.status, 200);
}

#[tokio::test]
async fn webhooks_ask_for_their_own_permission() {
    let app = app();
    assert_eq!(get(&app, "/api/settings/webhooks", &[]).await.status, 401);
    assert_eq!(get(&app, "/api/settings/webhooks", &[FINE]).await.status, 200);
    let created = send(&app, "POST", "/api/settings/webhooks", &[FINE], Value::Null).await;
    assert_eq!(created.status, 403, "{}", created.text());
}
