//! Repositories with real files and history, which examples and tests rely on.

use serde_json::Value;

use crate::hub::error::Error;
use crate::hub::git::{self, Commit, Operation};
use crate::hub::repos::{self, NewRepo, Repo, RepoKind};
use crate::hub::{Hub, lfs};

mod bytes;
mod inference;
mod others;
mod tiny_bert;

pub use tiny_bert::CREATED;

pub fn fill(hub: &Hub) -> Result<(), Error> {
    tiny_bert::fill(hub)?;
    others::fill(hub)?;
    inference::fill(hub)
}

/// A repository to make, with what its first commit holds.
struct Recipe<'a> {
    id: Option<&'a str>,
    kind: RepoKind,
    name: &'a str,
    created_at: i64,
    readme: &'a str,
    files: Vec<(&'a str, Vec<u8>)>,
    /// Metadata that no file tells.
    meta: Value,
    private: bool,
    gated: Option<&'a str>,
    /// Downloads and likes.
    numbers: (i64, i64),
}

impl Recipe<'_> {
    fn make(self, hub: &Hub) -> Result<Repo, Error> {
        let (namespace, name) = self.name.split_once('/').unwrap_or(("acme", self.name));
        let mut new = NewRepo::new(hub, self.kind, namespace, name);
        let derived = super::names::id(&format!("{} {}", self.kind.as_str(), self.name), self.created_at);
        new.id = Some(self.id.map_or(derived, str::to_owned));
        new.author = author_of(namespace).to_owned();
        new.created_at = self.created_at;
        new.meta = self.meta;
        new.gated = self.gated.map(str::to_owned);
        if self.private {
            new.visibility = "private".to_owned();
        }
        let repo = repos::create(hub, new)?;
        let mut operations = vec![file("README.md", self.readme)];
        operations
            .extend(self.files.into_iter().map(|(path, content)| Operation::File { path: path.to_owned(), content }));
        commit(hub, &repo, "Add files", self.created_at + 60_000, operations)?;
        let (downloads, likes) = self.numbers;
        hub.db().execute(
            "update repos set downloads = ?, downloads_all_time = ?, likes = ?, trending = ? where id = ?",
            (downloads, downloads * 7, likes, likes as f64 / 4.0, &repo.id),
        )?;
        Ok(repo)
    }
}

/// Commits to the main branch in the name of the owner.
fn commit(hub: &Hub, repo: &Repo, title: &str, time_ms: i64, operations: Vec<Operation>) -> Result<(), Error> {
    let commit = Commit {
        branch: "main".to_owned(),
        parent: None,
        author: author_of(&repo.namespace).to_owned(),
        title: title.to_owned(),
        body: String::new(),
        operations,
        time_ms,
    };
    git::commit(hub, repo, commit).map(|_| ())
}

fn file(path: &str, content: &str) -> Operation {
    Operation::File { path: path.to_owned(), content: content.as_bytes().to_vec() }
}

fn large(hub: &Hub, repo: &Repo, path: &str, content: &[u8]) -> Result<Operation, Error> {
    Ok(Operation::Lfs { path: path.to_owned(), oid: lfs::put(hub, &repo.id, content)?, size: None })
}

/// Organizations do not commit, people do.
fn author_of(namespace: &str) -> &str {
    match namespace {
        "acme" | "emulator" => "alice",
        "openai-community" => "grace-lin",
        user => user,
    }
}
