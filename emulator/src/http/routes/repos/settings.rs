//! Changes settings of a repository.

use hf_wasm::endpoints::repos as rows;
use serde_json::{Map, Value, json};

use super::repos::visibility;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};

/// Settings that are stored as they come: name, and the values it takes (none listed: any of its type).
const STORED: [(&str, &[&str]); 5] = [
    ("discussionsDisabled", &[]),
    ("discussionsSorting", &["recently-created", "trending", "reactions"]),
    ("orgMembersGated", &[]),
    ("gatedNotificationsEmail", &[]),
    ("gatedNotificationsMode", &["bulk", "real-time"]),
];

pub fn routes() -> Vec<Route> {
    vec![Route { endpoint: &rows::UPDATE_REPO_SETTINGS, handler: handler!(update) }]
}

async fn update(call: Call) -> response::Result {
    let repo = call.repo()?;
    let body = call.json()?;
    if !body.is_object() {
        return Err(ApiError::bad_request("Invalid input: expected object"));
    }
    let mut changed = Map::new();
    let mut settings = repo.settings.as_object().cloned().unwrap_or_default();
    for (name, options) in STORED {
        let Some(value) = body.get(name) else { continue };
        check(name, options, value)?;
        settings.insert(name.to_owned(), value.clone());
        changed.insert(name.to_owned(), value.clone());
    }
    let gated = match body.get("gated") {
        None => repo.gated.clone(),
        Some(value) => {
            changed.insert("gated".to_owned(), value.clone());
            gated(value)?
        }
    };
    let visibility = visibility(&body, repo.kind)?;
    let mut payload = json!({});
    if let Some(visibility) = visibility {
        let private = visibility == "private";
        changed.insert("private".to_owned(), json!(private));
        changed.insert("visibility".to_owned(), json!(visibility));
        if visibility != repo.visibility {
            payload = json!({ "private": private });
        }
    }
    let query = "update repos set visibility = ?, gated = ?, settings = ? where id = ?";
    let settings = Value::Object(settings).to_string();
    call.hub.db().execute(query, (visibility.unwrap_or(&repo.visibility), gated, settings, &repo.id))?;
    Ok(ApiResponse::json(&Value::Object(changed)).changed(&repo.id, json!({ "updatedConfig": payload })))
}

fn gated(value: &Value) -> Result<Option<String>, ApiError> {
    match value {
        Value::Bool(false) => Ok(None),
        Value::String(word) if word == "auto" || word == "manual" => Ok(Some(word.clone())),
        _ => Err(ApiError::bad_request("Invalid input: gated, expected false or one of \"auto\"|\"manual\"")),
    }
}

fn check(name: &str, options: &[&str], value: &Value) -> Result<(), ApiError> {
    let fits = match name {
        "discussionsDisabled" | "orgMembersGated" => value.is_boolean(),
        "gatedNotificationsEmail" => value.as_str().is_some_and(|text| text.contains('@')),
        _ => value.as_str().is_some_and(|text| options.contains(&text)),
    };
    if fits {
        return Ok(());
    }
    let expected = options.iter().map(|option| format!("\"{option}\"")).collect::<Vec<_>>().join("|");
    Err(ApiError::bad_request(format!("Invalid option: {name}, expected one of {expected}")))
}
