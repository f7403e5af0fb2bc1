//! Status, title and pin of a discussion; its end.

use serde_json::{Value, json};

use super::create::title_of;
use super::details;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::accounts::{self, Target};
use crate::hub::discussions::store::{self, Discussion, Status};
use crate::hub::discussions::{events, payload};
use crate::hub::git;
use crate::hub::repos::Repo;
use crate::json::at;

pub async fn status(call: Call) -> response::Result {
    let repo = call.repo()?;
    let mut discussion = details::of(&call, repo)?;
    require_author_or_writer(&call, repo, &discussion.author_id)?;
    let body = call.json()?;
    let status = match at(&body, "status").as_str() {
        Some("open") => Status::Open,
        Some("closed") => Status::Closed,
        _ => return Err(ApiError::bad_request("Invalid option: expected one of \"open\"|\"closed\" at status")),
    };
    if discussion.status == Status::Merged {
        return Err(ApiError::bad_request("A merged pull request cannot change its status"));
    }
    if discussion.status == status {
        return Err(ApiError::bad_request(format!("This discussion is already {}", status.as_str())));
    }
    comment(&call, &discussion, &body)?;
    discussion.status = status;
    note(&call, repo, &discussion, "status-change", json!({ "status": status.as_str() }), "newStatus")
}

pub async fn title(call: Call) -> response::Result {
    let repo = call.repo()?;
    let mut discussion = details::of(&call, repo)?;
    require_author_or_writer(&call, repo, &discussion.author_id)?;
    let body = call.json()?;
    let title = title_of(at(&body, "title").as_str())?;
    let data = json!({ "from": discussion.title, "to": title });
    discussion.title = title.to_owned();
    note(&call, repo, &discussion, "title-change", data, "newTitle")
}

pub async fn pin(call: Call) -> response::Result {
    let repo = call.repo()?;
    let mut discussion = details::of(&call, repo)?;
    require_writer(&call, repo)?;
    let pinned = at(&call.json()?, "pinned").as_bool();
    discussion.pinned = pinned.ok_or_else(|| ApiError::bad_request("Invalid \"pinned\": expected a boolean"))?;
    note(&call, repo, &discussion, "pinning-change", json!({ "pinned": discussion.pinned }), "newPinning")
}

pub async fn delete(call: Call) -> response::Result {
    let repo = call.repo()?;
    let discussion = details::of(&call, repo)?;
    require_writer(&call, repo)?;
    let payload = payload::of(&call.hub, repo, &discussion);
    git::delete_reference(&call.hub, repo, &discussion.reference())?;
    store::remove(&call.hub, &discussion)?;
    Ok(ApiResponse::json(&json!({})).changed(&repo.id, payload))
}

/// Deletes the git reference of a pull request that is closed or merged.
pub async fn delete_reference(call: Call) -> response::Result {
    let repo = call.repo()?;
    let mut discussion = details::of(&call, repo)?;
    require_writer(&call, repo)?;
    if discussion.status.is_open() {
        return Err(ApiError::bad_request("Only the reference of a closed or merged pull request can be deleted"));
    }
    git::delete_reference(&call.hub, repo, &discussion.reference())?
        .ok_or_else(|| ApiError::not_found("This pull request has no reference"))?;
    discussion.ref_deleted = true;
    note(&call, repo, &discussion, "ref-deleted", json!({ "ref": discussion.reference() }), "newEvent")
}

pub fn require_author_or_writer(call: &Call, repo: &Repo, author_id: &str) -> Result<(), ApiError> {
    if call.caller.user().is_some_and(|user| user.id == author_id) {
        return Ok(());
    }
    require_writer(call, repo)
}

pub fn require_writer(call: &Call, repo: &Repo) -> Result<(), ApiError> {
    if accounts::may(&call.hub, &call.caller, Target::Repo(repo), "repo.write")? {
        return Ok(());
    }
    Err(ApiError::forbidden("You do not have the right to do this in this repository"))
}

/// Adds the optional comment that comes with a change.
pub fn comment(call: &Call, discussion: &Discussion, body: &Value) -> Result<(), ApiError> {
    match at(body, "comment").as_str().filter(|text| !text.is_empty()) {
        Some(text) => {
            store::add_comment(&call.hub, discussion, &call.caller.require()?.id, text, call.hub.now())?;
            Ok(())
        }
        None => Ok(()),
    }
}

/// Writes the discussion and an event that tells of the change, which is the answer too.
fn note(call: &Call, repo: &Repo, discussion: &Discussion, kind: &str, data: Value, key: &str) -> response::Result {
    store::update(&call.hub, discussion)?;
    let event = store::add(&call.hub, discussion, kind, &call.caller.require()?.id, call.hub.now(), data)?;
    let body = json!({ key: events::object(&call.hub, repo, &event)? });
    Ok(ApiResponse::json(&body).changed(&repo.id, payload::of(&call.hub, repo, discussion)))
}
