//! The git repository of a row, and its references.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use git2::{Oid, Repository};
use serde_json::{Value, json};

use super::objects::{Author, GIT_ATTRIBUTES, MAIN};
use super::{commit, listing, metadata, objects};
use crate::hub::error::Error;
use crate::hub::repo::Repo;
use crate::hub::{Hub, lfs};

/// A reference that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    pub reference: String,
    pub old: Option<String>,
    /// Commit that it points to now; absent for a deleted reference.
    pub new: Option<String>,
}

impl Pushed {
    /// The `updatedRefs` of a webhook payload.
    pub fn payload(&self) -> Value {
        json!({ "updatedRefs": [{ "ref": self.reference, "oldSha": self.old, "newSha": self.new }] })
    }
}

static WRITE_LOCK: Mutex<()> = Mutex::new(());

pub(super) fn write_lock() -> MutexGuard<'static, ()> {
    WRITE_LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Folder of the bare repository.
pub fn path(hub: &Hub, repo: &Repo) -> PathBuf {
    hub.data.join("git").join(format!("{}.git", repo.id))
}

/// Opens the git repository, and makes it from the row when it is not there yet.
pub fn open(hub: &Hub, repo: &Repo) -> Result<Repository, Error> {
    let place = path(hub, repo);
    if !place.exists() {
        let _lock = write_lock();
        if !place.exists() {
            for (_, content) in listing::large_files(repo) {
                lfs::put(hub, &repo.id, &content)?;
            }
            let sha = objects::init(&place, &listing::sealed(repo)?)?;
            let known = hub.db().execute("update repos set sha = ? where id = ?", [&sha, &repo.id])?;
            if known == 0 {
                // It was deleted since the caller found it.
                fs::remove_dir_all(&place)?;
                return Err(Error::repo_not_found());
            }
        }
    }
    Ok(Repository::open_bare(place)?)
}

/// Makes the git repository with a first commit of the files given, with a `.gitattributes` if they have none, and
/// returns its id.
pub fn init(hub: &Hub, repo: &Repo, author: &str, title: &str, files: Vec<(String, Vec<u8>)>) -> Result<String, Error> {
    let mut all = files;
    for (path, content) in &all {
        commit::check_content(hub, repo, path, content)?;
    }
    if !all.iter().any(|(path, _)| path == ".gitattributes") {
        all.insert(0, (".gitattributes".to_owned(), GIT_ATTRIBUTES.as_bytes().to_vec()));
    }
    let author = Author { name: author, time_ms: repo.created_at };
    let sealed = objects::seal(&all, author, title)?;
    let _lock = write_lock();
    objects::init(&path(hub, repo), &sealed)
}

pub fn remove(hub: &Hub, repo: &Repo) -> Result<(), Error> {
    let _lock = write_lock();
    match fs::remove_dir_all(path(hub, repo)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Finds the commit that a revision names: `HEAD`, a full reference, a branch, a tag, or 5 to 40 characters of its id.
pub fn revision(git: &Repository, revision: &str) -> Result<Oid, Error> {
    let names = match revision {
        "HEAD" => vec![MAIN.to_owned()],
        _ if revision.starts_with("refs/") => vec![revision.to_owned()],
        _ => ["heads", "tags", "convert"].map(|folder| format!("refs/{folder}/{revision}")).to_vec(),
    };
    for name in names {
        if let Ok(commit) = git.find_reference(&name).and_then(|reference| reference.peel_to_commit()) {
            return Ok(commit.id());
        }
    }
    let is_id = (5..=40).contains(&revision.len()) && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id && let Ok(commit) = git.find_commit_by_prefix(&revision.to_ascii_lowercase()) {
        return Ok(commit.id());
    }
    Err(Error::revision_not_found(revision))
}

/// Full name of the reference that a branch name stands for; a pull request's `refs/pr/N` stays as it is.
pub fn branch_reference(branch: &str) -> String {
    match branch {
        "HEAD" => MAIN.to_owned(),
        _ if branch.starts_with("refs/") => branch.to_owned(),
        _ => format!("refs/heads/{branch}"),
    }
}

/// Points a reference at a commit, whatever it pointed at before.
pub fn set_reference(hub: &Hub, repo: &Repo, name: &str, target: Oid) -> Result<Pushed, Error> {
    let git = open(hub, repo)?;
    let _lock = write_lock();
    point(hub, repo, &git, name, target, hub.now())
}

pub(super) fn point(
    hub: &Hub,
    repo: &Repo,
    git: &Repository,
    name: &str,
    target: Oid,
    time_ms: i64,
) -> Result<Pushed, Error> {
    if !git2::Reference::is_valid_name(name) {
        return Err(Error::invalid(format!("Invalid reference name: {name}")));
    }
    let old = git.refname_to_id(name).ok();
    git.reference(name, target, true, "")?;
    if name == MAIN {
        follow_main(hub, repo, git, old, target, time_ms)?;
    }
    Ok(Pushed { reference: name.to_owned(), old: old.map(|old| old.to_string()), new: Some(target.to_string()) })
}

/// Updates the row after the main branch has moved. Its `sha` comes last: until it is there, a restart does all again.
pub fn follow_main(
    hub: &Hub,
    repo: &Repo,
    git: &Repository,
    old: Option<Oid>,
    target: Oid,
    time_ms: i64,
) -> Result<(), Error> {
    metadata::follow(hub, repo, git, old, target)?;
    let query = "update repos set sha = ?, last_modified = max(last_modified, ?) where id = ?";
    hub.db().execute(query, (target.to_string(), time_ms, &repo.id))?;
    Ok(())
}

/// Deletes a reference; `None` when there is no such one.
pub fn delete_reference(hub: &Hub, repo: &Repo, name: &str) -> Result<Option<Pushed>, Error> {
    let git = open(hub, repo)?;
    let _lock = write_lock();
    let Ok(mut reference) = git.find_reference(name) else { return Ok(None) };
    let old = reference.peel_to_commit().ok().map(|commit| commit.id().to_string());
    reference.delete()?;
    Ok(Some(Pushed { reference: name.to_owned(), old, new: None }))
}
