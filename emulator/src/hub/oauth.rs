//! Sign-in: what is kept between its steps, and the tokens that come out of it. Codes and refresh tokens work once.

use std::hash::{BuildHasher, RandomState};

use rusqlite::{OptionalExtension, params};
use serde_json::{Value, json};

use crate::hub::Hub;
use crate::hub::accounts::{self, Account};
use crate::hub::error::Error;
use crate::json::{at, parsed};

pub const SCHEMA: &str = "
create table if not exists oauth (key text primary key, kind text not null, data text not null, expires_at integer not null);
";

/// Life of an access token, in seconds.
pub const LIFE: i64 = 28_800;

/// Life of a refresh token, in seconds.
const REFRESH_LIFE: i64 = 30 * 86_400;

/// The scopes that a program may ask for.
pub const SCOPES: [&str; 18] = [
    "openid", "profile", "email", "read-billing", "read-memberships", "read-repos", "gated-repos", "contribute-repos",
    "write-repos", "manage-repos", "read-collections", "write-collections", "inference-api", "read-endpoints",
    "write-endpoints", "jobs", "webhooks", "write-discussions",
];

/// How far a sign-in is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A person is being asked.
    Request,
    /// The person has agreed; a program has the code.
    Code,
    /// A code that was exchanged, with the tokens that it gave.
    Spent,
    /// A program without a browser waits for a person to agree.
    Device,
    Refresh,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Request => "request",
            Kind::Code => "code",
            Kind::Spent => "spent",
            Kind::Device => "device",
            Kind::Refresh => "refresh",
        }
    }
}

/// What a sign-in gives.
#[derive(Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
}

/// Keeps an entry for some seconds, in the place of one with the same key.
pub fn put(hub: &Hub, kind: Kind, key: &str, data: &Value, seconds: i64) -> Result<(), Error> {
    let sql = "insert or replace into oauth (key, kind, data, expires_at) values (?1, ?2, ?3, ?4)";
    hub.db().execute(sql, params![key, kind.as_str(), data.to_string(), hub.now() + seconds * 1000])?;
    Ok(())
}

pub fn find(hub: &Hub, kind: Kind, key: &str) -> Result<Option<Value>, Error> {
    let sql = "select data from oauth where key = ?1 and kind = ?2 and expires_at > ?3";
    read(hub, sql, kind, key)
}

/// Takes an entry out: nobody finds it again.
pub fn take(hub: &Hub, kind: Kind, key: &str) -> Result<Option<Value>, Error> {
    read(hub, "delete from oauth where key = ?1 and kind = ?2 and expires_at > ?3 returning data", kind, key)
}

/// The devices that wait for a person, newest first.
pub fn waiting(hub: &Hub) -> Result<Vec<(String, Value)>, Error> {
    let sql = "select key, data from oauth where kind = 'device' and expires_at > ?1 order by expires_at desc";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, parsed(&row.get::<_, String>(1)?)));
    let all: Vec<(String, Value)> = hub.rows(sql, params![hub.now()], read)?;
    Ok(all.into_iter().filter(|(_, data)| at(data, "user").is_null()).collect())
}

/// Users who could sign in: those with a token.
pub fn users(hub: &Hub) -> Result<Vec<String>, Error> {
    let sql = "select name from accounts where type = 'user' and id in (select user_id from tokens) order by name";
    hub.rows(sql, [], |row| row.get(0))
}

/// An access token with the rights of its scopes, and a refresh token.
pub fn issue(hub: &Hub, user: &str, client_id: &str, scope: &str) -> Result<Tokens, Error> {
    let account = accounts::by_name(hub, user)?.ok_or_else(|| Error::not_found("No such user"))?;
    let tokens = Tokens { access: format!("hf_oauth_{}", secret()), refresh: secret() };
    let sql = "insert into tokens (token, user_id, display_name, role, fine_grained, created_at, expires_at)
         values (?1, ?2, ?3, 'fineGrained', ?4, ?5, ?6)";
    let rights = rights(hub, &account, scope)?.to_string();
    let now = hub.now();
    hub.db().execute(sql, params![tokens.access, account.id, client_id, rights, now, now + LIFE * 1000])?;
    let again = json!({ "user": user, "client_id": client_id, "scope": scope, "access": tokens.access });
    put(hub, Kind::Refresh, &tokens.refresh, &again, REFRESH_LIFE)?;
    Ok(tokens)
}

pub fn revoke(hub: &Hub, access: &str) -> Result<(), Error> {
    hub.db().execute("delete from tokens where token = ?1", params![access])?;
    Ok(())
}

/// A random string that cannot be guessed.
pub fn secret() -> String {
    (0..4).map(|number: u8| format!("{:016x}", RandomState::new().hash_one(number))).collect()
}

fn read(hub: &Hub, sql: &str, kind: Kind, key: &str) -> Result<Option<Value>, Error> {
    let found =
        hub.db().query_row(sql, params![key, kind.as_str(), hub.now()], |row| row.get::<_, String>(0)).optional()?;
    Ok(found.map(|text| parsed(&text)))
}

/// What the scopes allow, as a fine-grained token says it.
fn rights(hub: &Hub, account: &Account, scope: &str) -> Result<Value, Error> {
    let has = |name: &str| scope.split(' ').any(|scope| scope == name);
    let entity = |account: &Account| json!({ "_id": account.id, "type": account.kind.as_str(), "name": account.name });
    let mut permissions = Vec::new();
    for (name, permission) in [
        ("read-repos", "repo.content.read"),
        ("write-repos", "repo.write"),
        ("manage-repos", "repo.write"),
        ("read-collections", "collection.read"),
        ("write-collections", "collection.write"),
    ] {
        if has(name) && !permissions.contains(&permission) {
            permissions.push(permission);
        }
    }
    if has("read-billing") {
        permissions.push("org.billing.read");
    }
    let mut scoped = Vec::new();
    for (organization, _) in accounts::organizations(hub, &account.id)? {
        scoped.push(json!({ "entity": entity(&organization), "permissions": permissions }));
    }
    if has("read-billing") {
        permissions.push("user.billing.read");
    }
    if has("webhooks") {
        permissions.push("user.webhooks.write");
    }
    scoped.insert(0, json!({ "entity": entity(account), "permissions": permissions }));
    let global: Vec<&str> =
        [("inference-api", "inference.serverless.write"), ("write-discussions", "discussion.write")]
            .into_iter()
            .filter(|(name, _)| has(name))
            .map(|(_, permission)| permission)
            .collect();
    Ok(json!({ "canReadGatedRepos": has("gated-repos"), "global": global, "scoped": scoped }))
}
