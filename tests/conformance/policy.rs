//! A policy stands before every endpoint and every flow: what it does not allow never leaves, whatever the arguments, faults,
//! redirects and pages. What it allows goes, and is held to it on the way.

use std::sync::Arc;

use emulator::http::app::App;
use hf_wasm::core::failure::{ErrorKind, Failure};
use hf_wasm::core::policy::{Policy, RepoRules, Rules};
use hf_wasm::endpoints::files::RESOLVE;
use hf_wasm::endpoints::models::MODEL_INFO;
use hf_wasm::endpoints::repos::{COMMIT, LIST_COMMITS, MOVE_REPO, UPDATE_REPO_SETTINGS};
use hf_wasm::endpoints::webhooks::CREATE_WEBHOOK;
use hf_wasm::endpoints::{Access, Destructive, Endpoint, Group, all};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::calls::{WRITE, app, commit, examples, send, writer};
use crate::io::EmulatorIo;
use crate::retries::fault;

fn pairs(words: &[(&str, &str)]) -> Vec<(String, String)> {
    words.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect()
}

/// Everything is allowed but for one group.
fn but(group: Group, mode: &str) -> Policy {
    let word = |other: Group| if other == group { mode } else { "full" };
    let groups = Group::ALL.iter().map(|other| (other.as_str().to_owned(), word(*other).to_owned())).collect();
    Policy { general: Rules { groups, endpoints: Vec::new() }, ..Policy::default() }
}

fn in_repo(pattern: &str, mode: &str, rest: &str) -> Policy {
    let rules = Rules { groups: pairs(&[("repos", mode), ("models", mode)]), endpoints: Vec::new() };
    let general = Rules { groups: pairs(&[("repos", rest), ("models", rest)]), endpoints: Vec::new() };
    let repos = vec![RepoRules { pattern: pattern.into(), name: pattern.into(), rules }];
    Policy { general, repos, ..Policy::default() }
}

async fn attempt(io: &mut EmulatorIo, endpoint: &'static Endpoint, params: Value) -> Option<Box<Failure>> {
    match endpoint.name == COMMIT.name {
        true => commit(io, params).await.err(),
        false => send(io, endpoint, params).await.err(),
    }
}

/// Calls an endpoint under a policy: the failure, and how many requests left.
async fn under(
    app: &Arc<App>,
    policy: Policy,
    endpoint: &'static Endpoint,
    params: Value,
) -> (Option<Box<Failure>>, usize, EmulatorIo) {
    let mut io = EmulatorIo::new(app, endpoint.host, Some(WRITE));
    io.client = io.client.with(policy);
    let failure = attempt(&mut io, endpoint, params).await;
    let left = io.exchanges.borrow().len();
    (failure, left, io)
}

/// Faults that a server might answer with, were it asked.
fn faults(app: &Arc<App>) {
    for answer in [json!({ "status": 307, "headers": { "location": "/api/models" } }), json!({ "status": 429 })] {
        let mut rule = answer;
        rule["path"] = "/".into();
        rule["count"] = 1.into();
        fault(app, rule);
    }
}

#[tokio::test]
async fn with_a_group_off_or_at_read_nothing_leaves() {
    let app = app();
    let mut denied = 0;
    for endpoint in all() {
        for mode in ["off", "read"] {
            if mode == "read" && endpoint.access != Access::Write {
                continue;
            }
            faults(&app);
            let before = app.gate.log.since(0).len();
            let (failure, left, io) = under(&app, but(endpoint.group, mode), endpoint, examples(endpoint)).await;
            let failure = failure.unwrap_or_else(|| panic!("{} under {mode}", endpoint.name));
            let rule = format!("groups.{}: {mode}", endpoint.group.as_str());
            assert_eq!((failure.kind, left), (ErrorKind::Policy, 0), "{}: {failure:?}", endpoint.name);
            assert_eq!(failure.rule.as_deref(), Some(rule.as_str()), "{}", endpoint.name);
            assert!(failure.advice.is_some() && failure.attempts == 0, "{}", endpoint.name);
            // One decision a call, however many requests a commit would have sent.
            let decisions = io.decisions.take();
            assert!(decisions.iter().all(|(decision, _)| *decision == "denied"), "{}: {decisions:?}", endpoint.name);
            assert_eq!(app.gate.log.since(0).len(), before, "{}: the Hub was asked", endpoint.name);
            denied += 1;
        }
    }
    assert!(denied > all().count(), "{denied}");
}

