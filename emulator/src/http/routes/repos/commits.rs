//! Lists commits; squashes a branch into one.

use std::collections::HashMap;

use hf_wasm::endpoints::{Endpoint, Group, repos as rows};
use serde_json::{Value, json};

use crate::dates::iso;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::links;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::http::signature::escape;
use crate::hub::{accounts, git};
use crate::json::set;

const SUPER_SQUASH: Endpoint = Endpoint {
    name: "superSquash",
    path: "/api/{repo}/super-squash/{branch}",
    group: Group::Repos,
    event: Some(hf_wasm::endpoints::Event { scope: "repo.content", action: "update" }),
    ..Endpoint::WRITE
};

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::LIST_COMMITS, handler: handler!(list) },
        Route { endpoint: &SUPER_SQUASH, handler: handler!(squash) },
    ]
}

async fn list(call: Call) -> response::Result {
    let repo = call.repo()?;
    let limit = call.whole("limit", 50, 1, 1000)?;
    let page = call.whole("p", 0, 0, 1_000_000)?;
    let expand = call.query_values("expand");
    if let Some(other) = expand.iter().find(|word| **word != "formatted") {
        return Err(ApiError::bad_request(format!("Invalid option: expand: {other}, expected one of \"formatted\"")));
    }
    let git = git::open(&call.hub, repo)?;
    let tip = git::revision(&git, call.revision())?;
    let (entries, count) = git::log::page(&git, tip, page * limit, limit)?;
    let mut avatars = HashMap::new();
    let mut commits = Vec::new();
    for entry in &entries {
        let avatar = match avatars.get(&entry.author) {
            Some(avatar) => avatar,
            None => avatars.entry(entry.author.clone()).or_insert(avatar(&call, &entry.author)?),
        };
        commits.push(describe(entry, avatar.as_deref(), !expand.is_empty()));
    }
    let mut response = ApiResponse::json(&Value::Array(commits)).header("x-total-count", count.to_string());
    if (page + 1) * limit < count {
        let url = format!("{}/commits/{}", repo.api_url(&call.hub), escape(call.revision()));
        response = response.header("link", links::next(&url, &links::turned(&call.query, "p", (page + 1).to_string())));
    }
    Ok(response)
}

fn avatar(call: &Call, name: &str) -> Result<Option<String>, ApiError> {
    let account = accounts::by_name(&call.hub, name)?;
    let avatar = account.and_then(|account| account.meta.get("avatarUrl")?.as_str().map(str::to_owned));
    Ok(avatar.map(|url| if url.starts_with('/') { format!("{}{url}", call.hub.origin) } else { url }))
}

fn describe(entry: &git::log::Entry, avatar: Option<&str>, formatted: bool) -> Value {
    let mut author = json!({ "user": entry.author });
    if let Some(avatar) = avatar {
        set(&mut author, "avatar", avatar);
    }
    let mut commit = json!({
        "id": entry.id,
        "title": entry.title,
        "message": entry.message,
        "authors": [author],
        "date": iso(entry.time_ms),
    });
    if formatted {
        let message = if entry.message.is_empty() { String::new() } else { paragraphs(&entry.message) };
        set(&mut commit, "formatted", json!({ "title": paragraphs(&entry.title), "message": message }));
    }
    commit
}

fn paragraphs(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    escaped.split("\n\n").map(|part| format!("<p>{}</p>", part.trim())).collect::<Vec<_>>().join("\n")
}

async fn squash(call: Call) -> response::Result {
    let repo = call.repo()?;
    let branch = call.path_value("branch").unwrap_or("main");
    let body = if call.body.is_empty() { json!({}) } else { call.json()? };
    let message = match body.get("message").and_then(Value::as_str) {
        Some(message) if message.chars().count() > 500 => {
            return Err(ApiError::bad_request("message: at most 500 characters are allowed"));
        }
        Some(message) => message.to_owned(),
        None => format!("Super-squash branch '{branch}'"),
    };
    let author = &call.caller.require()?.name;
    let pushed = git::squash(&call.hub, repo, branch, author, &message)?;
    Ok(ApiResponse::json(&json!({ "commitId": pushed.new })).changed(&repo.id, pushed.payload()))
}
