//! Posts an event to its webhook: again after a growing wait when that fails, until it is given up. A webhook that
//! fails again and again is suspended.

use std::sync::Arc;
use std::time::Duration;

use super::address;
use super::store::{self, Delivery, SUSPENDED, Webhook};
use super::target::Target;
use crate::hub::Hub;
use crate::refusal::Refusal;

/// Waits between attempts, in milliseconds.
const WAITS: [u64; 3] = [500, 1000, 2000];

/// Deliveries in a row that may fail before a webhook is suspended.
const MOST_FAILURES: i64 = 3;

/// Delivers from a task of its own; without a runtime the delivery waits for [`resume`].
pub fn start(hub: &Arc<Hub>, delivery: Delivery) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        let hub = Arc::clone(hub);
        runtime.spawn(async move {
            if let Err(refusal) = run(&hub, delivery).await {
                eprintln!("webhooks: {}", refusal.message);
            }
        });
    }
}

/// Goes on with what a restart interrupted.
pub fn resume(hub: &Arc<Hub>) -> Result<(), Refusal> {
    for delivery in store::deliveries(hub, None)?.into_iter().filter(|delivery| !delivery.done) {
        start(hub, delivery);
    }
    Ok(())
}

/// One attempt, and what became of it.
pub async fn attempt(hub: &Hub, delivery: &mut Delivery) -> Result<bool, Refusal> {
    let Some(webhook) = store::find(hub, &delivery.webhook_id)? else {
        delivery.error = Some("the webhook was deleted".to_owned());
        return Ok(false);
    };
    delivery.attempts += 1;
    delivery.status = None;
    delivery.error = None;
    match post(hub, &webhook, delivery).await {
        Ok(status) => delivery.status = Some(status),
        Err(error) => delivery.error = Some(error),
    }
    Ok(delivery.status.is_some_and(|status| (200..300).contains(&status)))
}

async fn run(hub: &Hub, mut delivery: Delivery) -> Result<(), Refusal> {
    let mut waits = WAITS.into_iter();
    let delivered = loop {
        let delivered = attempt(hub, &mut delivery).await?;
        let wait = if delivered { None } else { waits.next() };
        delivery.done = wait.is_none();
        if store::find(hub, &delivery.webhook_id)?.is_none() {
            return Ok(());
        }
        store::save_delivery(hub, &delivery)?;
        match wait {
            Some(wait) => tokio::time::sleep(Duration::from_millis(wait)).await,
            None => break delivered,
        }
    };
    let Some(mut webhook) = store::find(hub, &delivery.webhook_id)? else { return Ok(()) };
    webhook.failures = if delivered { 0 } else { webhook.failures + 1 };
    if webhook.failures >= MOST_FAILURES {
        webhook.disabled = Some(SUSPENDED.to_owned());
    }
    store::save(hub, &webhook)
}

async fn post(hub: &Hub, webhook: &Webhook, delivery: &Delivery) -> Result<u16, String> {
    let Target::Url(url) = &webhook.target else {
        return Err("the emulator runs no Jobs".to_owned());
    };
    let client = address::client(url, hub.door.trust.link_local_webhooks)?;
    let mut request = client.post(url).json(&delivery.body);
    if let Some(secret) = &webhook.secret {
        request = request.header("X-Webhook-Secret", secret);
    }
    let response = request.send().await.map_err(address::words)?;
    Ok(response.status().as_u16())
}
