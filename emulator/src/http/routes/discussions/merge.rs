//! Merges a pull request into the main branch: its changes become one commit there.

use hf_wasm::endpoints::Event as Trigger;
use serde_json::{Value, json};

use super::{details, manage};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::discussions::payload;
use crate::hub::discussions::store::{self, Discussion, Event, Status};
use crate::hub::git::{self, Merge};
use crate::hub::repos::Repo;
use crate::hub::webhooks;
use crate::hub::webhooks::Change;
use crate::json::at;

pub async fn merge(call: Call) -> response::Result {
    let repo = call.repo()?;
    let mut discussion = details::of(&call, repo)?;
    manage::require_writer(&call, repo)?;
    let body = if call.body.is_empty() { Value::Null } else { call.json()? };
    match discussion.status {
        Status::Open if discussion.pull_request => {}
        Status::Draft => return Err(ApiError::bad_request("A draft pull request cannot be merged: open it first")),
        _ => return Err(ApiError::bad_request("Only an open pull request can be merged")),
    }
    let user = call.caller.require()?;
    let pushed = git::merge(
        &call.hub,
        repo,
        Merge {
            source: discussion.reference(),
            author: user.name.clone(),
            title: format!("{} (#{})", discussion.title, discussion.num),
            body: summary(&call, &discussion)?,
            time_ms: call.hub.now(),
        },
    )?;
    manage::comment(&call, &discussion, &body)?;
    discussion.status = Status::Merged;
    discussion.merge_commit = pushed.new.clone();
    store::update(&call.hub, &discussion)?;
    let data = json!({ "status": "merged" });
    store::add(&call.hub, &discussion, "status-change", &user.id, call.hub.now(), data)?;
    announce(&call, repo, pushed.payload());
    let payload = payload::of(&call.hub, repo, &discussion);
    Ok(ApiResponse::json(&json!({ "mergeCommitId": discussion.merge_commit })).changed(&repo.id, payload))
}

/// The main branch moved too, which is an event of its own.
fn announce(call: &Call, repo: &Repo, payload: Value) {
    let trigger = Trigger { scope: "repo.content", action: "update" };
    webhooks::emit(&call.hub, trigger, Change { repo_id: repo.id.clone(), payload });
}

/// One line a commit of the pull request.
fn summary(call: &Call, discussion: &Discussion) -> Result<String, ApiError> {
    let events = store::events(&call.hub, discussion)?;
    let line = |event: &Event| {
        let text = |key: &str| at(&event.data, key).as_str().unwrap_or_default().to_owned();
        format!("- {} ({})", text("subject"), text("oid"))
    };
    let lines: Vec<String> = events.iter().filter(|event| event.kind == "commit").map(line).collect();
    Ok(lines.join("\n"))
}
