//! Comments: add, edit, hide.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::create::{MAX_COMMENT_LENGTH, refuse_when_disabled};
use super::{details, manage};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::discussions::store::{self, Discussion, Event};
use crate::hub::discussions::{events, payload};
use crate::hub::repos::Repo;
use crate::json::at;

pub async fn comment(call: Call) -> response::Result {
    let repo = call.repo()?;
    let discussion = details::of(&call, repo)?;
    refuse_when_disabled(repo)?;
    if discussion.locked {
        return Err(ApiError::forbidden("This discussion is locked"));
    }
    let body = call.json()?;
    let text = text_of(&body, "comment")?;
    let event = store::add_comment(&call.hub, &discussion, &call.caller.require()?.id, text, call.hub.now())?;
    let response = response(&call, repo, &discussion, "newMessage", &event)?;
    Ok(response.status(StatusCode::CREATED))
}

/// Only the author may edit; what stood there before is kept.
pub async fn edit(call: Call) -> response::Result {
    let repo = call.repo()?;
    let discussion = details::of(&call, repo)?;
    let mut event = find(&call, &discussion)?;
    if call.caller.require()?.id != event.author_id {
        return Err(ApiError::forbidden("You can only edit your own comments"));
    }
    if at(&event.data, "hidden") == true {
        return Err(ApiError::bad_request("A hidden comment cannot be edited"));
    }
    let body = call.json()?;
    let text = text_of(&body, "content")?;
    let before = json!({ "raw": at(&event.data, "raw"), "updatedAt": crate::dates::iso(at(&event.data, "updatedAt").as_i64().unwrap_or_default()) });
    let mut history = at(&event.data, "history").as_array().cloned().unwrap_or_default();
    history.push(before);
    event.data = json!({ "raw": text, "updatedAt": call.hub.now(), "hidden": false, "history": history });
    store::update_event(&call.hub, &event)?;
    response(&call, repo, &discussion, "updatedComment", &event)
}

/// The author and those who may write to the repository may hide; nobody sees the text any more.
pub async fn hide(call: Call) -> response::Result {
    let repo = call.repo()?;
    let discussion = details::of(&call, repo)?;
    let mut event = find(&call, &discussion)?;
    manage::require_author_or_writer(&call, repo, &event.author_id)?;
    let user = call.caller.require()?;
    if let Some(data) = event.data.as_object_mut() {
        data.insert("hidden".to_owned(), true.into());
        data.insert("hiddenBy".to_owned(), user.name.as_str().into());
    }
    store::update_event(&call.hub, &event)?;
    response(&call, repo, &discussion, "updatedComment", &event)
}

fn find(call: &Call, discussion: &Discussion) -> Result<Event, ApiError> {
    let id = call.path_value("comment").unwrap_or_default().to_lowercase();
    let events = store::events(&call.hub, discussion)?;
    let comment = events.into_iter().find(|event| event.kind == "comment" && event.id == id);
    comment.ok_or_else(|| ApiError::not_found("Comment not found"))
}

fn text_of<'a>(body: &'a Value, key: &str) -> Result<&'a str, ApiError> {
    let text = at(body, key).as_str();
    text.filter(|text| (1..=MAX_COMMENT_LENGTH).contains(&text.chars().count())).ok_or_else(|| {
        ApiError::bad_request(format!("Invalid \"{key}\": expected a string of 1 to {MAX_COMMENT_LENGTH} characters"))
    })
}

fn response(call: &Call, repo: &Repo, discussion: &Discussion, key: &str, event: &Event) -> response::Result {
    let body = json!({ key: events::object(&call.hub, repo, event)? });
    let payload = payload::commented(&call.hub, repo, discussion, event)?;
    Ok(ApiResponse::json(&body).changed(&repo.id, payload))
}
