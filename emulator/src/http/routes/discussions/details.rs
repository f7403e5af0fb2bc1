//! One discussion with its events.

use serde_json::{Map, Value, json};

use crate::dates;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::discussions::store::{self, Discussion, Status};
use crate::hub::discussions::{diff, events};
use crate::hub::repos::Repo;
use crate::hub::{authors, git};

pub async fn details(call: Call) -> response::Result {
    let repo = call.repo()?;
    let discussion = of(&call, repo)?;
    let mut body = Map::new();
    body.insert("_id".to_owned(), discussion.id.as_str().into());
    body.insert("num".to_owned(), discussion.num.into());
    if let Some(author) = authors::object(&call.hub, &discussion.author_id)? {
        body.insert("author".to_owned(), author);
    }
    let events = store::events(&call.hub, &discussion)?;
    let events = events.iter().map(|event| events::object(&call.hub, repo, event)).collect::<Result<Vec<_>, _>>()?;
    for (key, value) in [
        ("repo", json!({ "name": repo.full_name(), "type": repo.kind.as_str() })),
        ("title", discussion.title.as_str().into()),
        ("createdAt", dates::iso(discussion.created_at).into()),
        ("status", discussion.status.as_str().into()),
        ("events", events.into()),
        ("pinned", discussion.pinned.into()),
        ("locked", discussion.locked.into()),
        ("collection", "discussions".into()),
        ("isPullRequest", discussion.pull_request.into()),
        ("isReport", false.into()),
    ] {
        body.insert(key.to_owned(), value);
    }
    if discussion.pull_request {
        pull_request(&call, repo, &discussion, &mut body)?;
    }
    Ok(ApiResponse::json(&Value::Object(body)))
}

/// The discussion that the path names.
pub fn of(call: &Call, repo: &Repo) -> Result<Discussion, ApiError> {
    let found = match call.path_value("num").and_then(|num| num.parse().ok()) {
        Some(num) => store::find(&call.hub, repo, num)?,
        None => None,
    };
    found.ok_or_else(|| ApiError::not_found("Discussion not found"))
}

fn pull_request(call: &Call, repo: &Repo, one: &Discussion, body: &mut Map<String, Value>) -> Result<(), ApiError> {
    let git = git::open(&call.hub, repo)?;
    let head = git::revision(&git, &one.reference()).ok();
    let mut changes = json!({ "base": one.base });
    if let Some(changes) = changes.as_object_mut() {
        if let Some(merged) = &one.merge_commit {
            changes.insert("mergeCommitId".to_owned(), merged.as_str().into());
        }
        match head {
            Some(head) => changes.insert("headCommitId".to_owned(), head.to_string().into()),
            None => changes.insert("refDeleted".to_owned(), true.into()),
        };
    }
    body.insert("changes".to_owned(), changes);
    let main = git::revision(&git, "HEAD")?;
    let conflicts = match head {
        Some(head) if one.status != Status::Merged => diff::conflicts(&git, main, head)?,
        _ => Vec::new(),
    };
    body.insert("filesWithConflicts".to_owned(), conflicts.into());
    body.insert("diffUrl".to_owned(), format!("{}/discussions/{}/files.diff", repo.url(&call.hub), one.num).into());
    if let (true, Some(head)) = (call.query_flag("diff"), head) {
        body.insert("diff".to_owned(), diff::text(&git, main, head)?.into());
    }
    Ok(())
}
