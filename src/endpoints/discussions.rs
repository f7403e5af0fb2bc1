//! Discussions and pull requests: list, create, comment.

use super::Kind::*;
use super::*;

pub const LIST_DISCUSSIONS: Endpoint = Endpoint {
    name: "listDiscussions",
    summary: doc("Lists discussions and pull requests, 50 a page."),
    path: "/api/{repo}/discussions",
    params: &[
        repo("\"acme/tiny-bert\""),
        limit(),
        query("p", Whole, "Page to start from, counted from 0."),
        query("type", OneOf(&["all", "discussion", "pull_request"]), "Which kind. Default `all`."),
        query("status", OneOf(&["all", "open", "closed"]), "Which state. Default `all`."),
        query("author", Text, "User who opened it."),
        query("search", Text, "Text to find in the title."),
        query("sort", OneOf(&["recently-created", "trending", "reactions"]), "Order."),
    ],
    reply: Reply::Numbered(doc("Discussion"), "discussions"),
    group: Group::Discussions,
    ..Endpoint::READ
};

pub const CREATE_DISCUSSION: Endpoint = Endpoint {
    name: "createDiscussion",
    summary: doc("Opens a discussion, or an empty draft pull request."),
    path: "/api/{repo}/discussions",
    params: &[
        repo("\"acme/tiny-bert\""),
        body("title", Text, "3 to 200 characters.").required("\"How was this trained?\""),
        body("description", Text, "Markdown, at most 65536 characters.")
            .required("\"I would like to know more about the data.\""),
        body("pullRequest", Flag, "Opens a draft pull request instead of a discussion."),
    ],
    reply: Reply::Json(doc("DiscussionCreated")),
    group: Group::Discussions,
    permission: Some("discussion.write"),
    event: Some(event("discussion", "create")),
    ..Endpoint::WRITE
};

pub const COMMENT_DISCUSSION: Endpoint = Endpoint {
    name: "commentDiscussion",
    summary: doc("Comments on a discussion or pull request."),
    path: "/api/{repo}/discussions/{num}/comment",
    params: &[
        repo("\"acme/tiny-bert\""),
        path("num", Whole, "Number of the discussion.").required("1"),
        body("comment", Text, "Markdown, 1 to 65536 characters.").required("\"Thanks, that helps!\""),
    ],
    reply: Reply::Json(doc("CommentCreated")),
    group: Group::Discussions,
    permission: Some("discussion.write"),
    event: Some(event("discussion.comment", "create")),
    ..Endpoint::WRITE
};
