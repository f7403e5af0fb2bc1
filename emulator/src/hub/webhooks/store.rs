//! Webhooks and the log of their deliveries as rows of the database.

use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::delivery::Delivery;
use super::target::Target;
use crate::dates;
use crate::hub::error::Error;
use crate::hub::{Hub, accounts};
use crate::json::{at, parsed};

pub const SCHEMA: &str = "
create table if not exists webhooks (id text primary key, user_id text not null, target text not null, disabled text,
    watched text not null, domains text not null, secret text, last_trigger_at integer, failures integer not null default 0,
    created_at integer not null);
create table if not exists webhook_log (id text primary key, webhook_id text not null, created_at integer not null,
    body text not null, attempts integer not null default 0, status integer, error text, done integer not null default 0);
create index if not exists webhook_log_of on webhook_log (webhook_id, created_at);
";

/// Value of `disabled` after too many failures.
pub const SUSPENDED: &str = "suspended-after-failure";

#[derive(Debug, Clone)]
pub struct Webhook {
    pub id: String,
    pub user_id: String,
    pub target: Target,
    /// `None`, `true` or [`SUSPENDED`].
    pub disabled: Option<String>,
    /// `type` and `name` of each.
    pub watched: Value,
    pub domains: Vec<String>,
    pub secret: Option<String>,
    pub last_trigger_at: Option<i64>,
    /// Deliveries that failed since the last success.
    pub failures: i64,
    pub created_at: i64,
}

impl Webhook {
    pub fn object(&self, hub: &Hub) -> Result<Value, Error> {
        let mut object = json!({
            "id": self.id,
            "disabled": match self.disabled.as_deref() {
                None => Value::Bool(false),
                Some("true") => Value::Bool(true),
                Some(state) => state.into(),
            },
            "watched": self.watched_objects(hub)?,
            "hasSecret": self.secret.is_some(),
            "domains": self.domains,
        });
        if let Some(properties) = object.as_object_mut() {
            let (key, target) = self.target.shown();
            properties.insert(key.to_owned(), target);
            if let Some(last) = self.last_trigger_at {
                properties.insert("lastTriggerAt".to_owned(), dates::iso(last).into());
            }
        }
        Ok(object)
    }

    /// Users and organizations come with their picture.
    fn watched_objects(&self, hub: &Hub) -> Result<Value, Error> {
        let mut watched = self.watched.clone();
        for item in watched.as_array_mut().into_iter().flatten() {
            let name = at(item, "name").as_str().unwrap_or_default().to_owned();
            if matches!(at(item, "type").as_str(), Some("user" | "org"))
                && let Some(account) = accounts::by_name(hub, &name)?
                && let Some(properties) = item.as_object_mut()
            {
                properties.insert("avatarUrl".to_owned(), at(&account.meta, "avatarUrl").clone());
            }
        }
        Ok(watched)
    }
}

pub fn save(hub: &Hub, webhook: &Webhook) -> Result<(), Error> {
    hub.db().execute(
        "insert or replace into webhooks (id, user_id, target, disabled, watched, domains, secret, last_trigger_at, failures, created_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            webhook.id,
            webhook.user_id,
            webhook.target.to_json().to_string(),
            webhook.disabled,
            webhook.watched.to_string(),
            json!(webhook.domains).to_string(),
            webhook.secret,
            webhook.last_trigger_at,
            webhook.failures,
            webhook.created_at
        ],
    )?;
    Ok(())
}

/// All, or those of one user, oldest first.
pub fn all(hub: &Hub, user_id: Option<&str>) -> Result<Vec<Webhook>, Error> {
    let sql = "select * from webhooks where ?1 is null or user_id = ?1 order by created_at, id";
    hub.rows(sql, [user_id], webhook_of_row)
}

pub fn find(hub: &Hub, id: &str) -> Result<Option<Webhook>, Error> {
    Ok(hub.db().query_row("select * from webhooks where id = ?", [id], webhook_of_row).optional()?)
}

pub fn remove(hub: &Hub, id: &str) -> Result<(), Error> {
    let db = hub.db();
    db.execute("delete from webhook_log where webhook_id = ?", [id])?;
    db.execute("delete from webhooks where id = ?", [id])?;
    Ok(())
}

pub fn save_delivery(hub: &Hub, delivery: &Delivery) -> Result<(), Error> {
    hub.db().execute(
        "insert or replace into webhook_log (id, webhook_id, created_at, body, attempts, status, error, done)
         values (?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            delivery.id,
            delivery.webhook_id,
            delivery.created_at,
            delivery.body.to_string(),
            delivery.attempts,
            delivery.status,
            delivery.error,
            delivery.done
        ],
    )?;
    Ok(())
}

/// The log, newest first: of one webhook, or of all.
pub fn deliveries(hub: &Hub, webhook_id: Option<&str>) -> Result<Vec<Delivery>, Error> {
    let sql = "select * from webhook_log where ?1 is null or webhook_id = ?1 order by created_at desc, rowid desc";
    hub.rows(sql, [webhook_id], delivery_of_row)
}

/// Deliveries of a webhook since a moment.
pub fn count_since(hub: &Hub, webhook_id: &str, since: i64) -> Result<i64, Error> {
    let sql = "select count(*) from webhook_log where webhook_id = ? and created_at >= ?";
    Ok(hub.db().query_row(sql, params![webhook_id, since], |row| row.get(0))?)
}

fn webhook_of_row(row: &Row<'_>) -> rusqlite::Result<Webhook> {
    let json = |name: &str| row.get(name).map(|text: String| parsed(&text));
    let domains = json("domains")?;
    Ok(Webhook {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        target: Target::from_json(&json("target")?),
        disabled: row.get("disabled")?,
        watched: json("watched")?,
        domains: crate::json::texts(&domains).map(str::to_owned).collect(),
        secret: row.get("secret")?,
        last_trigger_at: row.get("last_trigger_at")?,
        failures: row.get("failures")?,
        created_at: row.get("created_at")?,
    })
}

fn delivery_of_row(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let body: String = row.get("body")?;
    Ok(Delivery {
        id: row.get("id")?,
        webhook_id: row.get("webhook_id")?,
        created_at: row.get("created_at")?,
        body: parsed(&body),
        attempts: row.get("attempts")?,
        status: row.get("status")?,
        error: row.get("error")?,
        done: row.get("done")?,
    })
}
