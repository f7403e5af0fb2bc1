//! From an event to the webhooks that watch for it.

use hf_wasm::endpoints::Event;
use serde_json::Value;

use super::delivery::Delivery;
use super::payload;
use super::store::{self, Webhook};
use crate::hub::accounts::{self, User};
use crate::hub::error::Error;
use crate::hub::{Hub, repos};
use crate::json::at;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Most deliveries of a webhook in 24 hours.
const MAX_PER_DAY: i64 = 1000;

/// The repository that changed, and the event's own properties of the webhook payload (`updatedRefs`, `discussion`, …).
#[derive(Debug, Clone)]
pub struct Change {
    pub repo_id: String,
    pub payload: Value,
}

/// Stores a delivery for each webhook that watches the repository, and sends it through the Hub's channel. A
/// deleted repository must come as `repo` in the change's payload.
pub fn emit(hub: &Hub, event: Event, change: Change) {
    match deliveries(hub, event, &change) {
        Ok(deliveries) => {
            for delivery in deliveries {
                hub.deliver(delivery);
            }
        }
        Err(error) => eprintln!("webhooks: {}", error.message),
    }
}

/// Resumes the deliveries that a restart interrupted.
pub fn resume(hub: &Hub) -> Result<(), Error> {
    for delivery in store::deliveries(hub, None)?.into_iter().filter(|delivery| !delivery.done) {
        hub.deliver(delivery);
    }
    Ok(())
}

fn deliveries(hub: &Hub, event: Event, change: &Change) -> Result<Vec<Delivery>, Error> {
    let about = match repos::by_id(hub, &change.repo_id)? {
        _ if change.payload.get("repo").is_some() => at(&change.payload, "repo").clone(),
        Some(repo) => payload::repo(hub, &repo)?,
        None => return Ok(Vec::new()),
    };
    let domain = if event.scope.starts_with("discussion") { "discussion" } else { "repo" };
    let mut deliveries = Vec::new();
    for mut webhook in store::all(hub, None)? {
        let wanted = webhook.disabled.is_none() && webhook.domains.iter().any(|wanted| wanted == domain);
        if !wanted || !watches(&webhook.watched, &about) || !sees(hub, &webhook, &about)? {
            continue;
        }
        if store::count_since(hub, &webhook.id, hub.now() - DAY)? >= MAX_PER_DAY {
            continue;
        }
        webhook.last_trigger_at = Some(hub.now());
        store::save(hub, &webhook)?;
        let delivery = Delivery {
            id: repos::new_id(hub),
            webhook_id: webhook.id.clone(),
            created_at: hub.now(),
            body: payload::body(event, &about, &change.payload, &webhook.id),
            attempts: 0,
            status: None,
            error: None,
            done: false,
        };
        store::save_delivery(hub, &delivery)?;
        deliveries.push(delivery);
    }
    Ok(deliveries)
}

/// Whether one of the watched is the repository or its owner.
fn watches(watched: &Value, repo: &Value) -> bool {
    let id = at(repo, "name").as_str().unwrap_or_default();
    let owner = id.split('/').next().unwrap_or_default();
    watched.as_array().into_iter().flatten().any(|item| {
        let name = at(item, "name").as_str().unwrap_or_default();
        match at(item, "type").as_str() {
            Some("user" | "org") => name.eq_ignore_ascii_case(owner),
            _ => at(item, "type") == at(repo, "type") && name.eq_ignore_ascii_case(id),
        }
    })
}

/// Events of a private repository go only to those who may read it.
fn sees(hub: &Hub, webhook: &Webhook, repo: &Value) -> Result<bool, Error> {
    if at(repo, "private") == false {
        return Ok(true);
    }
    let Some(account) = accounts::by_id(hub, &webhook.user_id)? else { return Ok(false) };
    let owner = at(repo, "name").as_str().and_then(|id| id.split('/').next()).unwrap_or_default();
    let user = User { id: account.id, name: account.name, fullname: account.fullname, is_pro: account.is_pro };
    Ok(accounts::role_in(hub, owner, &user)?.is_some_and(|role| role != "no_access"))
}
