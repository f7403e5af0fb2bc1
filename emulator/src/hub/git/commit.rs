//! Commits: operations on the files of a branch, all or nothing.

use std::collections::HashSet;

use git2::{ObjectType, Oid, Repository};

use super::objects::{self, Author, Object};
use super::repository::{Pushed, branch_reference, open, point, write_lock};
use super::snapshot::Snapshot;
use crate::hub::Hub;
use crate::hub::card;
use crate::hub::error::{Error, ErrorKind};
use crate::hub::lfs::{self, Pointer};
use crate::hub::names::check_path;
use crate::hub::repo::Repo;

/// Larger content becomes a large file, for clients that send all content inline.
const LARGEST_INLINE: usize = 10_000_000;

#[derive(Debug, Clone)]
pub struct Commit {
    /// Branch name, or a full reference such as `refs/pr/1`.
    pub branch: String,
    /// Commit that the branch must still point to; 5 to 40 characters of its id.
    pub parent: Option<String>,
    /// User name.
    pub author: String,
    pub title: String,
    pub body: String,
    pub operations: Vec<Operation>,
    pub time_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Writes a file into git itself.
    File {
        path: String,
        content: Vec<u8>,
    },
    /// Writes the pointer of a large file that [`lfs::put`] has stored; a size that is given must be its size.
    Lfs {
        path: String,
        oid: String,
        size: Option<u64>,
    },
    /// Deletes a file, or a folder with all it holds.
    Delete {
        path: String,
    },
    DeleteFolder {
        path: String,
    },
    /// Moves the file that the parent commit has at `from`.
    Rename {
        from: String,
        path: String,
    },
    /// Moves the file at `from` too, with the content that `write` names.
    RenameTo {
        from: String,
        write: Box<Operation>,
    },
}

impl Author<'_> {
    /// The author line of a commit object.
    pub fn line(&self) -> String {
        let name: String = self.name.chars().filter(|letter| !matches!(letter, '<' | '>' | '\n' | '\0')).collect();
        format!("{name} <{name}@users.noreply.hf.co> {} +0000", self.time_ms.div_euclid(1000))
    }
}

/// Commits to a branch, which must exist.
pub fn commit(hub: &Hub, repo: &Repo, commit: Commit) -> Result<Pushed, Error> {
    let git = open(hub, repo)?;
    let _lock = write_lock();
    let reference = branch_reference(&commit.branch);
    let Ok(tip) = git.refname_to_id(&reference) else { return Err(Error::revision_not_found(&commit.branch)) };
    let oid = write(hub, repo, &git, tip, &commit)?;
    point(hub, repo, &git, &reference, oid, commit.time_ms)
}

/// Writes the commit on top of a branch, without moving it. A pull request against a commit's id has nowhere to go.
pub fn write_commit(hub: &Hub, repo: &Repo, commit: &Commit) -> Result<Oid, Error> {
    let git = open(hub, repo)?;
    let _lock = write_lock();
    let reference = branch_reference(&commit.branch);
    let Ok(tip) = git.refname_to_id(&reference) else { return Err(Error::revision_not_found(&commit.branch)) };
    write(hub, repo, &git, tip, commit)
}

fn write(hub: &Hub, repo: &Repo, git: &Repository, tip: Oid, commit: &Commit) -> Result<Oid, Error> {
    if let Some(parent) = &commit.parent {
        check_parent(tip, parent)?;
    }
    if commit.operations.is_empty() {
        return Err(Error::invalid("Your commit is empty: it must hold at least one operation."));
    }
    let parent = Snapshot::of(git, tip)?;
    let mut draft = Draft { hub, repo, snapshot: parent.clone(), parent, written: HashSet::new(), objects: Vec::new() };
    for operation in &commit.operations {
        draft.apply(operation)?;
    }
    let Draft { snapshot, mut objects, .. } = draft;
    let tree = objects::trees(&snapshot, &mut objects)?;
    let message = match commit.body.trim() {
        "" => commit.title.clone(),
        body => format!("{}\n\n{body}", commit.title),
    };
    let author = Author { name: &commit.author, time_ms: commit.time_ms };
    let object = Object::new(ObjectType::Commit, objects::commit(tree, &[tip], author, &message))?;
    let oid = object.oid;
    objects.push(object);
    objects::write(git, &objects)?;
    Ok(oid)
}

