//! What belongs to people besides repositories: webhooks, collections, likes.

use serde_json::{Value, json};
use time::macros::datetime;

use super::accounts::{self, millis};
use super::names::{self, WEBHOOKS};
use crate::hub::Hub;
use crate::hub::collections::store::{self as collections, Collection, Item};
use crate::hub::error::Error;
use crate::hub::likes;
use crate::hub::repos::{self, RepoKind};
use crate::hub::webhooks::Target;
use crate::hub::webhooks::store::{self as webhooks, Webhook};

pub fn fill(hub: &Hub) -> Result<(), Error> {
    let [active, idle] = WEBHOOKS;
    let everything = json!([{ "type": "org", "name": "acme" }, { "type": "model", "name": "acme/tiny-bert" }]);
    webhook(hub, active, everything, &["repo", "discussion"], None)?;
    webhook(hub, idle, json!([{ "type": "user", "name": "alice" }]), &["repo"], Some("true"))?;
    for (place, (owner, title, description, private, items)) in (0..).zip(COLLECTIONS) {
        let created = millis(datetime!(2026-04-01 08:00 UTC)) + place * 5 * 86_400_000;
        let id = names::id(&format!("collection {owner} {title}"), created);
        collections::save(
            hub,
            &Collection {
                id: id.clone(),
                owner: owner.to_owned(),
                title: title.to_owned(),
                description: Some(description.to_owned()),
                private,
                theme: collections::THEMES.get(place as usize % 6).copied().unwrap_or("blue").to_owned(),
                gating: Value::Bool(false),
                position: place,
                upvotes: 17 - place * 2,
                last_updated: created + 86_400_000,
            },
        )?;
        for (position, (kind, item, note)) in (0..).zip(items) {
            collections::save_item(
                hub,
                &Item {
                    id: names::id(&format!("{id} {item}"), created + position * 1000),
                    collection_id: id.clone(),
                    kind: (*kind).to_owned(),
                    item: (*item).to_owned(),
                    note: Some((*note).to_owned()).filter(|note| !note.is_empty()),
                    gallery: Value::Null,
                    position,
                },
            )?;
        }
    }
    liked(hub)
}

/// Who gave the likes of the repositories with real files, as far as there are people: alice first.
fn liked(hub: &Hub) -> Result<(), Error> {
    let first = millis(datetime!(2026-06-10 12:00 UTC));
    for (kind, name) in [
        (RepoKind::Model, "acme/tiny-bert"),
        (RepoKind::Model, "acme/gpt2-gguf"),
        (RepoKind::Dataset, "acme/reviews"),
        (RepoKind::Space, "acme/demo"),
    ] {
        let Some(repo) = repos::find_moved(hub, kind, name)? else { continue };
        let likes = usize::try_from(repo.likes).unwrap_or_default();
        for (day, user) in (0..).zip(accounts::users().take(likes)) {
            likes::note(&hub.db(), &repo.id, &accounts::id(user), first + day * 86_400_000)?;
        }
    }
    Ok(())
}

fn webhook(hub: &Hub, id: &str, watched: Value, domains: &[&str], disabled: Option<&str>) -> Result<(), Error> {
    webhooks::save(
        hub,
        &Webhook {
            id: id.to_owned(),
            user_id: accounts::id("alice"),
            target: Target::Url(format!("{}/_emulator/webhook-sink", hub.origin)),
            disabled: disabled.map(str::to_owned),
            watched,
            domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
            secret: Some("s3cret".to_owned()),
            last_trigger_at: None,
            failures: 0,
            created_at: millis(datetime!(2022-12-07 19:24 UTC)),
        },
    )
}

type Held = (&'static str, &'static str, &'static str);

/// Owner, title, description, whether it is private, items with their notes.
const COLLECTIONS: [(&str, &str, &str, bool, &[Held]); 7] = [
    (
        "alice",
        "Small encoders",
        "Models that fit on a phone.",
        false,
        &[
            ("model", "acme/tiny-bert", "Smallest of all"),
            ("model", "google-bert/bert-tiny-uncased", ""),
            ("model", "distilbert/distilbert-base-uncased", ""),
            ("model", "sentence-transformers/all-MiniLM-L6-v2", "Good for search"),
            ("dataset", "acme/reviews", ""),
            ("space", "acme/demo", "Try it here"),
        ],
    ),
    (
        "alice",
        "Speech",
        "From speech to text and back.",
        false,
        &[
            ("model", "openai/whisper-tiny", ""),
            ("model", "openai/whisper-large-v3", "Most precise"),
            ("model", "facebook/mms-tts-eng", ""),
        ],
    ),
    (
        "alice",
        "Reading list",
        "Papers to read next.",
        false,
        &[("paper", "1706.03762", "Attention"), ("paper", "1810.04805", ""), ("paper", "2005.14165", "")],
    ),
    ("alice", "Drafts", "Not for everybody.", true, &[("dataset", "alice/private-notes", "")]),
    (
        "acme",
        "Acme releases",
        "Everything that we have released.",
        false,
        &[("model", "acme/tiny-bert", ""), ("dataset", "acme/reviews", ""), ("space", "acme/demo", "")],
    ),
    (
        "HuggingFaceTB",
        "SmolLM2",
        "Small language models in three sizes.",
        false,
        &[
            ("model", "HuggingFaceTB/SmolLM2-135M", ""),
            ("model", "HuggingFaceTB/SmolLM2-360M", ""),
            ("model", "HuggingFaceTB/SmolLM2-1.7B", ""),
        ],
    ),
    (
        "bob",
        "To try",
        "For a rainy day.",
        false,
        &[("model", "openai-community/gpt2", ""), ("model", "Qwen/Qwen2.5-0.5B", "")],
    ),
];
