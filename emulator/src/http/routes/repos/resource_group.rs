//! The resource group of an organization that a repository is in. The emulator knows no groups: any id is one.

use hf_wasm::endpoints::{Access, Endpoint, Event, Group, Method};
use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::accounts::{self, AccountKind};
use crate::json::at;

const PATH: &str = "/api/{repo}/resource-group";

static INFO: Endpoint =
    Endpoint { name: "repoResourceGroup", path: PATH, group: Group::Repos, access: Access::Token, ..Endpoint::READ };
/// The API's documents name no change that sets off `update` of `repo` itself; here this one does.
static SET: Endpoint = Endpoint {
    name: "setRepoResourceGroup",
    method: Method::Post,
    path: PATH,
    group: Group::Repos,
    event: Some(Event { scope: "repo", action: "update" }),
    ..Endpoint::WRITE
};

pub fn routes() -> Vec<Route> {
    vec![Route { endpoint: &INFO, handler: handler!(info) }, Route { endpoint: &SET, handler: handler!(set) }]
}

async fn info(call: Call) -> response::Result {
    match at(&call.repo()?.settings, "resourceGroup") {
        Value::Null => Err(ApiError::not_found("This repository is in no resource group")),
        group => Ok(ApiResponse::json(group)),
    }
}

async fn set(call: Call) -> response::Result {
    let repo = call.repo()?;
    let owner = accounts::by_name(&call.hub, &repo.namespace)?;
    if owner.is_none_or(|owner| owner.kind != AccountKind::Org) {
        return Err(ApiError::bad_request("Only repositories of an organization can be in a resource group"));
    }
    let body = call.json()?;
    let mut settings = repo.settings.as_object().cloned().unwrap_or_default();
    match body.get("resourceGroupId") {
        Some(Value::Null) => settings.shift_remove("resourceGroup"),
        Some(Value::String(id))
            if id.len() == 24 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) =>
        {
            settings
                .insert("resourceGroup".to_owned(), json!({ "id": id, "name": format!("Group {id}"), "numUsers": 1 }))
        }
        _ => return Err(ApiError::bad_request("Invalid \"resourceGroupId\": expected 24 hexadecimal digits or null")),
    };
    let settings = Value::Object(settings).to_string();
    call.hub.db().execute("update repos set settings = ? where id = ?", (settings, &repo.id))?;
    let info = json!({
        "name": repo.full_name(),
        "type": repo.kind.as_str(),
        "private": repo.visibility == "private",
        "addedBy": call.caller.require()?.name,
    });
    Ok(ApiResponse::json(&info).changed(&repo.id, json!({})))
}
