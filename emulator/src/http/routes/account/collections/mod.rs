//! Collections: named lists of repositories and papers that a user or organization keeps.

use hf_wasm::endpoints::account as rows;
use hf_wasm::endpoints::{Endpoint, Group, Method};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::route::{Route, handler};
use crate::hub::accounts::{self, Target};
use crate::hub::collections::store::{self, Collection, can_see};

mod create;
mod items;
mod list;
mod manage;

const WRITE: Endpoint = Endpoint { group: Group::Account, permission: Some("collection.write"), ..Endpoint::WRITE };

static INFO: Endpoint = Endpoint {
    name: "collectionInfo",
    path: "/api/collections/{namespace}/{slug}",
    group: Group::Account,
    permission: Some("collection.read"),
    ..Endpoint::READ
};
static UPDATE: Endpoint = Endpoint { name: "updateCollection", method: Method::Patch, path: INFO.path, ..WRITE };
static DELETE: Endpoint = Endpoint { name: "deleteCollection", method: Method::Delete, path: INFO.path, ..WRITE };
static ADD: Endpoint =
    Endpoint { name: "addCollectionItem", path: "/api/collections/{namespace}/{slug}/items", ..WRITE };
static BATCH: Endpoint =
    Endpoint { name: "updateCollectionItems", path: "/api/collections/{namespace}/{slug}/items/batch", ..WRITE };
static UPDATE_ITEM: Endpoint = Endpoint {
    name: "updateCollectionItem",
    method: Method::Patch,
    path: "/api/collections/{namespace}/{slug}/items/{itemId}",
    ..WRITE
};
static DELETE_ITEM: Endpoint =
    Endpoint { name: "deleteCollectionItem", method: Method::Delete, path: UPDATE_ITEM.path, ..WRITE };

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::LIST_COLLECTIONS, handler: handler!(list::list) },
        Route { endpoint: &rows::CREATE_COLLECTION, handler: handler!(create::create) },
        Route { endpoint: &INFO, handler: handler!(manage::info) },
        Route { endpoint: &UPDATE, handler: handler!(manage::update) },
        Route { endpoint: &DELETE, handler: handler!(manage::delete) },
        Route { endpoint: &ADD, handler: handler!(items::add) },
        Route { endpoint: &BATCH, handler: handler!(items::batch) },
        Route { endpoint: &UPDATE_ITEM, handler: handler!(items::update) },
        Route { endpoint: &DELETE_ITEM, handler: handler!(items::delete) },
    ]
}

/// The collection in the path, if the caller may see it. The id at the end of the slug decides.
fn seen(call: &Call) -> Result<Collection, ApiError> {
    let missing = || ApiError::not_found("Collection not found");
    let slug = call.path_value("slug").unwrap_or_default();
    let id = slug.rsplit('-').next().unwrap_or_default();
    let collection = store::find(&call.hub, id)?.ok_or_else(missing)?;
    if can_see(&call.hub, &call.caller, &collection)? { Ok(collection) } else { Err(missing()) }
}

/// The collection in the path, if the caller may change it.
fn changeable(call: &Call) -> Result<Collection, ApiError> {
    let collection = seen(call)?;
    require_write(call, &collection.owner)?;
    Ok(collection)
}

fn require_write(call: &Call, namespace: &str) -> Result<(), ApiError> {
    if accounts::may(&call.hub, &call.caller, Target::Namespace(namespace), "collection.write")? {
        return Ok(());
    }
    Err(ApiError::forbidden(format!("You do not have the right to change collections of {namespace}")))
}
