//! Users, organizations and their tokens: who sends a request. What the sender may do is in [`super::rights`].

use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;

use crate::hub::Hub;
use crate::hub::error::Error;
use crate::json::parsed;

pub use super::rights::{Target, can_read_content, can_see, may, role_in};

/// Who sends a request.
#[derive(Debug, Clone)]
pub enum Caller {
    Anonymous,
    User { user: User, token: Token },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: String,
    pub name: String,
    pub fullname: String,
    pub is_pro: bool,
}

#[derive(Debug, Clone)]
pub struct Token {
    pub display_name: String,
    pub role: Role,
    pub created_at: i64,
    pub expires_at: Option<i64>,
}

#[derive(Debug, Clone)]
pub enum Role {
    Read,
    Write,
    /// The object that whoami shows under `fineGrained`: `global`, `scoped`, `canReadGatedRepos`.
    FineGrained(Value),
}

/// A user or an organization, as others see it.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: String,
    pub name: String,
    pub fullname: String,
    pub kind: AccountKind,
    pub is_pro: bool,
    /// `email`, `avatarUrl`, `plan`, …
    pub meta: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    User,
    Org,
}

pub const SCHEMA: &str = "
create table if not exists accounts (id text primary key, name text not null unique collate nocase, fullname text not null,
    type text not null check (type in ('user', 'org')), is_pro integer not null default 0, meta text not null default '{}');
create table if not exists members (org_id text not null, user_id text not null, role text not null, primary key (org_id, user_id));
create table if not exists tokens (token text primary key, user_id text not null, display_name text not null, role text not null,
    fine_grained text, created_at integer not null, expires_at integer);
";

/// The message for a token that is unknown or has expired.
pub const INVALID_TOKEN: &str = "Invalid credentials in Authorization header";

impl Caller {
    pub fn user(&self) -> Option<&User> {
        match self {
            Caller::Anonymous => None,
            Caller::User { user, .. } => Some(user),
        }
    }

    /// The user, for a row that needs one.
    pub fn require(&self) -> Result<&User, Error> {
        self.user().ok_or_else(|| Error::unauthenticated("Invalid username or password."))
    }
}

impl AccountKind {
    pub fn as_str(self) -> &'static str {
        match self {
            AccountKind::User => "user",
            AccountKind::Org => "org",
        }
    }
}

/// Whose token it is; 401 where it is unknown or past its date.
pub fn by_token(hub: &Hub, token: &str) -> Result<Caller, Error> {
    let now = hub.now();
    let found = hub
        .db()
        .query_row(
            "select a.id, a.name, a.fullname, a.is_pro, t.display_name, t.role, t.fine_grained, t.created_at, t.expires_at
             from tokens t join accounts a on a.id = t.user_id where t.token = ?1",
            params![token],
            caller_of_row,
        )
        .optional()?;
    match found {
        Some(Caller::User { user, token }) if token.expires_at.is_none_or(|end| end > now) => {
            Ok(Caller::User { user, token })
        }
        _ => Err(Error::unauthenticated(INVALID_TOKEN)),
    }
}

/// The account of that name, whatever the letter case.
pub fn by_name(hub: &Hub, name: &str) -> Result<Option<Account>, Error> {
    let sql = "select id, name, fullname, type, is_pro, meta from accounts where name = ?1";
    Ok(hub.db().query_row(sql, params![name], account_of_row).optional()?)
}

pub fn by_id(hub: &Hub, id: &str) -> Result<Option<Account>, Error> {
    let sql = "select id, name, fullname, type, is_pro, meta from accounts where id = ?1";
    Ok(hub.db().query_row(sql, params![id], account_of_row).optional()?)
}

/// The organizations that a user belongs to, with its role in each.
pub fn organizations(hub: &Hub, user_id: &str) -> Result<Vec<(Account, String)>, Error> {
    let sql = "select a.id, a.name, a.fullname, a.type, a.is_pro, a.meta, m.role from members m join accounts a on a.id = m.org_id
         where m.user_id = ?1 order by a.name";
    hub.rows(sql, params![user_id], |row| Ok((account_of_row(row)?, row.get("role")?)))
}

fn caller_of_row(row: &Row<'_>) -> rusqlite::Result<Caller> {
    let role: String = row.get("role")?;
    let fine_grained: Option<String> = row.get("fine_grained")?;
    let role = match role.as_str() {
        "write" => Role::Write,
        "fineGrained" => Role::FineGrained(parsed(fine_grained.as_deref().unwrap_or("{}"))),
        _ => Role::Read,
    };
    Ok(Caller::User {
        user: User {
            id: row.get("id")?,
            name: row.get("name")?,
            fullname: row.get("fullname")?,
            is_pro: row.get("is_pro")?,
        },
        token: Token {
            display_name: row.get("display_name")?,
            role,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
        },
    })
}

fn account_of_row(row: &Row<'_>) -> rusqlite::Result<Account> {
    let kind: String = row.get("type")?;
    let meta: String = row.get("meta")?;
    Ok(Account {
        id: row.get("id")?,
        name: row.get("name")?,
        fullname: row.get("fullname")?,
        kind: if kind == "org" { AccountKind::Org } else { AccountKind::User },
        is_pro: row.get("is_pro")?,
        meta: parsed(&meta),
    })
}
