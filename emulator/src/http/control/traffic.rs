//! Control of the gate: faults, the log, the webhook sink, the quotas, the network.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::layers::{Conditions, Quotas, Rule};
use crate::http::response::{self, ApiResponse};

pub async fn faults(call: Call) -> response::Result {
    Ok(ApiResponse::json(&call.app.gate.faults.list()))
}

/// Adds a rule or a list of rules.
pub async fn add_faults(call: Call) -> response::Result {
    let rules = match call.json()? {
        Value::Array(rules) => rules,
        rule => vec![rule],
    };
    let rules: Result<Vec<Rule>, _> = rules.into_iter().map(serde_json::from_value).collect();
    let rules = rules.map_err(|error| ApiError::bad_request(format!("Not a rule: {error}")))?;
    call.app.gate.faults.add(rules)?;
    faults(call).await
}

pub async fn clear_faults(call: Call) -> response::Result {
    call.app.gate.faults.clear();
    Ok(done())
}

/// The requests after number `since`, oldest first.
pub async fn log(call: Call) -> response::Result {
    let since = call.query_value("since").and_then(|id| id.parse().ok()).unwrap_or_default();
    let entries: Vec<Value> = call.app.gate.log.since(since).into_iter().map(|entry| json!(entry)).collect();
    Ok(ApiResponse::json(&Value::Array(entries)))
}

pub async fn clear_log(call: Call) -> response::Result {
    call.app.gate.log.clear();
    Ok(done())
}

pub async fn sink(call: Call) -> response::Result {
    Ok(ApiResponse::json(&Value::Array(call.app.gate.webhook_sink.list())))
}

/// Keeps a delivery; answers 200, or the `status` in the query.
pub async fn put_in_sink(call: Call) -> response::Result {
    call.app.gate.webhook_sink.put(call.hub.now(), &call.headers, &call.body);
    let status = call.query_value("status").and_then(|status| status.parse().ok()).unwrap_or(200);
    let status = StatusCode::from_u16(status).ok().filter(|status| !status.is_informational());
    let status = status.ok_or_else(|| ApiError::bad_request("\"status\" must be an HTTP status from 200"))?;
    Ok(ApiResponse::json(&json!({ "received": true })).status(status))
}

pub async fn clear_sink(call: Call) -> response::Result {
    call.app.gate.webhook_sink.clear();
    Ok(done())
}

pub async fn quotas(call: Call) -> response::Result {
    Ok(ApiResponse::json(&json!(call.app.gate.limits.quotas())))
}

/// Sets the quotas and forgets what was counted; an absent one is the plan's own.
pub async fn set_quotas(call: Call) -> response::Result {
    let quotas: Quotas =
        serde_json::from_value(call.json()?).map_err(|error| ApiError::bad_request(format!("Not quotas: {error}")))?;
    call.app.gate.limits.set_quotas(quotas);
    self::quotas(call).await
}

pub async fn network(call: Call) -> response::Result {
    Ok(ApiResponse::json(&json!(call.app.gate.network.conditions())))
}

/// Sets what the network is like; an absent property is no limit.
pub async fn set_network(call: Call) -> response::Result {
    let conditions: Conditions = serde_json::from_value(call.json()?)
        .map_err(|error| ApiError::bad_request(format!("Not a network: {error}")))?;
    if conditions.bandwidth == Some(0) {
        return Err(ApiError::bad_request("\"bandwidth\" must be 1 or more"));
    }
    call.app.gate.network.set(conditions);
    network(call).await
}

fn done() -> ApiResponse {
    ApiResponse::text("").status(StatusCode::NO_CONTENT)
}
