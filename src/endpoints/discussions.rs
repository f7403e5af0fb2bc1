//! Discussions and pull requests: list, create, comment, read, open or close, merge.

use super::ParamType::*;
use super::*;

pub const LIST_DISCUSSIONS: Endpoint = Endpoint {
    name: "listDiscussions",
    summary: doc("Lists discussions and pull requests, 50 a page."),
    sentence: doc("List|Listed the discussions of {repo}"),
    path: "/api/{repo}/discussions",
    params: &[
        repo("\"acme/tiny-bert\""),
        limit(),
        query("p", Whole, "Page to start from, counted from 0."),
        query("type", OneOf(&["all", "discussion", "pull_request"]), "Which kind. Default `all`."),
        query("status", OneOf(&["all", "open", "closed"]), "Which state. Default `all`."),
        query("author", String, "User who opened it."),
        query("search", String, "Text to find in the title."),
        query("sort", OneOf(&["recently-created", "trending", "reactions"]), "Order."),
    ],
    reply: ResponseType::Numbered(doc("Discussion"), "discussions"),
    group: Group::Discussions,
    ..Endpoint::READ
};

pub const CREATE_DISCUSSION: Endpoint = Endpoint {
    name: "createDiscussion",
    summary: doc("Opens a discussion, or an empty draft pull request."),
    sentence: doc("Open|Opened the discussion {title} in {repo}"),
    path: "/api/{repo}/discussions",
    params: &[
        repo("\"acme/tiny-bert\""),
        body("title", String, "3 to 200 characters.").required("\"How was this trained?\""),
        body("description", String, "Markdown, at most 65536 characters.")
            .required("\"I would like to know more about the data.\""),
        body("pullRequest", Flag, "Opens a draft pull request instead of a discussion."),
    ],
    reply: ResponseType::Json(doc("DiscussionCreated")),
    group: Group::Discussions,
    permission: Some("discussion.write"),
    event: Some(event("discussion", "create")),
    ..Endpoint::WRITE
};

pub const COMMENT_DISCUSSION: Endpoint = Endpoint {
    name: "commentDiscussion",
    summary: doc("Comments on a discussion or pull request."),
    sentence: doc("Comment|Commented on discussion {num} of {repo}"),
    path: "/api/{repo}/discussions/{num}/comment",
    params: &[
        repo("\"acme/tiny-bert\""),
        num("1"),
        body("comment", String, "Markdown, 1 to 65536 characters.").required("\"Thanks, that helps!\""),
    ],
    reply: ResponseType::Json(doc("CommentCreated")),
    group: Group::Discussions,
    permission: Some("discussion.write"),
    event: Some(event("discussion.comment", "create")),
    ..Endpoint::WRITE
};

pub const DISCUSSION_INFO: Endpoint = Endpoint {
    name: "discussionInfo",
    summary: doc("Reads a discussion or pull request with its events: comments, commits, changes of status and title."),
    sentence: doc("Read|Read discussion {num} of {repo}"),
    path: "/api/{repo}/discussions/{num}",
    params: &[
        repo("\"acme/tiny-bert\""),
        num("3"),
        query("diff", Switch, "Pull request: adds the text of its changes, as `diff`.").example("true"),
    ],
    reply: ResponseType::Json(doc("DiscussionInfo")),
    group: Group::Discussions,
    ..Endpoint::READ
};

pub const CHANGE_DISCUSSION_STATUS: Endpoint = Endpoint {
    name: "changeDiscussionStatus",
    summary: doc("Closes a discussion or pull request, or opens it again."),
    sentence: doc("Set|Set the status of discussion {num} of {repo} to {status}"),
    path: "/api/{repo}/discussions/{num}/status",
    params: &[
        repo("\"acme/tiny-bert\""),
        num("1"),
        body("status", OneOf(&["open", "closed"]), "The new status; `open` also ends a draft.").required("\"closed\""),
        body("comment", String, "Markdown, a comment that goes with the change.").example("\"The card says it now.\""),
    ],
    reply: ResponseType::Json(doc("DiscussionStatusChanged")),
    group: Group::Discussions,
    permission: Some("discussion.write"),
    event: Some(event("discussion", "update")),
    ..Endpoint::WRITE
};

pub const MERGE_PULL_REQUEST: Endpoint = Endpoint {
    name: "mergePullRequest",
    summary: doc("Merges an open pull request into the branch that it was made for."),
    sentence: doc("Merge|Merged pull request {num} of {repo}"),
    path: "/api/{repo}/discussions/{num}/merge",
    params: &[
        repo("\"acme/tiny-bert\""),
        num("3"),
        body("comment", String, "Markdown, a comment that goes with the merge."),
    ],
    reply: ResponseType::Empty,
    group: Group::Discussions,
    permission: Some("discussion.write"),
    event: Some(event("discussion", "update")),
    destructive: Destructive::Always,
    ..Endpoint::WRITE
};

/// The discussion or pull request that a path names.
const fn num(example: &'static str) -> Param {
    path("num", Whole, "Number of the discussion or pull request.").required(example)
}
