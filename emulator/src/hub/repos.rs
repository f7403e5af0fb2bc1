//! Repositories as rows of the database; their files are in git.

use std::hash::{BuildHasher, RandomState};

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::{Value, json};

use super::{Hub, git, names};
use crate::refusal::Refusal;

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

/// What an id leads to.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once, and never stored")]
pub enum Found {
    Repo(Repo),
    /// The id is an old one, or written in other letter case; this is the canonical `namespace/name`.
    Moved(String),
    Missing,
}

/// A repository to create. Start from [`NewRepo::new`].
#[derive(Debug, Clone)]
pub struct NewRepo {
    /// 24 hex characters; drawn when absent.
    pub id: Option<String>,
    pub kind: RepoKind,
    pub namespace: String,
    pub name: String,
    pub visibility: String,
    pub gated: Option<String>,
    pub meta: Value,
    pub settings: Value,
    /// Who signs the first commit.
    pub author: String,
    /// Title of the first commit.
    pub title: String,
    pub created_at: i64,
    /// Files of the first commit beside `.gitattributes`.
    pub files: Vec<(String, Vec<u8>)>,
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
}

impl NewRepo {
    pub fn new(hub: &Hub, kind: RepoKind, namespace: impl Into<String>, name: impl Into<String>) -> Self {
        let namespace = namespace.into();
        NewRepo {
            id: None,
            kind,
            author: namespace.clone(),
            title: "initial commit".to_owned(),
            namespace,
            name: name.into(),
            visibility: "public".to_owned(),
            gated: None,
            meta: json!({}),
            settings: json!({}),
            created_at: hub.now(),
            files: Vec::new(),
        }
    }
}

/// Looks an id up: `namespace/name`, or an old `name` that a redirect knows.
pub fn find(hub: &Hub, kind: RepoKind, id: &str) -> Result<Found, Refusal> {
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

pub fn by_id(hub: &Hub, id: &str) -> Result<Option<Repo>, Refusal> {
    let query = format!("select {COLUMNS} from repos where id = ?");
    Ok(hub.db().query_row(&query, [id], read).optional()?)
}

/// Follows a redirect as well.
pub fn find_moved(hub: &Hub, kind: RepoKind, id: &str) -> Result<Option<Repo>, Refusal> {
    match find(hub, kind, id)? {
        Found::Repo(repo) => Ok(Some(repo)),
        Found::Missing => Ok(None),
        Found::Moved(canonical) => match find(hub, kind, &canonical)? {
            Found::Repo(repo) => Ok(Some(repo)),
            _ => Ok(None),
        },
    }
}

/// Makes the git repository with its first commit, and the row.
pub fn create(hub: &Hub, new: NewRepo) -> Result<Repo, Refusal> {
    names::check(&new.namespace, &new.name)?;
    let full_name = format!("{}/{}", new.namespace, new.name);
    let taken = match find(hub, new.kind, &full_name)? {
        Found::Repo(repo) => Some(repo.full_name()),
        Found::Moved(canonical) if canonical.eq_ignore_ascii_case(&full_name) => Some(canonical),
        _ => None,
    };
    if let Some(taken) = taken {
        let url = format!("{}/{}{taken}", hub.origin, new.kind.prefix());
        return Err(Refusal::conflict(format!("You already created this {} repo", new.kind.as_str()))
            .extra(json!({ "url": url })));
    }
    let mut repo = Repo {
        id: new.id.unwrap_or_else(|| new_id(hub)),
        kind: new.kind,
        namespace: new.namespace,
        name: new.name,
        visibility: new.visibility,
        gated: new.gated,
        disabled: false,
        created_at: new.created_at,
        last_modified: new.created_at,
        downloads: 0,
        downloads_all_time: 0,
        likes: 0,
        trending: 0.0,
        meta: new.meta,
        settings: new.settings,
        sha: String::new(),
    };
    repo.sha = git::init(hub, &repo, &new.author, &new.title, new.files)?;
    let mut db = hub.db();
    let change = db.transaction()?;
    change.execute("delete from redirects where type = ? and old_id = ?", [repo.kind.as_str(), &full_name])?;
    insert(&change, &repo)?;
    change.commit()?;
    Ok(repo)
}

/// Writes the row alone. Its git repository is made from it when first needed; see [`git::listing_sha`].
pub fn insert(db: &Connection, repo: &Repo) -> Result<(), Refusal> {
    db.execute(
        &format!("insert into repos ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        params![
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
        ],
    )?;
    Ok(())
}

/// Deletes row, redirects, grants and files. Its name is free again.
pub fn remove(hub: &Hub, repo: &Repo) -> Result<(), Refusal> {
    {
        let mut db = hub.db();
        let change = db.transaction()?;
        change.execute("delete from repos where id = ?", [&repo.id])?;
        for table in ["redirects", "grants", "lfs_objects", "likes", "discussions", "discussion_events"] {
            change.execute(&format!("delete from {table} where repo_id = ?"), [&repo.id])?;
        }
        change.commit()?;
    }
    git::remove(hub, repo)
}

/// Gives a repository another namespace and name; the old id redirects from now on.
pub fn rename(hub: &Hub, repo: &Repo, namespace: &str, name: &str) -> Result<Repo, Refusal> {
    names::check(namespace, name)?;
    let full_name = format!("{namespace}/{name}");
    if let Some(other) = find_moved(hub, repo.kind, &full_name)?
        && other.id != repo.id
        && other.full_name().eq_ignore_ascii_case(&full_name)
    {
        return Err(Refusal::conflict(format!(
            "A {} repository called {full_name} already exists",
            repo.kind.as_str()
        )));
    }
    git::open(hub, repo)?;
    let mut db = hub.db();
    let change = db.transaction()?;
    change.execute("update repos set namespace = ?, name = ? where id = ?", [namespace, name, &repo.id])?;
    change.execute("delete from redirects where type = ? and old_id = ?", [repo.kind.as_str(), &full_name])?;
    if !repo.full_name().eq_ignore_ascii_case(&full_name) {
        redirect(&change, repo.kind, &repo.full_name(), &repo.id)?;
    }
    change.commit()?;
    Ok(Repo { namespace: namespace.to_owned(), name: name.to_owned(), ..repo.clone() })
}

/// Makes an old id, such as `gpt2`, lead to a repository.
pub fn redirect(db: &Connection, kind: RepoKind, old_id: &str, repo_id: &str) -> Result<(), Refusal> {
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
