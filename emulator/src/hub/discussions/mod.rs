//! Discussions and pull requests of a repository: one sequence of numbers, each with its list of events.
//!
//! A pull request has a git reference besides, `refs/pr/N`. Comments are events too; what was edited keeps its history.

use std::sync::Arc;

use git2::Oid;
use hf_wasm::endpoints::discussions as rows;
use hf_wasm::endpoints::{Endpoint, Event as Trigger, Group, Method};

use crate::answer::Change;
use crate::hub::accounts::Caller;
use crate::hub::repos::Repo;
use crate::hub::{Hub, git, webhooks};
use crate::refusal::Refusal;
use crate::table::{Route, handler};

mod comments;
mod create;
mod details;
pub mod diff;
mod events;
mod list;
mod manage;
mod merge;
pub mod payload;
pub mod store;

pub use events::{escaped, html};
pub use store::{Discussion, Opening, SCHEMA, Status, open};

/// What the rows that official clients need besides share.
const WRITE: Endpoint = Endpoint {
    group: Group::Discussions,
    permission: Some("discussion.write"),
    event: Some(Trigger { scope: "discussion", action: "update" }),
    ..Endpoint::WRITE
};
const COMMENT: Endpoint = Endpoint { event: Some(Trigger { scope: "discussion.comment", action: "update" }), ..WRITE };

static TITLE: Endpoint = Endpoint { name: "renameDiscussion", path: "/api/{repo}/discussions/{num}/title", ..WRITE };
static PIN: Endpoint = Endpoint { name: "pinDiscussion", path: "/api/{repo}/discussions/{num}/pin", ..WRITE };
static EDIT: Endpoint =
    Endpoint { name: "editComment", path: "/api/{repo}/discussions/{num}/comment/{comment}/edit", ..COMMENT };
static HIDE: Endpoint =
    Endpoint { name: "hideComment", path: "/api/{repo}/discussions/{num}/comment/{comment}/hide", ..COMMENT };
static DELETE: Endpoint = Endpoint {
    name: "deleteDiscussion",
    method: Method::Delete,
    path: "/api/{repo}/discussions/{num}",
    event: Some(Trigger { scope: "discussion", action: "delete" }),
    ..WRITE
};
static DELETE_REF: Endpoint = Endpoint {
    name: "deletePullRequestRef",
    method: Method::Delete,
    path: "/api/{repo}/discussions/{num}/ref",
    ..WRITE
};

pub fn routes() -> Vec<Route> {
    vec![
        Route { row: &rows::LIST_DISCUSSIONS, handler: handler!(list::list) },
        Route { row: &rows::CREATE_DISCUSSION, handler: handler!(create::create) },
        Route { row: &rows::COMMENT_DISCUSSION, handler: handler!(comments::comment) },
        Route { row: &rows::DISCUSSION_INFO, handler: handler!(details::details) },
        Route { row: &rows::CHANGE_DISCUSSION_STATUS, handler: handler!(manage::status) },
        Route { row: &TITLE, handler: handler!(manage::title) },
        Route { row: &PIN, handler: handler!(manage::pin) },
        Route { row: &rows::MERGE_PULL_REQUEST, handler: handler!(merge::merge) },
        Route { row: &EDIT, handler: handler!(comments::edit) },
        Route { row: &HIDE, handler: handler!(comments::hide) },
        Route { row: &DELETE, handler: handler!(manage::delete) },
        Route { row: &DELETE_REF, handler: handler!(manage::delete_reference) },
    ]
}

/// Opens a pull request whose first commit is `head`: takes the next number and points `refs/pr/N` at the commit.
pub fn open_pull_request(
    hub: &Hub,
    repo: &Repo,
    caller: &Caller,
    title: &str,
    description: &str,
    head: Oid,
) -> Result<u64, Refusal> {
    let author = &caller.require()?.id;
    let opening =
        Opening { title, description, status: Status::Open, pull_request: true, author, created_at: hub.now() };
    let discussion = open(hub, repo, opening)?;
    git::set_reference(hub, repo, &discussion.reference(), head)?;
    store::add_commit(hub, &discussion, author, title, &head.to_string(), hub.now())?;
    Ok(discussion.num.cast_unsigned())
}

/// Tells webhooks of a pull request that came with a commit.
pub fn announce(hub: &Arc<Hub>, repo: &Repo, num: u64) -> Result<(), Refusal> {
    if let Some(discussion) = store::find(hub, repo, num.cast_signed())? {
        let change = Change { repo_id: repo.id.clone(), payload: payload::opened(hub, repo, &discussion)? };
        webhooks::emit(hub, Trigger { scope: "discussion", action: "create" }, change);
    }
    Ok(())
}

/// Whether a revision is a pull request that the caller opened and that is not over.
pub fn is_own_pull_request(hub: &Hub, repo: &Repo, caller: &Caller, revision: &str) -> Result<bool, Refusal> {
    let (Some(user), Some(num)) = (caller.user(), number(revision)) else { return Ok(false) };
    let discussion = store::find(hub, repo, num)?;
    Ok(discussion.is_some_and(|one| one.pull_request && one.status.is_open() && one.author_id == user.id))
}

/// Notes a commit that was pushed to a pull request's reference; any other reference is none of ours.
pub fn pushed(
    hub: &Hub,
    repo: &Repo,
    caller: &Caller,
    reference: &str,
    subject: &str,
    oid: &str,
) -> Result<(), Refusal> {
    let Some(num) = number(reference) else { return Ok(()) };
    match store::find(hub, repo, num)? {
        Some(discussion) => store::add_commit(hub, &discussion, &caller.require()?.id, subject, oid, hub.now()),
        None => Ok(()),
    }
}

/// Number of the pull request that a reference belongs to.
fn number(reference: &str) -> Option<i64> {
    reference.strip_prefix("refs/pr/")?.parse().ok()
}
