//! The list of collections, each with its first items.

use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response;
use crate::http::routes::listing::page::{self, Page};
use crate::hub::collections::store::{self, Collection, can_see};
use crate::json::at;

/// Items that a collection shows in a list.
const ITEMS: usize = 4;

pub async fn list(call: Call) -> response::Result {
    let details = call.query_value("expand").is_none() || call.query_flag("expand");
    let page = select(&call)?;
    let items = page.items.iter().map(|one| one.in_list(&call.hub, &call.caller, ITEMS, details));
    let items = items.collect::<Result<Vec<Value>, _>>()?;
    Ok(page::response(&call, Page { items, next: page.next }))
}

fn select(call: &Call) -> Result<Page<Collection>, ApiError> {
    let sort = call.query_value("sort").unwrap_or("trending");
    if !["upvotes", "lastModified", "trending"].contains(&sort) {
        return Err(ApiError::bad_request(
            "Invalid option: expected one of \"upvotes\"|\"lastModified\"|\"trending\" at sort",
        ));
    }
    let mut matching = Vec::new();
    for collection in store::all(&call.hub)? {
        if fits(call, &collection)? && can_see(&call.hub, &call.caller, &collection)? {
            matching.push(collection);
        }
    }
    matching.sort_by_key(|one| match sort {
        "lastModified" => (-one.last_updated, 0),
        "upvotes" => (-one.upvotes, -one.last_updated),
        // Ten days weigh as much as an upvote.
        _ => (-one.upvotes - one.last_updated / 864_000_000, -one.last_updated),
    });
    let limit = page::limit(call, 10, 10_000)?;
    let after = page::cursor(call)?;
    let start = after.and_then(|after| matching.iter().position(|one| *at(&after, "_id") == one.id.as_str()));
    let start = start.map_or(0, |last| last + 1);
    let more = matching.len() > start + limit;
    let items: Vec<Collection> = matching.into_iter().skip(start).take(limit).collect();
    let next = items.last().filter(|_| more).map(|last| json!({ "_id": last.id }));
    Ok(Page { items, next })
}

fn fits(call: &Call, collection: &Collection) -> Result<bool, ApiError> {
    let owners = call.query_values("owner");
    let text = format!("{} {}", collection.title, collection.description.as_deref().unwrap_or_default()).to_lowercase();
    let by_text = call.query_value("q").is_none_or(|wanted| text.contains(&wanted.to_lowercase()));
    let by_owner = owners.is_empty() || owners.iter().any(|owner| owner.eq_ignore_ascii_case(&collection.owner));
    let wanted = call.query_values("item");
    if !by_text || !by_owner || wanted.is_empty() {
        return Ok(by_text && by_owner);
    }
    let items = store::items(&call.hub, &collection.id)?;
    let held: Vec<String> = items.iter().map(|item| format!("{}s/{}", item.kind, item.item)).collect();
    Ok(wanted.iter().all(|wanted| held.iter().any(|held| held == wanted)))
}
