//! Reading, changing and deleting one collection.

use serde_json::{Value, json};

use super::create::{description_of, title_of};
use super::{changeable, seen};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::collections::store::{self, THEMES};
use crate::json::at;

pub async fn info(call: Call) -> response::Result {
    Ok(ApiResponse::json(&seen(&call)?.alone(&call.hub, &call.caller)?))
}

/// What the body leaves out stays as it is.
pub async fn update(call: Call) -> response::Result {
    let mut collection = changeable(&call)?;
    let body = call.json()?;
    collection.title = title_of(&body)?.unwrap_or(collection.title);
    collection.description = description_of(&body)?.or(collection.description).filter(|text| !text.is_empty());
    collection.private = at(&body, "private").as_bool().unwrap_or(collection.private);
    collection.position = at(&body, "position").as_i64().filter(|place| *place >= 0).unwrap_or(collection.position);
    if let Some(theme) = at(&body, "theme").as_str() {
        let known = THEMES.contains(&theme);
        let list = THEMES.map(|theme| format!("\"{theme}\"")).join("|");
        let error = || ApiError::bad_request(format!("Invalid option: expected one of {list} at theme"));
        collection.theme = known.then(|| theme.to_owned()).ok_or_else(error)?;
    }
    match at(&body, "gating") {
        Value::Null => {}
        gating => collection.gating = gating.clone(),
    }
    collection.last_updated = call.hub.now();
    store::save(&call.hub, &collection)?;
    Ok(ApiResponse::json(&json!({ "success": true, "data": collection.alone(&call.hub, &call.caller)? })))
}

pub async fn delete(call: Call) -> response::Result {
    store::remove(&call.hub, &changeable(&call)?.id)?;
    Ok(ApiResponse::json(&json!({ "success": true })))
}
