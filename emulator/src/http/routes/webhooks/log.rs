//! The log of deliveries, and sending one of them again.

use serde_json::{Value, json};

use super::manage;
use crate::dates;
use crate::http::call::Call;
use crate::http::deliveries;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::webhooks::delivery::Delivery;
use crate::hub::webhooks::store;

/// Newest first: of one webhook, or of all.
pub async fn deliveries(call: Call) -> response::Result {
    let log = store::deliveries(&call.hub, call.path_value("webhookId"))?;
    Ok(ApiResponse::json(&log.iter().map(object).collect::<Value>()))
}

/// Sends a delivery of the log once more, with the address and the secret that the webhook has now.
pub async fn replay(call: Call) -> response::Result {
    let webhook = manage::own(&call)?;
    let wanted = call.path_value("logId").unwrap_or_default();
    let log = store::deliveries(&call.hub, Some(&webhook.id))?;
    let logged = log.into_iter().find(|delivery| delivery.id == wanted);
    let mut delivery = logged.ok_or_else(|| ApiError::not_found("Webhook log not found"))?;
    deliveries::attempt(&call.app, &mut delivery).await?;
    store::save_delivery(&call.hub, &delivery)?;
    match (delivery.status, delivery.error) {
        (Some(status), _) => Ok(ApiResponse::json(&json!({ "status": status }))),
        (None, error) => Err(ApiError::new(502, error.unwrap_or_default())),
    }
}

fn object(delivery: &Delivery) -> Value {
    json!({
        "id": delivery.id,
        "webhookId": delivery.webhook_id,
        "createdAt": dates::iso(delivery.created_at),
        "attempts": delivery.attempts,
        "status": delivery.status,
        "error": delivery.error,
        "done": delivery.done,
        "payload": delivery.body,
    })
}
