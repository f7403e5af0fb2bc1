//! The short form in which a collection shows what it holds. Things that the caller may not see are left out.

use serde_json::{Map, Value, json};

use super::store::{self, Item, can_see};
use crate::dates;
use crate::hub::accounts::{self, Caller};
use crate::hub::discussions::events::escaped;
use crate::hub::error::Error;
use crate::hub::repos::{self, Repo, RepoKind};
use crate::hub::{Hub, providers};

/// `None` when there is nothing that the caller may see.
pub fn object(hub: &Hub, caller: &Caller, item: &Item, details: bool) -> Result<Option<Value>, Error> {
    let mut object = Map::new();
    object.insert("_id".to_owned(), item.id.as_str().into());
    object.insert("position".to_owned(), item.position.into());
    object.insert("type".to_owned(), item.kind.as_str().into());
    object.insert("id".to_owned(), item.item.as_str().into());
    if let Some(note) = &item.note {
        object.insert("note".to_owned(), json!({ "html": escaped(note), "text": note }));
    }
    if item.gallery.is_array() {
        object.insert("gallery".to_owned(), item.gallery.clone());
    }
    let form = match item.kind.as_str() {
        "paper" => Some(json!({ "title": item.item, "upvotes": 0, "isUpvotedByUser": false })),
        "collection" => collection(hub, caller, item)?,
        kind => match RepoKind::parse(kind) {
            Some(kind) => repo(hub, caller, kind, &item.item)?,
            None => Some(json!({})),
        },
    };
    let Some(Value::Object(form)) = form else { return Ok(None) };
    if details {
        object.extend(form);
    }
    Ok(Some(Value::Object(object)))
}

/// Whether the thing exists for the caller. Papers and buckets live elsewhere and are taken on trust.
pub fn exists(hub: &Hub, caller: &Caller, item: &Item) -> Result<bool, Error> {
    Ok(object(hub, caller, item, false)?.is_some())
}

fn collection(hub: &Hub, caller: &Caller, item: &Item) -> Result<Option<Value>, Error> {
    let id = item.item.rsplit('-').next().unwrap_or_default();
    let Some(collection) = store::find(hub, id)? else { return Ok(None) };
    if !can_see(hub, caller, &collection)? {
        return Ok(None);
    }
    Ok(Some(json!({
        "slug": collection.slug(),
        "title": collection.title,
        "lastUpdated": dates::iso(collection.last_updated),
        "theme": collection.theme,
        "upvotes": collection.upvotes,
        "numberItems": store::items(hub, &collection.id)?.len(),
    })))
}

fn repo(hub: &Hub, caller: &Caller, kind: RepoKind, id: &str) -> Result<Option<Value>, Error> {
    match repos::find_moved(hub, kind, id)? {
        Some(repo) if accounts::can_see(hub, caller, &repo)? => Ok(Some(short(&repo))),
        _ => Ok(None),
    }
}

fn short(repo: &Repo) -> Value {
    let mut form = Map::new();
    for (key, value) in [
        ("id", repo.full_name().into()),
        ("author", repo.namespace.as_str().into()),
        ("repoType", repo.kind.as_str().into()),
        ("gated", repo.gated.as_deref().map_or(Value::Bool(false), Value::from)),
        ("private", (repo.visibility != "public").into()),
        ("lastModified", dates::iso(repo.last_modified).into()),
        ("likes", repo.likes.into()),
        ("isLikedByUser", false.into()),
    ] {
        form.insert(key.to_owned(), value);
    }
    let own = match repo.kind {
        RepoKind::Model | RepoKind::Kernel => json!({
            "downloads": repo.downloads,
            "pipeline_tag": repo.meta("pipeline_tag"),
            "numParameters": repo.num_parameters(),
            "availableInferenceProviders": providers::live(repo).collect::<Value>(),
        }),
        RepoKind::Dataset => json!({ "downloads": repo.downloads }),
        RepoKind::Space => json!({
            "title": repo.meta("cardData.title"),
            "emoji": repo.meta("cardData.emoji"),
            "colorFrom": repo.meta("cardData.colorFrom"),
            "colorTo": repo.meta("cardData.colorTo"),
            "sdk": repo.meta("sdk"),
            "shortDescription": repo.meta("cardData.short_description"),
            "runtime": repo.meta("runtime"),
        }),
    };
    let own = own.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    form.extend(own.map(|(key, value)| (key.clone(), value.clone())));
    Value::Object(form)
}
