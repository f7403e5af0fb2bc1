//! Repositories as rows of the database.

use std::hash::{BuildHasher, RandomState};

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::Hub;
use crate::hub::error::Error;
use crate::json::at;

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// Columns of `repos` in the order that [`read`] takes them.
pub const COLUMNS: &str = "id, type, namespace, name, visibility, gated, disabled, created_at, last_modified, downloads, \
     downloads_all_time, likes, trending, meta, settings, sha";

/// What an id resolves to.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once, and never stored")]
pub enum Found {
    Repo(Repo),
    /// The id is an old one, or written in other letter case; this is the canonical `namespace/name`.
    Moved(String),
    Missing,
}

impl RepoKind {
    pub const ALL: [RepoKind; 4] = [RepoKind::Model, RepoKind::Dataset, RepoKind::Space, RepoKind::Kernel];

    pub const fn as_str(self) -> &'static str {
        match self {
            RepoKind::Model => "model",
            RepoKind::Dataset => "dataset",
            RepoKind::Space => "space",
            RepoKind::Kernel => "kernel",
        }
    }

    /// The segment after `/api/`.
    pub const fn api_segment(self) -> &'static str {
        match self {
            RepoKind::Model => "models",
            RepoKind::Dataset => "datasets",
            RepoKind::Space => "spaces",
            RepoKind::Kernel => "kernels",
        }
    }

    /// What stands before the id in pages and downloads.
    pub const fn prefix(self) -> &'static str {
        match self {
            RepoKind::Model => "",
            RepoKind::Dataset => "datasets/",
            RepoKind::Space => "spaces/",
            RepoKind::Kernel => "kernels/",
        }
    }

    /// Takes `model` and `models`.
    pub fn parse(text: &str) -> Option<RepoKind> {
        RepoKind::ALL.into_iter().find(|kind| kind.as_str() == text || kind.api_segment() == text)
    }
}

impl Repo {
    /// `namespace/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// Address of its page.
    pub fn url(&self, hub: &Hub) -> String {
        format!("{}/{}{}", hub.origin, self.kind.prefix(), self.full_name())
    }

    /// Address of its part of the API.
    pub fn api_url(&self, hub: &Hub) -> String {
        format!("{}/api/{}/{}", hub.origin, self.kind.api_segment(), self.full_name())
    }

    /// What is known of the repository at a path such as `cardData.license`; null when absent.
    pub fn meta(&self, path: &str) -> &Value {
        at(&self.meta, path)
    }

    /// Parameters that the weights hold, where that is known.
    pub fn num_parameters(&self) -> Option<i64> {
        self.meta("safetensors.total").as_i64().or_else(|| self.meta("gguf.total").as_i64())
    }
}

/// Looks an id up: `namespace/name`, or an old `name` that a redirect knows.
pub fn find(hub: &Hub, kind: RepoKind, id: &str) -> Result<Found, Error> {
    let db = hub.db();
    if let Some((namespace, name)) = id.split_once('/') {
        let query = format!("select {COLUMNS} from repos where type = ? and namespace = ? and name = ?");
        if let Some(repo) = db.query_row(&query, [kind.as_str(), namespace, name], read).optional()? {
            let exact = repo.namespace == namespace && repo.name == name;
            return Ok(if exact { Found::Repo(repo) } else { Found::Moved(repo.full_name()) });
        }
    }
    let query = "select namespace || '/' || name from redirects join repos on repos.id = repo_id \
                 where redirects.type = ? and old_id = ?";
    let canonical: Option<String> = db.query_row(query, [kind.as_str(), id], |row| row.get(0)).optional()?;
    Ok(canonical.map_or(Found::Missing, Found::Moved))
}

pub fn by_id(hub: &Hub, id: &str) -> Result<Option<Repo>, Error> {
    let query = format!("select {COLUMNS} from repos where id = ?");
    Ok(hub.db().query_row(&query, [id], read).optional()?)
}

/// Follows a redirect as well.
pub fn find_moved(hub: &Hub, kind: RepoKind, id: &str) -> Result<Option<Repo>, Error> {
    match find(hub, kind, id)? {
        Found::Repo(repo) => Ok(Some(repo)),
        Found::Missing => Ok(None),
        Found::Moved(canonical) => match find(hub, kind, &canonical)? {
            Found::Repo(repo) => Ok(Some(repo)),
            _ => Ok(None),
        },
    }
}

/// Writes the row alone. Its git repository is made from it when first needed; see `git::listing_sha`.
pub fn insert(db: &Connection, repo: &Repo) -> Result<(), Error> {
    let insert = format!("insert into repos ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    db.prepare_cached(&insert)?.execute(params![
        repo.id,
        repo.kind.as_str(),
        repo.namespace,
        repo.name,
        repo.visibility,
        repo.gated,
        repo.disabled,
        repo.created_at,
        repo.last_modified,
        repo.downloads,
        repo.downloads_all_time,
        repo.likes,
        repo.trending,
        repo.meta.to_string(),
        repo.settings.to_string(),
        repo.sha
    ])?;
    Ok(())
}

/// Makes an old id, such as `gpt2`, lead to a repository.
pub fn redirect(db: &Connection, kind: RepoKind, old_id: &str, repo_id: &str) -> Result<(), Error> {
    db.execute(
        "insert or replace into redirects (type, old_id, repo_id) values (?, ?, ?)",
        [kind.as_str(), old_id, repo_id],
    )?;
    Ok(())
}

/// Draws an id: 24 hex characters, of which the first eight are the seconds since 1970.
pub fn new_id(hub: &Hub) -> String {
    let drawn = RandomState::new().hash_one(hub.now());
    format!("{:08x}{drawn:016x}", (hub.now() / 1000) & 0xffff_ffff)
}

/// Reads a row that was selected with [`COLUMNS`].
pub fn read(row: &Row<'_>) -> rusqlite::Result<Repo> {
    let kind: String = row.get(1)?;
    let object = |index| row.get(index).map(|text: String| serde_json::from_str(&text).unwrap_or_else(|_| json!({})));
    Ok(Repo {
        id: row.get(0)?,
        kind: RepoKind::parse(&kind).unwrap_or(RepoKind::Model),
        namespace: row.get(2)?,
        name: row.get(3)?,
        visibility: row.get(4)?,
        gated: row.get(5)?,
        disabled: row.get(6)?,
        created_at: row.get(7)?,
        last_modified: row.get(8)?,
        downloads: row.get(9)?,
        downloads_all_time: row.get(10)?,
        likes: row.get(11)?,
        trending: row.get(12)?,
        meta: object(13)?,
        settings: object(14)?,
        sha: row.get(15)?,
    })
}
