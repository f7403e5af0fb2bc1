//! Users, organizations, their tokens, and what a caller may do.

use serde_json::Value;

/// Who sends a request.
#[derive(Debug, Clone)]
pub enum Caller {
    Anonymous,
    User { user: User, token: Token },
}

#[derive(Debug, Clone)]
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

pub const SCHEMA: &str = "
create table if not exists accounts (id text primary key, name text not null unique collate nocase, fullname text not null,
    type text not null check (type in ('user', 'org')), is_pro integer not null default 0, meta text not null default '{}');
create table if not exists members (org_id text not null, user_id text not null, role text not null, primary key (org_id, user_id));
create table if not exists tokens (token text primary key, user_id text not null, display_name text not null, role text not null,
    fine_grained text, created_at integer not null, expires_at integer);
";
