//! Creates, deletes and moves repositories.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hf_wasm::endpoints::repos as rows;
use serde_json::{Map, Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::accounts::{self, Target};
use crate::hub::card;
use crate::hub::error::Error as HubError;
use crate::hub::licenses;
use crate::hub::repos::{self, NewRepo, Repo, RepoKind};
use crate::hub::webhooks;
use crate::json::{at, set};

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::CREATE_REPO, handler: handler!(create) },
        Route { endpoint: &rows::DELETE_REPO, handler: handler!(delete) },
        Route { endpoint: &rows::MOVE_REPO, handler: handler!(rename) },
    ]
}

async fn create(call: Call) -> response::Result {
    let body = call.json()?;
    let (kind, namespace, name) = named(&call, &body)?;
    check_namespace(&call, kind, &namespace)?;
    let visibility = visibility(&body, kind)?.unwrap_or("public").to_owned();
    let card = match kind {
        RepoKind::Space => space_card(&body, &name)?,
        _ => license(&body),
    };
    licenses::check(&body).map_err(ApiError::bad_request)?;
    let mut new = NewRepo::new(&call.hub, kind, namespace, name);
    new.author = call.caller.require()?.name.clone();
    new.visibility = visibility;
    new.meta = meta(&body, kind, card.clone());
    new.files = files(&body)?;
    let has_readme = new.files.iter().any(|(path, _)| path == "README.md");
    if !has_readme && !card.is_empty() {
        new.files.push(("README.md".to_owned(), card::write(&Value::Object(card)).into_bytes()));
    }
    let repo = repos::create(&call.hub, new)?;
    let response = json!({ "url": repo.url(&call.hub), "name": repo.full_name(), "id": repo.id });
    Ok(ApiResponse::json(&response).changed(repo.id, json!({})))
}

async fn delete(call: Call) -> response::Result {
    let body = call.json()?;
    let (kind, namespace, name) = named(&call, &body)?;
    let repo = visible(&call, kind, &format!("{namespace}/{name}"))?;
    require(&call, &repo, "repo.delete")?;
    let last = json!({ "repo": webhooks::repo_payload(&call.hub, &repo)? });
    repos::remove(&call.hub, &repo)?;
    Ok(ApiResponse::text("OK").changed(repo.id, last))
}

async fn rename(call: Call) -> response::Result {
    let body = call.json()?;
    let kind = kind(&body)?;
    let whole = |key: &str| {
        let id = body.get(key).and_then(Value::as_str).unwrap_or_default();
        id.split_once('/').ok_or_else(|| ApiError::bad_request(format!("\"{key}\" must be of the form namespace/name")))
    };
    let (from, to) = (whole("fromRepo")?, whole("toRepo")?);
    let repo = visible(&call, kind, &format!("{}/{}", from.0, from.1))?;
    require(&call, &repo, "repo.write")?;
    check_namespace(&call, kind, to.0)?;
    // Webhooks that watch the old name are told.
    let before = webhooks::repo_payload(&call.hub, &repo)?;
    let moved = repos::rename(&call.hub, &repo, to.0, to.1)?;
    let owner = accounts::by_name(&call.hub, to.0)?.map(|account| account.id);
    let payload = json!({ "repo": before, "movedTo": { "name": moved.full_name(), "owner": { "id": owner } } });
    Ok(ApiResponse::json(&json!({ "url": moved.url(&call.hub) })).changed(moved.id, payload))
}

fn kind(body: &Value) -> Result<RepoKind, ApiError> {
    let name = body.get("type").and_then(Value::as_str).unwrap_or("model");
    RepoKind::parse(name)
        .ok_or_else(|| ApiError::bad_request(format!("Invalid type: {name}, expected model, dataset, space or kernel")))
}

/// Type, namespace and name from `name`, `organization` and `type`.
fn named(call: &Call, body: &Value) -> Result<(RepoKind, String, String), ApiError> {
    let user = &call.caller.require()?.name;
    let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name = text("name").ok_or_else(|| ApiError::bad_request("\"name\" is required"))?;
    let (namespace, name) = match name.split_once('/') {
        Some((namespace, name)) => (text("organization").unwrap_or(namespace), name),
        None => (text("organization").unwrap_or(user), name),
    };
    Ok((kind(body)?, namespace.to_owned(), name.to_owned()))
}

pub fn check_namespace(call: &Call, kind: RepoKind, namespace: &str) -> Result<(), ApiError> {
    if accounts::may(&call.hub, &call.caller, Target::Namespace(namespace), "repo.write")? {
        return Ok(());
    }
    let kind = kind.as_str();
    Err(ApiError::forbidden(format!(
        "You don't have the rights to create a {kind} under the namespace \"{namespace}\""
    )))
}

