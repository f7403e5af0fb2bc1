//! The body of a delivery, version 3.

use hf_wasm::endpoints::Event;
use serde_json::{Map, Value, json};

use crate::hub::error::Error;
use crate::hub::repo::{Repo, RepoKind};
use crate::hub::space::subdomain;
use crate::hub::{Hub, accounts, tags};

/// `repo` of the payload, as it is for every scope.
pub fn repo(hub: &Hub, repo: &Repo) -> Result<Value, Error> {
    let owner = accounts::by_name(hub, &repo.namespace)?.map(|account| account.id);
    let mut object = json!({
        "type": repo.kind.as_str(),
        "name": repo.full_name(),
        "id": repo.id,
        "private": repo.visibility != "public",
        "url": { "web": repo.url(hub), "api": repo.api_url(hub) },
        "headSha": repo.sha,
        "owner": { "id": owner },
        "tags": tags::of(repo),
    });
    if let (RepoKind::Space, Some(object)) = (repo.kind, object.as_object_mut()) {
        object.insert("subdomain".to_owned(), subdomain(repo).into());
    }
    Ok(object)
}

/// The whole body: event, repository and webhook, and the event's own properties.
pub fn body(event: Event, repo: &Value, properties: &Value, webhook_id: &str) -> Value {
    let mut repo = repo.clone();
    let of_repo = event.scope.starts_with("repo");
    if let (false, Some(repo)) = (of_repo, repo.as_object_mut()) {
        repo.remove("headSha");
    }
    let mut body = Map::new();
    body.insert("event".to_owned(), json!({ "action": event.action, "scope": event.scope }));
    body.insert("repo".to_owned(), repo);
    if event.scope == "repo.config" {
        body.insert("updatedConfig".to_owned(), json!({}));
    }
    let own = properties.as_object().into_iter().flatten().filter(|(key, _)| *key != "repo");
    body.extend(own.map(|(key, value)| (key.clone(), value.clone())));
    body.insert("webhook".to_owned(), json!({ "id": webhook_id, "version": 3 }));
    Value::Object(body)
}
