//! The large files that any commit of a repository points to.

use std::collections::{HashMap, HashSet};

use git2::{ObjectType, Oid, Repository, Sort};

use super::objects::{self, Object};
use super::repository::{open, point, write_lock};
use super::snapshot::Snapshot;
use super::{refs, tree};
use crate::hub::Hub;
use crate::hub::error::Error;
use crate::hub::lfs::Pointer;
use crate::hub::repo::Repo;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LargeFile {
    pub pointer: Pointer,
    /// Blob of the pointer.
    pub blob: Oid,
    pub path: String,
    /// Reference that leads to the commit that brought it.
    pub reference: String,
    pub time_ms: i64,
    /// User name.
    pub author: String,
}

/// Each object once, by the first commit that has it.
pub fn all(git: &Repository) -> Result<Vec<LargeFile>, Error> {
    let (mut commits, mut blobs, mut files) = (HashSet::new(), HashSet::new(), Vec::new());
    for (reference, tip) in refs::references(git)? {
        for oid in history(git, tip)? {
            if !commits.insert(oid) {
                continue;
            }
            let commit = git.find_commit(oid)?;
            for (path, entry) in Snapshot::of(git, oid)?.entries {
                if !blobs.insert(entry.oid) {
                    continue;
                }
                if let Some(pointer) = tree::content(git, entry.oid)?.pointer {
                    files.push(LargeFile {
                        pointer,
                        blob: entry.oid,
                        path,
                        reference: reference.clone(),
                        time_ms: commit.time().seconds() * 1000,
                        author: String::from_utf8_lossy(commit.author().name_bytes()).into_owned(),
                    });
                }
            }
        }
    }
    Ok(files)
}

/// Rewrites the history of every reference without the files that point to these objects.
pub fn forget(hub: &Hub, repo: &Repo, oids: &[&str]) -> Result<(), Error> {
    let git = open(hub, repo)?;
    let _lock = write_lock();
    let files = all(&git)?.into_iter().filter(|file| oids.contains(&file.pointer.oid.as_str()));
    let blobs: HashSet<Oid> = files.map(|file| file.blob).collect();
    let mut commits = HashMap::new();
    for (reference, tip) in refs::references(&git)? {
        for old in history(&git, tip)? {
            if !commits.contains_key(&old) {
                let new = rewritten(&git, old, &blobs, &commits)?;
                commits.insert(old, new);
            }
        }
        let Some(new) = commits.get(&tip).copied().filter(|new| *new != tip) else { continue };
        let target = git.refname_to_id(&reference)?;
        let target = if target == tip { new } else { retagged(&git, target, new)? };
        point(hub, repo, &git, &reference, target, hub.now())?;
    }
    Ok(())
}

/// A commit and all before it, the first one first.
fn history(git: &Repository, tip: Oid) -> Result<Vec<Oid>, Error> {
    let mut walk = git.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)?;
    walk.push(tip)?;
    Ok(walk.collect::<Result<_, _>>()?)
}

/// The commit without the blobs, after the commits that its parents have become. It keeps author, dates and message.
fn rewritten(git: &Repository, oid: Oid, blobs: &HashSet<Oid>, commits: &HashMap<Oid, Oid>) -> Result<Oid, Error> {
    let commit = git.find_commit(oid)?;
    let mut snapshot = Snapshot::of(git, oid)?;
    snapshot.entries.retain(|_, entry| !blobs.contains(&entry.oid));
    let mut made = Vec::new();
    let tree = objects::trees(&snapshot, &mut made)?;
    let parents: Vec<Oid> = commit.parent_ids().map(|parent| commits.get(&parent).copied().unwrap_or(parent)).collect();
    if tree == commit.tree_id() && parents.iter().copied().eq(commit.parent_ids()) {
        return Ok(oid);
    }
    let raw = git.odb()?.read(oid)?.data().to_vec();
    let signed = raw.windows(8).position(|word| word == b"\nauthor ").and_then(|at| raw.get(at + 1..));
    let lines: String = parents.iter().map(|parent| format!("parent {parent}\n")).collect();
    let head = format!("tree {tree}\n{lines}").into_bytes();
    let object = Object::new(ObjectType::Commit, [&head, signed.unwrap_or_default()].concat())?;
    let new = object.oid;
    made.push(object);
    objects::write(git, &made)?;
    Ok(new)
}

/// The annotated tag on another commit.
fn retagged(git: &Repository, tag: Oid, commit: Oid) -> Result<Oid, Error> {
    let raw = git.odb()?.read(tag)?.data().to_vec();
    let rest = raw.iter().position(|byte| *byte == b'\n').and_then(|end| raw.get(end..));
    let head = format!("object {commit}").into_bytes();
    let object = Object::new(ObjectType::Tag, [&head, rest.unwrap_or_default()].concat())?;
    objects::write(git, std::slice::from_ref(&object))?;
    Ok(object.oid)
}
