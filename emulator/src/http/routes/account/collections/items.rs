//! Adding, changing, ordering and removing items.

use serde_json::Value;

use super::changeable;
use super::create::text;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::collections::item_forms;
use crate::hub::collections::store::{self, Collection, Item};
use crate::hub::repos;
use crate::json::at;

const TYPES: [&str; 6] = ["paper", "collection", "space", "model", "dataset", "bucket"];

/// Longest note, in characters.
const NOTE: usize = 500;

pub async fn add(call: Call) -> response::Result {
    let collection = changeable(&call)?;
    let body = call.json()?;
    let item = parse(&call, &collection, at(&body, "item"), text(&body, "note", 0, NOTE)?)?;
    let held = store::items(&call.hub, &collection.id)?;
    if held.iter().any(|other| other.kind == item.kind && other.item.eq_ignore_ascii_case(&item.item)) {
        return Err(ApiError::conflict(format!("Item already exists in collection: {} {}", item.kind, item.item)));
    }
    let position = held.iter().map(|other| other.position + 1).max().unwrap_or(0);
    store::save_item(&call.hub, &Item { position, ..item })?;
    touched(&call, collection)
}

pub async fn update(call: Call) -> response::Result {
    let collection = changeable(&call)?;
    let body = call.json()?;
    let id = call.path_value("itemId").unwrap_or_default().to_owned();
    change(&call, &collection, &id, &body)?;
    touched(&call, collection)
}

/// An array of `{"action": "update", "_id": …, "data": {…}}`.
pub async fn batch(call: Call) -> response::Result {
    let collection = changeable(&call)?;
    let body = call.json()?;
    let actions = body.as_array().ok_or_else(|| ApiError::bad_request("Expected an array of actions"))?;
    for action in actions {
        if at(action, "action") != "update" {
            return Err(ApiError::bad_request("Invalid option: expected one of \"update\" at action"));
        }
        change(&call, &collection, at(action, "_id").as_str().unwrap_or_default(), at(action, "data"))?;
    }
    touched(&call, collection)
}

pub async fn delete(call: Call) -> response::Result {
    let collection = changeable(&call)?;
    let mut items = store::items(&call.hub, &collection.id)?;
    let place = find(&items, call.path_value("itemId").unwrap_or_default())?;
    store::remove_item(&call.hub, &items.remove(place))?;
    number(&call, items)?;
    touched(&call, collection)
}

/// The item of a body: `{"type": "model", "id": "acme/tiny-bert"}`.
pub fn parse(call: &Call, collection: &Collection, body: &Value, note: Option<String>) -> Result<Item, ApiError> {
    let kind = at(body, "type").as_str().filter(|kind| TYPES.contains(kind));
    let (Some(kind), Some(id)) = (kind, at(body, "id").as_str().filter(|id| !id.is_empty())) else {
        let types = TYPES.map(|kind| format!("\"{kind}\"")).join("|");
        return Err(ApiError::bad_request(format!("Invalid \"item\": expected an id and a type of {types}")));
    };
    let item = Item {
        id: repos::new_id(&call.hub),
        collection_id: collection.id.clone(),
        kind: kind.to_owned(),
        item: id.to_owned(),
        note,
        gallery: Value::Null,
        position: 0,
    };
    match item_forms::exists(&call.hub, &call.caller, &item)? {
        true => Ok(item),
        false => Err(ApiError::not_found(format!("{kind} {id} not found"))),
    }
}

fn change(call: &Call, collection: &Collection, id: &str, body: &Value) -> Result<(), ApiError> {
    let mut items = store::items(&call.hub, &collection.id)?;
    let place = find(&items, id)?;
    let mut item = items.remove(place);
    item.note = text(body, "note", 0, NOTE)?.or(item.note).filter(|note| !note.is_empty());
    if at(body, "gallery").is_array() {
        item.gallery = at(body, "gallery").clone();
    }
    let wanted = at(body, "position").as_u64().map_or(place, |wanted| usize::try_from(wanted).unwrap_or(usize::MAX));
    items.insert(wanted.min(items.len()), item);
    number(call, items)
}

/// Writes items with their places in this order.
fn number(call: &Call, items: Vec<Item>) -> Result<(), ApiError> {
    for (position, item) in (0..).zip(items) {
        store::save_item(&call.hub, &Item { position, ..item })?;
    }
    Ok(())
}

fn find(items: &[Item], id: &str) -> Result<usize, ApiError> {
    items.iter().position(|item| item.id == id).ok_or_else(|| ApiError::not_found("Collection item not found"))
}

fn touched(call: &Call, mut collection: Collection) -> response::Result {
    collection.last_updated = call.hub.now();
    store::save(&call.hub, &collection)?;
    Ok(ApiResponse::json(&collection.alone(&call.hub, &call.caller)?))
}
