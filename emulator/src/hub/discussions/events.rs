//! Events as responses show them.

use serde_json::{Map, Value, json};

use super::store::Event;
use crate::dates;
use crate::hub::accounts::{self, Account, AccountKind};
use crate::hub::error::Error;
use crate::hub::repo::Repo;
use crate::hub::{Hub, authors};
use crate::json::at;

/// What stands in the place of a hidden comment.
const HIDDEN: &str = "This comment has been hidden";

pub fn object(hub: &Hub, repo: &Repo, event: &Event) -> Result<Value, Error> {
    let mut object = Map::new();
    object.insert("id".to_owned(), event.id.as_str().into());
    if let Some(author) = participant(hub, repo, &event.author_id)? {
        object.insert("author".to_owned(), author);
    }
    object.insert("createdAt".to_owned(), dates::iso(event.created_at).into());
    object.insert("type".to_owned(), event.kind.as_str().into());
    let data = if event.kind == "comment" { comment(hub, event)? } else { event.data.clone() };
    object.insert("data".to_owned(), data);
    Ok(Value::Object(object))
}

/// An author, and what it is to the repository. Gone accounts are left out.
fn participant(hub: &Hub, repo: &Repo, account_id: &str) -> Result<Option<Value>, Error> {
    let Some(account) = accounts::by_id(hub, account_id)? else { return Ok(None) };
    let mut author = authors::of(&account);
    let member = is_member(hub, repo, &account)?;
    if let Some(author) = author.as_object_mut() {
        author.insert("isOwner".to_owned(), account.name.eq_ignore_ascii_case(&repo.namespace).into());
        author.insert("isOrgMember".to_owned(), member.into());
    }
    Ok(Some(author))
}

fn is_member(hub: &Hub, repo: &Repo, account: &Account) -> Result<bool, Error> {
    let organizations = match account.kind {
        AccountKind::User => accounts::organizations(hub, &account.id)?,
        AccountKind::Org => Vec::new(),
    };
    Ok(organizations.iter().any(|(org, _)| org.name.eq_ignore_ascii_case(&repo.namespace)))
}

fn comment(hub: &Hub, event: &Event) -> Result<Value, Error> {
    let hidden = at(&event.data, "hidden") == true;
    let raw = if hidden { HIDDEN } else { at(&event.data, "raw").as_str().unwrap_or_default() };
    let author = authors::object(hub, &event.author_id)?;
    let history = at(&event.data, "history").as_array().cloned().unwrap_or_default();
    let edits = history.len();
    let mut latest = json!({
        "raw": raw,
        "html": html(raw),
        "updatedAt": dates::iso(at(&event.data, "updatedAt").as_i64().unwrap_or(event.created_at)),
    });
    if let (Some(author), Some(latest)) = (&author, latest.as_object_mut()) {
        latest.insert("author".to_owned(), author.clone());
    }
    let mut data = json!({
        "edited": edits > 0,
        "hidden": hidden,
        "latest": latest,
        "numEdits": edits,
        "history": if hidden { Vec::new() } else { history },
        "editors": author.iter().map(|author| at(author, "name").clone()).collect::<Value>(),
        "editorAvatarUrls": author.iter().map(|author| at(author, "avatarUrl").clone()).collect::<Value>(),
        "reactions": [],
        "isReport": false,
    });
    if let (true, Some(data)) = (hidden, data.as_object_mut()) {
        data.insert("hiddenBy".to_owned(), at(&event.data, "hiddenBy").clone());
    }
    Ok(data)
}

/// Escapes a string for HTML.
pub fn escaped(raw: &str) -> String {
    raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Paragraphs of escaped text; the emulator renders no Markdown.
pub fn html(raw: &str) -> String {
    escaped(raw)
        .split("\n\n")
        .filter(|text| !text.trim().is_empty())
        .map(|text| format!("<p>{}</p>\n", text.trim()))
        .collect()
}
