//! Posts an event to its webhook: again after a growing wait when that fails, until it is given up. A webhook that
//! fails again and again is suspended.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use crate::http::app::App;
use crate::hub::error::Error;
use crate::hub::webhooks::Target;
use crate::hub::webhooks::delivery::Delivery;
use crate::hub::webhooks::store::{self, SUSPENDED, Webhook};

pub mod address;

/// Waits between attempts, in milliseconds.
const WAITS: [u64; 3] = [500, 1000, 2000];

/// Deliveries in a row that may fail before a webhook is suspended.
const MOST_FAILURES: i64 = 3;

/// Sends what the Hub has written down, each delivery from a task of its own. Without a runtime it waits for the next
/// call of this function in one.
pub fn dispatch(app: &Arc<App>) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    let waiting: Vec<Delivery> = app.deliveries.lock().unwrap_or_else(PoisonError::into_inner).try_iter().collect();
    for delivery in waiting {
        let app = Arc::clone(app);
        runtime.spawn(async move {
            if let Err(error) = run(&app, delivery).await {
                eprintln!("webhooks: {}", error.message);
            }
        });
    }
}

/// One attempt, and what became of it.
pub async fn attempt(app: &App, delivery: &mut Delivery) -> Result<bool, Error> {
    let Some(webhook) = store::find(&app.hub, &delivery.webhook_id)? else {
        delivery.error = Some("the webhook was deleted".to_owned());
        return Ok(false);
    };
    delivery.attempts += 1;
    delivery.status = None;
    delivery.error = None;
    match post(app, &webhook, delivery).await {
        Ok(status) => delivery.status = Some(status),
        Err(error) => delivery.error = Some(error),
    }
    Ok(delivery.status.is_some_and(|status| (200..300).contains(&status)))
}

async fn run(app: &App, mut delivery: Delivery) -> Result<(), Error> {
    let mut waits = WAITS.into_iter();
    let delivered = loop {
        let delivered = attempt(app, &mut delivery).await?;
        let wait = if delivered { None } else { waits.next() };
        delivery.done = wait.is_none();
        if store::find(&app.hub, &delivery.webhook_id)?.is_none() {
            return Ok(());
        }
        store::save_delivery(&app.hub, &delivery)?;
        match wait {
            Some(wait) => tokio::time::sleep(Duration::from_millis(wait)).await,
            None => break delivered,
        }
    };
    let Some(mut webhook) = store::find(&app.hub, &delivery.webhook_id)? else { return Ok(()) };
    webhook.failures = if delivered { 0 } else { webhook.failures + 1 };
    if webhook.failures >= MOST_FAILURES {
        webhook.disabled = Some(SUSPENDED.to_owned());
    }
    store::save(&app.hub, &webhook)
}

async fn post(app: &App, webhook: &Webhook, delivery: &Delivery) -> Result<u16, String> {
    let Target::Url(url) = &webhook.target else {
        return Err("the emulator runs no Jobs".to_owned());
    };
    let client = address::client(url, app.gate.trust.link_local_webhooks)?;
    let mut request = client.post(url).json(&delivery.body);
    if let Some(secret) = &webhook.secret {
        request = request.header("X-Webhook-Secret", secret);
    }
    let response = request.send().await.map_err(address::words)?;
    Ok(response.status().as_u16())
}