/// The repository that a body names; one that the caller may not see is as good as missing.
fn visible(call: &Call, kind: RepoKind, id: &str) -> Result<Repo, ApiError> {
    let repo = repos::find_moved(&call.hub, kind, id)?.ok_or_else(HubError::repo_not_found)?;
    if accounts::can_see(&call.hub, &call.caller, &repo)? { Ok(repo) } else { Err(HubError::repo_not_found().into()) }
}

fn require(call: &Call, repo: &Repo, permission: &str) -> Result<(), ApiError> {
    if accounts::may(&call.hub, &call.caller, Target::Repo(repo), permission)? {
        return Ok(());
    }
    Err(ApiError::forbidden("You don't have the required permissions to perform this operation."))
}

/// What `visibility` or `private` ask for.
pub fn visibility(body: &Value, kind: RepoKind) -> Result<Option<&str>, ApiError> {
    match body.get("visibility").and_then(Value::as_str) {
        Some("protected") if kind != RepoKind::Space => {
            Err(ApiError::bad_request("visibility: protected is only supported for Spaces"))
        }
        Some(word @ ("public" | "private" | "protected")) => Ok(Some(word)),
        Some(word) => Err(ApiError::bad_request(format!(
            "Invalid option: visibility: {word}, expected one of \"public\"|\"private\"|\"protected\""
        ))),
        None => match body.get("private").and_then(Value::as_bool) {
            Some(true) => Ok(Some("private")),
            Some(false) => Ok(Some("public")),
            None => Ok(None),
        },
    }
}

/// README header for a license.
fn license(body: &Value) -> Map<String, Value> {
    let keys = ["license", "license_name", "license_link"];
    keys.iter()
        .filter_map(|key| Some(((*key).to_owned(), body.get(*key).filter(|value| value.is_string())?.clone())))
        .collect()
}

/// README header of a Space, which must name its SDK.
fn space_card(body: &Value, name: &str) -> Result<Map<String, Value>, ApiError> {
    let sdk = match body.get("sdk").and_then(Value::as_str) {
        Some(sdk @ ("gradio" | "docker" | "static" | "streamlit")) => sdk,
        _ => {
            let text = "Invalid option: sdk, expected one of \"gradio\"|\"docker\"|\"static\"";
            return Err(ApiError::bad_request(text));
        }
    };
    let mut card = Map::new();
    card.insert("title".to_owned(), json!(name));
    card.insert("sdk".to_owned(), json!(sdk));
    if let Some(version) = body.get("sdkVersion").filter(|value| value.is_string()) {
        card.insert("sdk_version".to_owned(), version.clone());
    }
    if sdk == "gradio" || sdk == "streamlit" {
        card.insert("app_file".to_owned(), json!("app.py"));
    }
    if let Some(text) = body.get("short_description").and_then(Value::as_str) {
        if text.chars().count() > 60 {
            return Err(ApiError::bad_request("short_description: at most 60 characters are allowed"));
        }
        card.insert("short_description".to_owned(), json!(text));
    }
    card.extend(license(body));
    Ok(card)
}

fn meta(body: &Value, kind: RepoKind, card: Map<String, Value>) -> Value {
    let card = Value::Object(card);
    let region = at(body, "region").as_str().map(|region| format!("region:{region}"));
    let tags: Vec<String> = card::tags(&card).into_iter().chain(region).collect();
    let mut meta = json!({ "tags": tags });
    if kind == RepoKind::Space {
        set(&mut meta, "sdk", at(&card, "sdk").clone());
        set(&mut meta, "runtime", runtime(body));
        for key in ["variables", "volumes", "devModeEnabled"] {
            if let Some(value) = body.get(key) {
                set(&mut meta, key, value.clone());
            }
        }
    }
    if card != json!({}) {
        set(&mut meta, "cardData", card);
    }
    meta
}

/// State of a Space that has no app yet.
pub fn runtime(body: &Value) -> Value {
    json!({
        "stage": "NO_APP_FILE",
        "hardware": { "current": null, "requested": at(body, "hardware").as_str().unwrap_or("cpu-basic") },
        "storage": null,
        "gcTimeout": body.get("sleepTimeSeconds").cloned().unwrap_or(json!(172_800)),
        "replicas": { "requested": 1 },
    })
}

fn files(body: &Value) -> Result<Vec<(String, Vec<u8>)>, ApiError> {
    let Some(files) = body.get("files").and_then(Value::as_array) else { return Ok(Vec::new()) };
    let read = |file: &Value| {
        let text = |key: &str| file.get(key).and_then(Value::as_str);
        let (Some(path), Some(content)) = (text("path"), text("content")) else {
            return Err(ApiError::bad_request("files: path and content are required"));
        };
        let path = crate::hub::names::check_path(path)?.to_owned();
        let content = match text("encoding") {
            Some("base64") => STANDARD
                .decode(content)
                .map_err(|error| ApiError::bad_request(format!("files: {path} is not base64: {error}")))?,
            _ => content.as_bytes().to_vec(),
        };
        Ok((path, content))
    };
    files.iter().map(read).collect()
}
