//! The list of discussions, 50 a page.

use serde_json::{Map, Value, json};

use crate::dates;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::accounts::{self, AccountKind};
use crate::hub::authors;
use crate::hub::discussions::store::{self, Discussion};
use crate::hub::repos::Repo;
use crate::json::at;

const PAGE: usize = 50;

pub async fn list(call: Call) -> response::Result {
    let repo = call.repo()?;
    let kind = choice(&call, "type", &["all", "discussion", "pull_request"])?;
    let status = choice(&call, "status", &["all", "open", "closed"])?;
    let sort = choice(&call, "sort", &["recently-created", "trending", "reactions"])?;
    let author = call.query_value("author").map(str::to_lowercase);
    let search = call.query_value("search").unwrap_or_default().to_lowercase();
    let page: usize = match call.query_value("p") {
        None => 0,
        Some(text) => text.parse().map_err(|_| ApiError::bad_request("Invalid \"p\": expected a number from 0"))?,
    };
    let every = store::all(&call.hub, repo)?;
    let of_kind =
        |one: &&Discussion| kind.is_none_or(|kind| kind == "all" || (kind == "pull_request") == one.pull_request);
    let closed = every.iter().filter(of_kind).filter(|one| !one.status.is_open()).count();
    let mut matching = Vec::new();
    for one in every.iter().filter(of_kind) {
        let fits = status.is_none_or(|status| status == "all" || (status == "open") == one.status.is_open())
            && one.title.to_lowercase().contains(&search);
        if fits && (author.is_none() || author == name(&call, one)?) {
            matching.push(one);
        }
    }
    let comments = store::comment_counts(&call.hub, repo)?;
    let count_of = |one: &Discussion| comments.get(&one.num).copied().unwrap_or_default();
    let sort = sort.or_else(|| at(&repo.settings, "discussionsSorting").as_str());
    // Reactions are not kept; what people talk about stands for both.
    if matches!(sort, Some("trending" | "reactions")) {
        matching.sort_by_key(|one| -count_of(one));
    }
    matching.sort_by_key(|one| !one.pinned);
    let start = page * PAGE;
    let owner = accounts::by_name(&call.hub, &repo.namespace)?;
    let owner_kind = owner.map_or(AccountKind::User, |owner| owner.kind);
    let items = matching.iter().skip(start).take(PAGE);
    let items = items.map(|one| item(&call, repo, owner_kind, one, count_of(one))).collect::<Result<Vec<_>, _>>()?;
    let mut body = json!({ "discussions": items, "count": matching.len(), "start": start });
    if let (0, Some(body)) = (page, body.as_object_mut()) {
        body.insert("numClosedDiscussions".to_owned(), closed.into());
    }
    Ok(ApiResponse::json(&body))
}

fn choice<'a>(call: &'a Call, name: &str, allowed: &[&str]) -> Result<Option<&'a str>, ApiError> {
    match call.query_value(name) {
        Some(value) if !allowed.contains(&value) => {
            let list: Vec<String> = allowed.iter().map(|one| format!("\"{one}\"")).collect();
            Err(ApiError::bad_request(format!("Invalid option: expected one of {} at {name}", list.join("|"))))
        }
        value => Ok(value),
    }
}

fn name(call: &Call, discussion: &Discussion) -> Result<Option<String>, ApiError> {
    Ok(accounts::by_id(&call.hub, &discussion.author_id)?.map(|account| account.name.to_lowercase()))
}

fn item(call: &Call, repo: &Repo, owner: AccountKind, one: &Discussion, comments: i64) -> Result<Value, ApiError> {
    let mut item = Map::new();
    item.insert("num".to_owned(), one.num.into());
    if let Some(author) = authors::object(&call.hub, &one.author_id)? {
        item.insert("author".to_owned(), author);
    }
    let is_caller = call.caller.user().is_some_and(|user| user.id == one.author_id);
    for (key, value) in [
        ("repo", json!({ "name": repo.full_name(), "type": repo.kind.as_str() })),
        ("title", one.title.as_str().into()),
        ("status", one.status.as_str().into()),
        ("createdAt", dates::iso(one.created_at).into()),
        ("isPullRequest", one.pull_request.into()),
        ("numComments", comments.into()),
        ("topReactions", json!([])),
        ("numReactionUsers", 0.into()),
        ("pinned", one.pinned.into()),
        (
            "repoOwner",
            json!({ "name": repo.namespace, "type": owner.as_str(), "isParticipating": false, "isDiscussionAuthor": is_caller }),
        ),
    ] {
        item.insert(key.to_owned(), value);
    }
    Ok(Value::Object(item))
}
