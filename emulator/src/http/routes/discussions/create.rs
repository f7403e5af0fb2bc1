//! Opens a discussion, or an empty draft pull request.

use serde_json::json;

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::discussions::payload;
use crate::hub::discussions::store::{self, Discussion, Opening, Status};
use crate::hub::git;
use crate::hub::repos::Repo;
use crate::json::at;

/// Longest description or comment, in characters.
pub const MAX_COMMENT_LENGTH: usize = 65_536;

pub async fn create(call: Call) -> response::Result {
    let repo = call.repo()?;
    refuse_when_disabled(repo)?;
    let body = call.json()?;
    let title = title_of(at(&body, "title").as_str())?;
    let description = at(&body, "description").as_str();
    let description = description.filter(|text| text.chars().count() <= MAX_COMMENT_LENGTH).ok_or_else(|| {
        ApiError::bad_request("Invalid \"description\": expected a string of at most 65536 characters")
    })?;
    let pull_request = at(&body, "pullRequest") == true;
    let author = &call.caller.require()?.id;
    let status = if pull_request { Status::Draft } else { Status::Open };
    let opening = Opening { title, description, status, pull_request, author, created_at: call.hub.now() };
    let discussion = store::open(&call.hub, repo, opening)?;
    if pull_request {
        let git = git::open(&call.hub, repo)?;
        git::set_reference(&call.hub, repo, &discussion.reference(), git::revision(&git, "HEAD")?)?;
    }
    let response = ApiResponse::json(&created(&call, repo, &discussion));
    Ok(response.changed(&repo.id, payload::opened(&call.hub, repo, &discussion)?))
}

fn created(call: &Call, repo: &Repo, discussion: &Discussion) -> serde_json::Value {
    let mut body = json!({
        "url": format!("{}/discussions/{}", repo.url(&call.hub), discussion.num),
        "num": discussion.num,
        "pullRequest": discussion.pull_request,
    });
    if let (Some(base), Some(body)) = (&discussion.base, body.as_object_mut()) {
        body.insert("references".to_owned(), json!({ "base": base }));
    }
    body
}

pub fn title_of(title: Option<&str>) -> Result<&str, ApiError> {
    title
        .map(str::trim)
        .filter(|title| (3..=200).contains(&title.chars().count()))
        .ok_or_else(|| ApiError::bad_request("Invalid \"title\": expected a string of 3 to 200 characters"))
}

pub fn refuse_when_disabled(repo: &Repo) -> Result<(), ApiError> {
    if at(&repo.settings, "discussionsDisabled") == true {
        return Err(ApiError::forbidden("Discussions are disabled for this repo"));
    }
    Ok(())
}
