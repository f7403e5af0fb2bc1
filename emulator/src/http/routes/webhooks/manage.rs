//! Registering, reading, changing and deleting webhooks.

use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::deliveries::address;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::repos;
use crate::hub::webhooks::Target;
use crate::hub::webhooks::store::{self, Webhook};
use crate::json::{at, texts};

const TYPES: [&str; 7] = ["dataset", "model", "space", "bucket", "kernel", "user", "org"];

pub async fn list(call: Call) -> response::Result {
    let webhooks = store::all(&call.hub, Some(&call.caller.require()?.id))?;
    let objects = webhooks.iter().map(|webhook| webhook.object(&call.hub)).collect::<Result<Value, _>>()?;
    Ok(ApiResponse::json(&objects))
}

pub async fn create(call: Call) -> response::Result {
    let body = call.json()?;
    let target = target(&call, &body)?;
    let webhook = Webhook {
        id: repos::new_id(&call.hub),
        user_id: call.caller.require()?.id.clone(),
        target: target
            .ok_or_else(|| ApiError::bad_request("One of \"url\", \"job\" and \"jobSourceId\" is required"))?,
        disabled: None,
        watched: watched(&body)?
            .ok_or_else(|| ApiError::bad_request("Invalid \"watched\": expected at least one item"))?,
        domains: domains(&body)?.unwrap_or_else(|| vec!["repo".to_owned(), "discussion".to_owned()]),
        secret: secret(&body)?,
        last_trigger_at: None,
        failures: 0,
        created_at: call.hub.now(),
    };
    store::save(&call.hub, &webhook)?;
    wrapped(&call, &webhook)
}

pub async fn info(call: Call) -> response::Result {
    wrapped(&call, &own(&call)?)
}

/// What the body leaves out, or gives as an empty list, stays as it is.
pub async fn update(call: Call) -> response::Result {
    let mut webhook = own(&call)?;
    let body = call.json()?;
    webhook.target = target(&call, &body)?.unwrap_or(webhook.target);
    webhook.watched = watched(&body)?.unwrap_or(webhook.watched);
    webhook.domains = domains(&body)?.unwrap_or(webhook.domains);
    webhook.secret = secret(&body)?.or(webhook.secret);
    store::save(&call.hub, &webhook)?;
    wrapped(&call, &webhook)
}

pub async fn delete(call: Call) -> response::Result {
    store::remove(&call.hub, &own(&call)?.id)?;
    Ok(ApiResponse::json(&json!({})))
}

pub async fn enable(call: Call) -> response::Result {
    let webhook = Webhook { disabled: None, failures: 0, ..own(&call)? };
    store::save(&call.hub, &webhook)?;
    wrapped(&call, &webhook)
}

pub async fn disable(call: Call) -> response::Result {
    let webhook = Webhook { disabled: Some("true".to_owned()), ..own(&call)? };
    store::save(&call.hub, &webhook)?;
    wrapped(&call, &webhook)
}

/// The webhook in the path, if it is the caller's.
pub fn own(call: &Call) -> Result<Webhook, ApiError> {
    let user = call.caller.require()?;
    let webhook = store::find(&call.hub, call.path_value("webhookId").unwrap_or_default())?;
    webhook.filter(|webhook| webhook.user_id == user.id).ok_or_else(|| ApiError::not_found("Webhook not found"))
}

fn wrapped(call: &Call, webhook: &Webhook) -> response::Result {
    Ok(ApiResponse::json(&json!({ "webhook": webhook.object(&call.hub)? })))
}

/// What the body names; an address that nothing would be delivered to is refused at once.
fn target(call: &Call, body: &Value) -> Result<Option<Target>, ApiError> {
    let target = Target::parse(body)?;
    if let Some(Target::Url(url)) = &target {
        address::check(url, call.app.gate.trust.link_local_webhooks)
            .map_err(|error| ApiError::bad_request(format!("Invalid \"url\": {error}")))?;
    }
    Ok(target)
}

fn watched(body: &Value) -> Result<Option<Value>, ApiError> {
    let items = at(body, "watched").as_array().map(Vec::as_slice).unwrap_or_default();
    let mut watched = Vec::new();
    for item in items {
        let (kind, name) = (at(item, "type").as_str(), at(item, "name").as_str());
        match (kind.filter(|kind| TYPES.contains(kind)), name.filter(|name| !name.is_empty())) {
            (Some(kind), Some(name)) => watched.push(json!({ "type": kind, "name": name })),
            _ => {
                let types = TYPES.map(|kind| format!("\"{kind}\"")).join("|");
                return Err(ApiError::bad_request(format!(
                    "Invalid \"watched\": expected items with a name and a type of {types}"
                )));
            }
        }
    }
    Ok((!watched.is_empty()).then(|| watched.into()))
}

/// Older clients call the domain `discussions`.
fn domains(body: &Value) -> Result<Option<Vec<String>>, ApiError> {
    let mut domains = Vec::new();
    for domain in texts(at(body, "domains")) {
        let domain = match domain {
            "repo" => "repo",
            "discussion" | "discussions" => "discussion",
            _ => {
                return Err(ApiError::bad_request(
                    "Invalid option: expected one of \"repo\"|\"discussion\" at domains",
                ));
            }
        };
        if !domains.iter().any(|known| known == domain) {
            domains.push(domain.to_owned());
        }
    }
    Ok((!domains.is_empty()).then_some(domains))
}

fn secret(body: &Value) -> Result<Option<String>, ApiError> {
    match at(body, "secret").as_str() {
        Some(secret) if !secret.bytes().all(|byte| (0x20..0x7f).contains(&byte)) => {
            Err(ApiError::bad_request("Invalid \"secret\": expected printable ASCII characters"))
        }
        secret => Ok(secret.filter(|secret| !secret.is_empty()).map(str::to_owned)),
    }
}
