//! What anyone may know of a user.

use hf_wasm::endpoints::account;
use rusqlite::params;
use serde_json::{Value, json};

use crate::dates;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::Hub;
use crate::hub::accounts::{self, Account, AccountKind};
use crate::json;

pub fn routes() -> Vec<Route> {
    vec![Route { endpoint: &account::USER_OVERVIEW, handler: handler!(overview) }]
}

async fn overview(call: Call) -> response::Result {
    let username = call.path_value("username").unwrap_or_default();
    let found = accounts::by_name(&call.hub, username)?.filter(|account| account.kind == AccountKind::User);
    let user = found.ok_or_else(|| ApiError::not_found("Sorry, we can't find the page you are looking for."))?;
    if user.name != username {
        return Ok(ApiResponse::redirect(&format!("/api/users/{}/overview", user.name)));
    }
    let organizations = accounts::organizations(&call.hub, &user.id)?;
    let [models, datasets, spaces] = ["model", "dataset", "space"].map(|kind| public(&call.hub, &user.name, kind));
    Ok(ApiResponse::json(&json!({
        "_id": user.id,
        "type": "user",
        "user": user.name,
        "fullname": user.fullname,
        "avatarUrl": json::at(&user.meta, "avatarUrl"),
        "isPro": user.is_pro,
        "createdAt": dates::iso(created_at(&user.id)),
        "orgs": organizations.iter().map(|(org, _)| organization(org)).collect::<Value>(),
        "numModels": models?,
        "numDatasets": datasets?,
        "numSpaces": spaces?,
        "numDiscussions": discussions(&call.hub, &user.id)?,
    })))
}

fn organization(account: &Account) -> Value {
    json!({
        "id": account.id,
        "name": account.name,
        "fullname": account.fullname,
        "avatarUrl": json::at(&account.meta, "avatarUrl"),
    })
}

/// How many repositories of a kind everybody sees.
fn public(hub: &Hub, namespace: &str, kind: &str) -> Result<i64, ApiError> {
    let sql = "select count(*) from repos where namespace = ?1 and type = ?2 and visibility = 'public'";
    Ok(hub.db().query_row(sql, params![namespace, kind], |row| row.get(0))?)
}

/// How many discussions and pull requests the user has opened where everybody sees them.
fn discussions(hub: &Hub, user_id: &str) -> Result<i64, ApiError> {
    let sql = "select count(*) from discussions d join repos r on r.id = d.repo_id
               where d.author_id = ?1 and r.visibility = 'public'";
    Ok(hub.db().query_row(sql, params![user_id], |row| row.get(0))?)
}

/// An id begins with the second in which it was made, as those of MongoDB do.
fn created_at(id: &str) -> i64 {
    let seconds = id.get(..8).and_then(|digits| i64::from_str_radix(digits, 16).ok());
    seconds.unwrap_or_default() * 1000
}
