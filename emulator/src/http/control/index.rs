//! `/_emulator`: addresses, ready-made tokens, and every route with the facts of its row.

use hf_wasm::endpoints::{Access, Endpoint, Host};
use serde_json::{Value, json};

use super::page;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::path::ROUTER_PREFIX;
use crate::http::response::{self, ApiResponse};
use crate::http::routes;
use crate::hub::Hub;

/// Answers JSON, or a page to a browser.
pub async fn index(call: Call) -> response::Result {
    let index = describe(&call.hub)?;
    let browser = call.headers.get("accept").is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    Ok(if browser {
        ApiResponse::bytes("text/html; charset=utf-8", page::page(&index))
    } else {
        ApiResponse::json(&index)
    })
}

fn describe(hub: &Hub) -> Result<Value, ApiError> {
    let tokens: Vec<Value> = tokens(hub)?
        .into_iter()
        .map(|token| json!({ "token": token.text, "user": token.user, "role": token.role, "expired": token.expired }))
        .collect();
    let (own, api): (Vec<&Endpoint>, Vec<_>) =
        routes::routes().iter().map(|route| route.endpoint).partition(|row| row.path.starts_with("/_emulator"));
    Ok(json!({
        "hub": hub.origin,
        "router": format!("{}{ROUTER_PREFIX}", hub.origin),
        "openai": format!("{}/v1", hub.origin),
        "files": hub.cdn_origin,
        "tokens": tokens,
        "routes": api.into_iter().map(facts).collect::<Vec<_>>(),
        "control": own.into_iter().map(|row| json!({ "name": row.name, "method": row.method.as_str(), "path": row.path })).collect::<Vec<_>>(),
    }))
}

fn facts(row: &Endpoint) -> Value {
    json!({
        "name": row.name,
        "summary": row.summary,
        "host": if row.host == Host::Hub { "hub" } else { "router" },
        "method": row.method.as_str(),
        "path": row.path,
        "group": row.group.title(),
        "access": match row.access { Access::Open => "open", Access::Token => "token", Access::Write => "write" },
        "permission": row.permission,
        "bucket": row.bucket.as_str(),
        "event": row.event.map(|event| format!("{}.{}", event.scope, event.action)),
        "core": hf_wasm::endpoints::find(row.host, row.name).is_some(),
    })
}

/// A token that the Hub knows, for those who try it out.
#[derive(Debug)]
pub struct Ready {
    pub text: String,
    pub user: String,
    pub role: String,
    pub expired: bool,
}

pub fn tokens(hub: &Hub) -> Result<Vec<Ready>, ApiError> {
    let now = hub.now();
    let sql = "select t.token, a.name, t.role, t.expires_at from tokens t join accounts a on a.id = t.user_id order by a.name, t.rowid";
    Ok(hub.rows(sql, [], |row| {
        let ends: Option<i64> = row.get(3)?;
        Ok(Ready {
            text: row.get(0)?,
            user: row.get(1)?,
            role: row.get(2)?,
            expired: ends.is_some_and(|end| end <= now),
        })
    })?)
}
