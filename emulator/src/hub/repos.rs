//! Repositories as rows of the database; their files are in git.

use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Repo {
    pub id: String,
    pub kind: RepoKind,
    pub namespace: String,
    pub name: String,
    /// `public`, `private` or `protected`.
    pub visibility: String,
    /// `None`, `auto` or `manual`.
    pub gated: Option<String>,
    pub disabled: bool,
    pub created_at: i64,
    pub last_modified: i64,
    pub downloads: i64,
    pub downloads_all_time: i64,
    pub likes: i64,
    pub trending: f64,
    /// `pipeline_tag`, `library_name`, `tags`, `cardData`, `config`, `safetensors`, `sdk`, `runtime`, `models`, …
    pub meta: Value,
    /// `discussionsDisabled`, `discussionsSorting`, …
    pub settings: Value,
    /// Commit of the main branch.
    pub sha: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepoKind {
    Model,
    Dataset,
    Space,
    Kernel,
}

pub const SCHEMA: &str = "
create table if not exists repos (id text primary key, type text not null, namespace text not null collate nocase, name text not null collate nocase,
    visibility text not null, gated text, disabled integer not null default 0, created_at integer not null, last_modified integer not null,
    downloads integer not null default 0, downloads_all_time integer not null default 0, likes integer not null default 0,
    trending real not null default 0, meta text not null default '{}', settings text not null default '{}', sha text not null,
    unique (type, namespace, name));
create table if not exists redirects (type text not null, old_id text not null collate nocase, repo_id text not null, primary key (type, old_id));
create table if not exists grants (repo_id text not null, user_id text not null, primary key (repo_id, user_id));
";
