use emulator::hub::Hub;
use emulator::hub::accounts::{self, Caller, Target};
use emulator::hub::error::ErrorKind;
use emulator::hub::repos::{self, Found, Repo, RepoKind};

use crate::support::{app, get};

fn caller(hub: &Hub, token: &str) -> Caller {
    accounts::by_token(hub, token).unwrap()
}

fn repo(hub: &Hub, kind: RepoKind, id: &str) -> Repo {
    match repos::find(hub, kind, id).unwrap() {
        Found::Repo(repo) => repo,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_permission_needs_both_the_person_and_the_token() {
    let app = app();
    let bert = repo(&app.hub, RepoKind::Model, "acme/tiny-bert");
    let playground = repo(&app.hub, RepoKind::Model, "alice/playground");
    let on = Target::Repo;
    for (token, target, permission, expected) in [
        ("hf_emulator_write", on(&bert), "repo.write", true),
        ("hf_emulator_write", Target::Namespace("acme"), "repo.write", true),
        ("hf_emulator_write", Target::Namespace("bob"), "repo.write", false),
        ("hf_emulator_read", on(&bert), "repo.write", false),
        ("hf_emulator_read", on(&bert), "discussion.write", false),
        ("hf_emulator_read", Target::Account, "inference.serverless.write", true),
        ("hf_emulator_read", Target::Account, "user.webhooks.read", true),
        ("hf_emulator_read", Target::Account, "user.webhooks.write", false),
        ("hf_emulator_bob", on(&bert), "discussion.write", true),
        ("hf_emulator_bob", on(&bert), "repo.write", false),
        ("hf_emulator_fine", on(&bert), "repo.write", true),
        ("hf_emulator_fine", on(&playground), "repo.write", false),
        ("hf_emulator_fine", on(&playground), "discussion.write", true),
        ("hf_emulator_fine", Target::Account, "inference.serverless.write", true),
        ("hf_emulator_fine", Target::Account, "user.webhooks.read", true),
        ("hf_emulator_fine", Target::Account, "user.webhooks.write", false),
        ("hf_emulator_fine", Target::Namespace("alice"), "collection.write", false),
    ] {
        let may = accounts::may(&app.hub, &caller(&app.hub, token), target, permission).unwrap();
        assert_eq!(may, expected, "{token} {permission}");
    }
    assert!(!accounts::may(&app.hub, &Caller::Anonymous, on(&bert), "discussion.write").unwrap());
}

#[test]
fn private_and_gated_content_is_for_some() {
    let app = app();
    let notes = repo(&app.hub, RepoKind::Dataset, "alice/private-notes");
    let gated = repo(&app.hub, RepoKind::Model, "acme/gated-llm");
    let who = |token: &str| caller(&app.hub, &format!("hf_emulator_{token}"));
    for (token, sees_notes, reads_gated) in
        [("read", true, true), ("fine", false, false), ("bob", false, false), ("bob_read", false, false)]
    {
        assert_eq!(accounts::can_see(&app.hub, &who(token), &notes).unwrap(), sees_notes, "{token}");
        assert!(accounts::can_see(&app.hub, &who(token), &gated).unwrap());
        assert_eq!(accounts::can_read_content(&app.hub, &who(token), &gated).unwrap(), reads_gated, "{token}");
    }
    let id = who("bob").user().unwrap().id.clone();
    app.hub.db().execute("insert into grants (repo_id, user_id) values (?, ?)", (&gated.id, id)).unwrap();
    assert!(accounts::can_read_content(&app.hub, &who("bob"), &gated).unwrap());
}

#[tokio::test]
async fn a_token_may_come_as_a_password() {
    let app = app();
    // user:hf_emulator_read
    let basic = ("authorization", "Basic dXNlcjpoZl9lbXVsYXRvcl9yZWFk");
    assert_eq!(get(&app, "/api/datasets/alice/private-notes", &[basic]).await.status, 200);
    for wrong in ["Bearer hf_nobody", "Basic !", "Token hf_emulator_read"] {
        let reply = get(&app, "/api/models/acme/tiny-bert", &[("authorization", wrong)]).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("x-error-message")),
            (401, "Invalid credentials in Authorization header")
        );
    }
}

#[test]
fn a_token_ends_with_the_hand_set_clock() {
    let app = app();
    app.hub
        .db()
        .execute("update tokens set expires_at = ? where token = 'hf_emulator_bob'", [app.hub.now() + 60_000])
        .unwrap();
    assert!(accounts::by_token(&app.hub, "hf_emulator_bob").is_ok());
    app.hub.clock_offset.store(61_000, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(accounts::by_token(&app.hub, "hf_emulator_bob").unwrap_err().kind, ErrorKind::Unauthenticated);
}
