//! The large files that any commit of a repository points to.

use std::collections::HashSet;

use git2::{Oid, Repository, Sort};

use super::{refs, snapshot::Snapshot, tree};
use crate::hub::lfs::Pointer;
use crate::refusal::Refusal;

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
pub fn all(git: &Repository) -> Result<Vec<LargeFile>, Refusal> {
    let (mut commits, mut blobs, mut files) = (HashSet::new(), HashSet::new(), Vec::new());
    for (reference, tip) in refs::references(git)? {
        let mut walk = git.revwalk()?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)?;
        walk.push(tip)?;
        for oid in walk {
            let oid = oid?;
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
