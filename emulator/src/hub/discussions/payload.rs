//! What a webhook's payload says of discussions and comments.

use serde_json::{Map, Value, json};

use super::store::{self, Discussion, Event};
use crate::hub::Hub;
use crate::hub::error::Error;
use crate::hub::repo::Repo;
use crate::json::at;

/// A discussion that changed.
pub fn of(hub: &Hub, repo: &Repo, discussion: &Discussion) -> Value {
    json!({ "discussion": about(hub, repo, discussion) })
}

/// A discussion that was opened, with its first comment.
pub fn opened(hub: &Hub, repo: &Repo, discussion: &Discussion) -> Result<Value, Error> {
    match store::events(hub, discussion)?.first() {
        Some(event) => commented(hub, repo, discussion, event),
        None => Ok(of(hub, repo, discussion)),
    }
}

/// A comment that was made, edited or hidden.
pub fn commented(hub: &Hub, repo: &Repo, discussion: &Discussion, event: &Event) -> Result<Value, Error> {
    let hidden = at(&event.data, "hidden") == true;
    let mut comment = Map::new();
    comment.insert("id".to_owned(), event.id.as_str().into());
    comment.insert("author".to_owned(), json!({ "id": event.author_id }));
    comment.insert("hidden".to_owned(), hidden.into());
    if !hidden {
        comment.insert("content".to_owned(), at(&event.data, "raw").clone());
    }
    comment.insert("url".to_owned(), json!({ "web": format!("{}#{}", web(hub, repo, discussion), event.id) }));
    Ok(json!({ "discussion": about(hub, repo, discussion), "comment": comment }))
}

fn about(hub: &Hub, repo: &Repo, discussion: &Discussion) -> Value {
    let mut about = json!({
        "id": discussion.id,
        "num": discussion.num,
        "title": discussion.title,
        "url": {
            "web": web(hub, repo, discussion),
            "api": format!("{}/discussions/{}", repo.api_url(hub), discussion.num),
        },
        "status": discussion.status.as_str(),
        "author": { "id": discussion.author_id },
        "isPullRequest": discussion.pull_request,
        "pinned": discussion.pinned,
    });
    if let (Some(base), Some(about)) = (&discussion.base, about.as_object_mut()) {
        let mut changes = json!({ "base": base });
        if let (Some(merged), Some(changes)) = (&discussion.merge_commit, changes.as_object_mut()) {
            changes.insert("mergeCommitId".to_owned(), merged.as_str().into());
        }
        about.insert("changes".to_owned(), changes);
    }
    about
}

fn web(hub: &Hub, repo: &Repo, discussion: &Discussion) -> String {
    format!("{}/discussions/{}", repo.url(hub), discussion.num)
}
