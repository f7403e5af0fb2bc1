//! Creating, renaming and deleting repositories: their rows, and their files in git.

use serde_json::{Value, json};

pub use super::repo::{COLUMNS, Found, Repo, RepoKind, by_id, find, find_moved, insert, new_id, read, redirect};
use super::{Hub, git, names};
use crate::hub::error::Error;

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

/// Makes the git repository with its first commit, and the row.
pub fn create(hub: &Hub, new: NewRepo) -> Result<Repo, Error> {
    names::check(&new.namespace, &new.name)?;
    let full_name = format!("{}/{}", new.namespace, new.name);
    let taken = match find(hub, new.kind, &full_name)? {
        Found::Repo(repo) => Some(repo.full_name()),
        Found::Moved(canonical) if canonical.eq_ignore_ascii_case(&full_name) => Some(canonical),
        _ => None,
    };
    if let Some(taken) = taken {
        let url = format!("{}/{}{taken}", hub.origin, new.kind.prefix());
        return Err(Error::conflict(format!("You already created this {} repo", new.kind.as_str()))
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

/// Deletes row, redirects, grants and files. Its name is free again.
pub fn remove(hub: &Hub, repo: &Repo) -> Result<(), Error> {
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
pub fn rename(hub: &Hub, repo: &Repo, namespace: &str, name: &str) -> Result<Repo, Error> {
    names::check(namespace, name)?;
    let full_name = format!("{namespace}/{name}");
    if let Some(other) = find_moved(hub, repo.kind, &full_name)?
        && other.id != repo.id
        && other.full_name().eq_ignore_ascii_case(&full_name)
    {
        return Err(Error::conflict(format!("A {} repository called {full_name} already exists", repo.kind.as_str())));
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
