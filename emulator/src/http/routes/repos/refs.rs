//! Lists, creates and deletes branches and tags.

use hf_wasm::endpoints::{Endpoint, Event, Group, Method, repos as rows};
use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::error::Error as HubError;
use crate::hub::git::{self, Pushed};
use crate::json::set;

const EVENT: Option<Event> = Some(Event { scope: "repo.content", action: "update" });

const CREATE_BRANCH: Endpoint = Endpoint {
    name: "createBranch",
    path: "/api/{repo}/branch/{branch}",
    group: Group::Repos,
    event: EVENT,
    ..Endpoint::WRITE
};

const DELETE_BRANCH: Endpoint = Endpoint { name: "deleteBranch", method: Method::Delete, ..CREATE_BRANCH };

const CREATE_TAG: Endpoint = Endpoint {
    name: "createTag",
    path: "/api/{repo}/tag/{revision}",
    group: Group::Repos,
    event: EVENT,
    ..Endpoint::WRITE
};

const DELETE_TAG: Endpoint =
    Endpoint { name: "deleteTag", method: Method::Delete, path: "/api/{repo}/tag/{tag}", ..CREATE_TAG };

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::LIST_REFS, handler: handler!(list) },
        Route { endpoint: &CREATE_BRANCH, handler: handler!(create_branch) },
        Route { endpoint: &DELETE_BRANCH, handler: handler!(delete_branch) },
        Route { endpoint: &CREATE_TAG, handler: handler!(create_tag) },
        Route { endpoint: &DELETE_TAG, handler: handler!(delete_tag) },
    ]
}

async fn list(call: Call) -> response::Result {
    let git = git::open(&call.hub, call.repo()?)?;
    let all = git::references(&git)?;
    let below = |folder: &str, keep: bool| -> Vec<Value> {
        let known =
            all.iter().filter_map(|(name, target)| name.strip_prefix(folder).map(|short| (name, short, target)));
        known
            .map(|(name, short, target)| {
                json!({ "name": if keep { name } else { short }, "ref": name, "targetCommit": target.to_string() })
            })
            .collect()
    };
    let mut refs = json!({
        "branches": below("refs/heads/", false),
        "tags": below("refs/tags/", false),
        "converts": below("refs/convert/", false),
    });
    if call.query_flag("include_prs") {
        set(&mut refs, "pullRequests", below("refs/pr/", true));
    }
    Ok(ApiResponse::json(&refs))
}

async fn create_branch(call: Call) -> response::Result {
    let repo = call.repo()?;
    let branch = call.path_value("branch").unwrap_or_default();
    let body = if call.body.is_empty() { json!({}) } else { call.json()? };
    let flag = |key: &str| body.get(key).and_then(Value::as_bool).unwrap_or(false);
    let reference = git::branch_reference(branch);
    let git = git::open(&call.hub, repo)?;
    if !flag("overwrite") && git.find_reference(&reference).is_ok() {
        return Err(ApiError::conflict(format!("Reference {reference} already exists")));
    }
    if flag("emptyBranch") {
        let author = &call.caller.require()?.name;
        return pushed(&call, git::empty_branch(&call.hub, repo, &reference, author)?);
    }
    let start = git::revision(&git, body.get("startingPoint").and_then(Value::as_str).unwrap_or("main"))?;
    pushed(&call, git::set_reference(&call.hub, repo, &reference, start)?)
}

async fn delete_branch(call: Call) -> response::Result {
    let branch = call.path_value("branch").unwrap_or_default();
    let reference = git::branch_reference(branch);
    if reference == git::MAIN {
        return Err(ApiError::forbidden(format!("Cannot delete {reference}")));
    }
    match git::delete_reference(&call.hub, call.repo()?, &reference)? {
        Some(deleted) => pushed(&call, deleted),
        None => Err(HubError::revision_not_found(branch).into()),
    }
}

async fn create_tag(call: Call) -> response::Result {
    let repo = call.repo()?;
    let body = call.json()?;
    let tag = body.get("tag").and_then(Value::as_str).ok_or_else(|| ApiError::bad_request("\"tag\" is required"))?;
    let message = body.get("message").and_then(Value::as_str).unwrap_or_default();
    let git = git::open(&call.hub, repo)?;
    let target = git::revision(&git, call.revision())?;
    if git.find_reference(&format!("refs/tags/{tag}")).is_ok() {
        return Err(ApiError::conflict(format!("Reference refs/tags/{tag} already exists")));
    }
    let author = &call.caller.require()?.name;
    pushed(&call, git::create_tag(&call.hub, repo, tag, target, author, message)?)
}

async fn delete_tag(call: Call) -> response::Result {
    let tag = call.path_value("tag").unwrap_or_default();
    match git::delete_reference(&call.hub, call.repo()?, &format!("refs/tags/{tag}"))? {
        Some(deleted) => pushed(&call, deleted),
        None => Err(HubError::revision_not_found(tag).into()),
    }
}

fn pushed(call: &Call, pushed: Pushed) -> response::Result {
    Ok(ApiResponse::json(&json!({ "success": true })).changed(&call.repo()?.id, pushed.payload()))
}
