//! Discussions and pull requests.

use hf_wasm::endpoints::discussions as rows;
use hf_wasm::endpoints::{Endpoint, Event as Trigger, Group, Method};

use crate::http::route::{Route, handler};

mod comments;
mod create;
mod details;
mod list;
mod manage;
mod merge;

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
        Route { endpoint: &rows::LIST_DISCUSSIONS, handler: handler!(list::list) },
        Route { endpoint: &rows::CREATE_DISCUSSION, handler: handler!(create::create) },
        Route { endpoint: &rows::COMMENT_DISCUSSION, handler: handler!(comments::comment) },
        Route { endpoint: &rows::DISCUSSION_INFO, handler: handler!(details::details) },
        Route { endpoint: &rows::CHANGE_DISCUSSION_STATUS, handler: handler!(manage::status) },
        Route { endpoint: &TITLE, handler: handler!(manage::title) },
        Route { endpoint: &PIN, handler: handler!(manage::pin) },
        Route { endpoint: &rows::MERGE_PULL_REQUEST, handler: handler!(merge::merge) },
        Route { endpoint: &EDIT, handler: handler!(comments::edit) },
        Route { endpoint: &HIDE, handler: handler!(comments::hide) },
        Route { endpoint: &DELETE, handler: handler!(manage::delete) },
        Route { endpoint: &DELETE_REF, handler: handler!(manage::delete_reference) },
    ]
}