#[tokio::test]
async fn what_is_allowed_goes_and_what_is_destructive_is_asked_for() {
    let app = app();
    for endpoint in all() {
        let (failure, left, io) = under(&app, but(endpoint.group, "full"), endpoint, examples(endpoint)).await;
        let decisions: Vec<_> = io.decisions.take().into_iter().map(|(decision, _)| decision).collect();
        if endpoint.destructive.is_given(|name| examples(endpoint)[name] != Value::Null) {
            assert_eq!((left, failure.unwrap().kind), (0, ErrorKind::Policy), "{}", endpoint.name);
            assert_eq!(decisions, ["asked", "declined"], "{}: nobody can be asked", endpoint.name);
        } else {
            assert!(left > 0 && failure.is_none_or(|failure| failure.kind != ErrorKind::Policy), "{}", endpoint.name);
            assert_eq!(decisions, ["allowed"], "{}", endpoint.name);
        }
    }
    assert_eq!(UPDATE_REPO_SETTINGS.destructive, Destructive::With(&["private", "visibility", "gated"]));
}

#[test]
fn no_argument_makes_a_denied_call_leave() {
    let app = app();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let endpoints: Vec<_> = all().collect();
    let text = prop_oneof![
        Just("acme/x".to_owned()),
        Just("datasets/acme/x".to_owned()),
        Just("../../models".to_owned()),
        Just("acme/tiny-bert?x=/api/models".to_owned()),
        ".{0,12}",
    ];
    let arguments = proptest::collection::vec(text, 8);
    let strategy = (0..endpoints.len(), arguments, prop::bool::ANY);
    TestRunner::default()
        .run(&strategy, |(at, texts, reads)| {
            let endpoint = endpoints[at];
            prop_assume!(!reads || endpoint.access == Access::Write);
            let mut params = examples(endpoint);
            for (param, text) in endpoint.params.iter().zip(texts) {
                // Half of them keep what works.
                if text.len() % 2 == 0 && param.name != "operations" {
                    params[param.name] = text.into();
                }
            }
            let mode = if reads { "read" } else { "off" };
            let (failure, left, _) = runtime.block_on(under(&app, but(endpoint.group, mode), endpoint, params));
            let kind = failure.map(|failure| failure.kind);
            prop_assert!(
                matches!(kind, Some(ErrorKind::Policy | ErrorKind::InvalidInput)),
                "{}: {kind:?}",
                endpoint.name
            );
            prop_assert_eq!(left, 0);
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn a_repository_that_has_moved_out_of_the_policy_is_out_of_reach() {
    let app = app();
    let mut io = writer(&app, &MOVE_REPO);
    send(&mut io, &MOVE_REPO, examples(&MOVE_REPO)).await.unwrap();
    let only_old = || in_repo("models/alice/old-name", "full", "off");
    for (endpoint, params) in [
        (&MODEL_INFO, json!({ "repo": "alice/old-name" })),
        (&UPDATE_REPO_SETTINGS, json!({ "repo": "alice/old-name", "discussionsDisabled": true })),
    ] {
        let (failure, left, _) = under(&app, only_old(), endpoint, params.clone()).await;
        let failure = failure.unwrap();
        assert_eq!((failure.kind, left), (ErrorKind::Policy, 1), "{}: {failure:?}", endpoint.name);
        let (failure, left, _) = under(&app, in_repo("models/alice/*", "full", "off"), endpoint, params).await;
        assert_eq!((failure, left), (None, 2), "{}", endpoint.name);
    }
}

#[tokio::test]
async fn a_redirect_to_another_groups_address_is_not_followed() {
    let app = app();
    for (to, rule) in [
        ("/api/settings/webhooks", "groups.webhooks: off"),
        ("/api/models/acme/tiny-bert/tree/main", "groups.repos: off"),
        ("/nowhere", "an unknown URL"),
    ] {
        fault(&app, json!({ "path": "/", "count": 1, "status": 307, "headers": { "location": to } }));
        let policy = Policy {
            general: Rules { groups: pairs(&[("models", "read")]), endpoints: Vec::new() },
            ..Policy::default()
        };
        let (failure, left, _) = under(&app, policy, &MODEL_INFO, json!({ "repo": "acme/tiny-bert" })).await;
        assert_eq!((failure.unwrap().rule.as_deref(), left), (Some(rule), 1), "{to}");
    }
}

#[tokio::test]
async fn what_a_call_names_beside_is_decided_about() {
    let app = app();
    let endpoint = &CREATE_WEBHOOK;
    for (named, allowed) in [
        ("modelInfo models/acme/x", true),
        ("modelInfo models/acme/*", true),
        ("modelInfo models/bob/x", false),
        ("modelInfo models/*/x", false),
    ] {
        let mut io = EmulatorIo::new(&app, endpoint.host, Some(WRITE));
        let mut policy = in_repo("models/acme/*", "read", "off");
        policy.general.groups.push(("webhooks".to_owned(), "full".to_owned()));
        io.client = io.client.with(policy);
        io.named = named;
        let failure = attempt(&mut io, endpoint, examples(endpoint)).await;
        assert_eq!(
            (failure.is_none(), io.exchanges.borrow().len()),
            (allowed, usize::from(allowed)),
            "{named}: {failure:?}"
        );
    }
}

#[tokio::test]
async fn bytes_at_another_origin_belong_to_the_download() {
    let app = app();
    let params = json!({ "repo": "datasets/acme/reviews", "path": "data/train-00000-of-00001.parquet" });
    let (failure, left, _) = under(&app, in_repo("datasets/acme/*", "read", "off"), &RESOLVE, params.clone()).await;
    assert_eq!((failure, left), (None, 2));
    let (failure, left, _) = under(&app, in_repo("models/acme/*", "read", "off"), &RESOLVE, params).await;
    assert_eq!((failure.unwrap().kind, left), (ErrorKind::Policy, 0));
}

#[tokio::test]
async fn a_dry_run_denies_nothing_and_tells() {
    let app = app();
    let policy = Policy { dry_run: true, ..Policy::default() };
    let (failure, left, io) = under(&app, policy, &LIST_COMMITS, examples(&LIST_COMMITS)).await;
    assert_eq!((failure, left > 0), (None, true));
    let reported = io.decisions.take();
    assert_eq!(reported, [("would-deny", "groups.repos: off".to_owned()), ("allowed", String::new())]);
}

#[test]
fn every_endpoint_has_a_sentence_of_its_own_parameters() {
    for endpoint in all() {
        let (base, past) =
            endpoint.sentence.split_once('|').unwrap_or_else(|| panic!("{}: no sentence", endpoint.name));
        let begins = |text: &str| text.starts_with(|first: char| first.is_ascii_uppercase());
        assert!(begins(base) && begins(past) && !past.ends_with('.'), "{}: {}", endpoint.name, endpoint.sentence);
        assert!(past.split(' ').count() > base.split(' ').count(), "{}: {}", endpoint.name, endpoint.sentence);
        assert_eq!(past.matches('[').count(), past.matches(']').count(), "{}", endpoint.name);
        let mut optional = false;
        for (at, _) in past.match_indices(['{', '[', ']']) {
            match &past[at..=at] {
                "[" => optional = true,
                "]" => optional = false,
                _ => {
                    let name = past[at + 1..].split('}').next().unwrap();
                    let param = endpoint.param(name).unwrap_or_else(|| panic!("{}: {name}", endpoint.name));
                    let safe = !["secret", "token", "password"].iter().any(|word| name.contains(word));
                    assert!(safe && (optional || param.required || name == "revision"), "{}: {name}", endpoint.name);
                }
            }
        }
    }
}
