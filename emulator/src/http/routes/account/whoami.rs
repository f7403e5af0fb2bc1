//! Whose token this is, and what it may do.

use hf_wasm::endpoints::account;
use serde_json::{Map, Value, json};

use crate::dates;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::accounts::{self, Account, Caller, Role, Token};
use crate::json;

pub fn routes() -> Vec<Route> {
    vec![Route { endpoint: &account::WHO_AM_I, handler: handler!(who_am_i) }]
}

async fn who_am_i(call: Call) -> response::Result {
    let Caller::User { user, token } = &call.caller else {
        return Err(ApiError::new(401, "Invalid username or password."));
    };
    let account =
        accounts::by_id(&call.hub, &user.id)?.ok_or_else(|| ApiError::new(401, "Invalid username or password."))?;
    let organizations = accounts::organizations(&call.hub, &user.id)?;
    Ok(ApiResponse::json(&json!({
        "type": "user",
        "id": account.id,
        "name": account.name,
        "fullname": account.fullname,
        "email": json::at(&account.meta, "email"),
        "emailVerified": true,
        "canPay": false,
        "billingMode": "postpaid",
        "periodEnd": null,
        "isPro": account.is_pro,
        "avatarUrl": json::at(&account.meta, "avatarUrl"),
        "orgs": organizations.iter().map(|(org, role)| organization(org, role)).collect::<Value>(),
        "auth": auth(token),
    })))
}

fn organization(account: &Account, role: &str) -> Value {
    let mut object = Map::new();
    for (key, value) in [
        ("type", "org".into()),
        ("id", account.id.as_str().into()),
        ("name", account.name.as_str().into()),
        ("fullname", account.fullname.as_str().into()),
        ("email", Value::Null),
        ("canPay", false.into()),
        ("periodEnd", Value::Null),
        ("avatarUrl", json::at(&account.meta, "avatarUrl").clone()),
        ("roleInOrg", role.into()),
    ] {
        object.insert(key.to_owned(), value);
    }
    if let Some(plan) = account.meta.get("plan") {
        object.insert("plan".to_owned(), plan.clone());
    }
    Value::Object(object)
}

fn auth(token: &Token) -> Value {
    let mut access = json!({
        "displayName": token.display_name,
        "role": match &token.role {
            Role::Read => "read",
            Role::Write => "write",
            Role::FineGrained(_) => "fineGrained",
        },
        "createdAt": dates::iso(token.created_at),
    });
    if let (Role::FineGrained(rights), Some(access)) = (&token.role, access.as_object_mut()) {
        access.insert("fineGrained".to_owned(), rights.clone());
    }
    let mut auth = json!({ "type": "access_token", "accessToken": access });
    if let (Some(end), Some(auth)) = (token.expires_at, auth.as_object_mut()) {
        auth.insert("expiresAt".to_owned(), dates::iso(end).into());
    }
    auth
}
