//! Creates a collection.

use serde_json::{Value, json};

use super::{items, require_write};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::collections::store::{self, Collection, THEMES};
use crate::hub::{accounts, repos};
use crate::json::at;

pub async fn create(call: Call) -> response::Result {
    let body = call.json()?;
    let namespace = at(&body, "namespace").as_str().unwrap_or_default();
    let owner = accounts::by_name(&call.hub, namespace)?;
    let owner = owner.ok_or_else(|| ApiError::bad_request("Invalid \"namespace\": no such user or organization"))?;
    require_write(&call, &owner.name)?;
    let title = title_of(&body)?.ok_or_else(|| ApiError::bad_request("\"title\" is required"))?;
    let theirs: Vec<Collection> = store::all(&call.hub)?.into_iter().filter(|one| one.owner == owner.name).collect();
    if let Some(same) = theirs.iter().find(|one| one.title.eq_ignore_ascii_case(&title)) {
        let message = format!("A collection with the title \"{title}\" already exists");
        return Err(ApiError::conflict(message).extra(json!({ "slug": same.slug() })));
    }
    let collection = Collection {
        id: repos::new_id(&call.hub),
        owner: owner.name,
        title,
        description: description_of(&body)?.filter(|text| !text.is_empty()),
        private: at(&body, "private") == true,
        theme: THEMES.get(theirs.len() % THEMES.len()).copied().unwrap_or("blue").to_owned(),
        gating: false.into(),
        position: theirs.iter().map(|one| one.position + 1).max().unwrap_or(0),
        upvotes: 0,
        last_updated: call.hub.now(),
    };
    let first = match at(&body, "item") {
        Value::Null => None,
        item => Some(items::parse(&call, &collection, item, None)?),
    };
    store::save(&call.hub, &collection)?;
    if let Some(item) = first {
        store::save_item(&call.hub, &item)?;
    }
    Ok(ApiResponse::json(&collection.alone(&call.hub, &call.caller)?))
}

pub fn title_of(body: &Value) -> Result<Option<String>, ApiError> {
    text(body, "title", 1, 60)
}

pub fn description_of(body: &Value) -> Result<Option<String>, ApiError> {
    text(body, "description", 0, 150)
}

/// A string in a body, if it is there, of so many characters.
pub fn text(body: &Value, key: &str, least: usize, most: usize) -> Result<Option<String>, ApiError> {
    match at(body, key) {
        Value::Null => Ok(None),
        Value::String(text) if (least..=most).contains(&text.trim().chars().count()) => {
            Ok(Some(text.trim().to_owned()))
        }
        _ => {
            Err(ApiError::bad_request(format!("Invalid \"{key}\": expected a string of {least} to {most} characters")))
        }
    }
}