fn check_parent(tip: Oid, parent: &str) -> Result<(), Error> {
    if !(5..=40).contains(&parent.len()) || !parent.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Error::invalid("parentCommit must be 5 to 40 hexadecimal characters"));
    }
    if tip.to_string().starts_with(&parent.to_ascii_lowercase()) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Outdated,
        "The branch was updated since you opened this page. Please refresh and try again.",
    ))
}

/// A commit being made: its operations are applied in order.
struct Draft<'a> {
    hub: &'a Hub,
    repo: &'a Repo,
    parent: Snapshot,
    snapshot: Snapshot,
    /// Paths that this commit has written.
    written: HashSet<String>,
    objects: Vec<Object>,
}

impl Draft<'_> {
    fn apply(&mut self, operation: &Operation) -> Result<(), Error> {
        match operation {
            Operation::File { path, content } if content.len() > LARGEST_INLINE => {
                let oid = lfs::put(self.hub, &self.repo.id, content)?;
                let pointer = Pointer { oid, size: content.len() as u64 };
                self.put(path, pointer.text().into_bytes())
            }
            Operation::File { path, content } => {
                check_content(self.hub, self.repo, path, content)?;
                self.put(path, content.clone())
            }
            Operation::Lfs { path, oid, size } => {
                let size = stored(self.hub, self.repo, path, oid, *size)?;
                self.put(path, Pointer { oid: oid.clone(), size }.text().into_bytes())
            }
            Operation::Delete { path } => {
                let path = check_path(path)?;
                let removed = self.snapshot.remove_file(path) || self.snapshot.remove_folder(path);
                found(removed || self.parent.entries.contains_key(path) || self.parent.has_folder(path))
            }
            Operation::DeleteFolder { path } => {
                let path = check_path(path)?;
                found(self.snapshot.remove_folder(path) || self.parent.has_folder(path))
            }
            Operation::Rename { from, path } => {
                let from = check_path(from)?;
                let source = self.parent.entries.get(from).or_else(|| self.snapshot.entries.get(from)).copied();
                let Some(source) = source else { return found(false) };
                self.leave(from)?;
                self.place(path, source.oid)
            }
            Operation::RenameTo { from, write } => {
                self.leave(check_path(from)?)?;
                self.apply(write)
            }
        }
    }

    /// Removes what is renamed: the parent's file. Another that this commit has put in its place stays there.
    fn leave(&mut self, from: &str) -> Result<(), Error> {
        let removed = !self.written.contains(from) && self.snapshot.remove_file(from);
        found(removed || self.parent.entries.contains_key(from) || self.snapshot.entries.contains_key(from))
    }

    fn place(&mut self, path: &str, oid: Oid) -> Result<(), Error> {
        let path = check_path(path)?;
        self.snapshot.put(path, oid)?;
        self.written.insert(path.to_owned());
        Ok(())
    }

    fn put(&mut self, path: &str, content: Vec<u8>) -> Result<(), Error> {
        let blob = Object::new(ObjectType::Blob, content)?;
        self.place(path, blob.oid)?;
        self.objects.push(blob);
        Ok(())
    }
}

/// What the Hub looks at in a file that goes into git: a README's metadata, and the object behind a pointer.
pub fn check_content(hub: &Hub, repo: &Repo, path: &str, content: &[u8]) -> Result<(), Error> {
    if path == "README.md"
        && let Err(error) = card::read(&String::from_utf8_lossy(content))
    {
        return Err(Error::invalid(format!("Invalid metadata in README.md: {error}")));
    }
    match Pointer::parse(content) {
        Some(pointer) => stored(hub, repo, path, &pointer.oid, Some(pointer.size)).map(drop),
        None => Ok(()),
    }
}

/// Size of a large file that the repository has; one that is given must be its size.
fn stored(hub: &Hub, repo: &Repo, path: &str, oid: &str, size: Option<u64>) -> Result<u64, Error> {
    let stored = lfs::size_in(hub, &repo.id, oid)?;
    stored.filter(|stored| size.is_none_or(|size| size == *stored)).ok_or_else(|| {
        Error::invalid(format!(
            "Your push was rejected because an LFS pointer pointed to a file that does not exist: {path} ({oid})"
        ))
    })
}

fn found(there: bool) -> Result<(), Error> {
    if there {
        return Ok(());
    }
    Err(Error::not_found("A file with this name doesn't exist").code("EntryNotFound"))
}
