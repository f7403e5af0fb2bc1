//! The log of deliveries, and sending one of them again.

use serde_json::{Value, json};

use super::store::{self, Delivery};
use super::{deliver, manage};
use crate::answer::{self, Answer};
use crate::call::Call;
use crate::dates;
use crate::refusal::Refusal;

/// Newest first: of one webhook, or of all.
pub async fn deliveries(call: Call) -> answer::Result {
    let log = store::deliveries(&call.hub, call.path_value("webhookId"))?;
    Ok(Answer::json(&log.iter().map(object).collect::<Value>()))
}

/// Sends a delivery of the log once more, with the address and the secret that the webhook has now.
pub async fn replay(call: Call) -> answer::Result {
    let webhook = manage::own(&call)?;
    let wanted = call.path_value("logId").unwrap_or_default();
    let log = store::deliveries(&call.hub, Some(&webhook.id))?;
    let logged = log.into_iter().find(|delivery| delivery.id == wanted);
    let mut delivery = logged.ok_or_else(|| Refusal::new(404, "Webhook log not found"))?;
    deliver::attempt(&call.hub, &mut delivery).await?;
    store::save_delivery(&call.hub, &delivery)?;
    match (delivery.status, delivery.error) {
        (Some(status), _) => Ok(Answer::json(&json!({ "status": status }))),
        (None, error) => Err(Refusal::new(502, error.unwrap_or_default())),
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
