//! All files of a commit by their full path.

use std::collections::BTreeMap;
use std::ops::Bound;

use git2::{ObjectType, Oid, Repository, TreeWalkMode, TreeWalkResult};

use crate::hub::error::Error;

/// Mode of a plain file.
pub const FILE: u32 = 0o100_644;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub oid: Oid,
    pub mode: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub entries: BTreeMap<String, Entry>,
}

impl Snapshot {
    pub fn of(git: &Repository, commit: Oid) -> Result<Snapshot, Error> {
        let mut entries = BTreeMap::new();
        git.find_commit(commit)?.tree()?.walk(TreeWalkMode::PreOrder, |folder, entry| {
            if entry.kind() != Some(ObjectType::Tree)
                && let Ok(name) = entry.name()
            {
                let mode = u32::try_from(entry.filemode()).unwrap_or(FILE);
                entries.insert(format!("{folder}{name}"), Entry { oid: entry.id(), mode });
            }
            TreeWalkResult::Ok
        })?;
        Ok(Snapshot { entries })
    }

    /// Puts a file in place of the one at this path.
    pub fn put(&mut self, path: &str, oid: Oid) -> Result<(), Error> {
        let above = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        if let Some(file) = above.into_iter().find(|folder| self.entries.contains_key(*folder)) {
            return Err(Error::invalid(format!("A file with this name already exists: {file}")));
        }
        if self.has_folder(path) {
            return Err(Error::invalid(format!("A folder with this name already exists: {path}")));
        }
        let mode = self.entries.get(path).map_or(FILE, |entry| entry.mode);
        self.entries.insert(path.to_owned(), Entry { oid, mode });
        Ok(())
    }

    /// Removes a file; `false` when there is none.
    pub fn remove_file(&mut self, path: &str) -> bool {
        self.entries.remove(path).is_some()
    }

    /// Removes all files below a folder; `false` when there are none.
    pub fn remove_folder(&mut self, path: &str) -> bool {
        let before = self.entries.len();
        let prefix = format!("{path}/");
        self.entries.retain(|entry, _| !entry.starts_with(&prefix));
        self.entries.len() < before
    }

    pub fn has_folder(&self, path: &str) -> bool {
        let prefix = format!("{path}/");
        let from = (Bound::Included(prefix.as_str()), Bound::Unbounded);
        self.entries.range::<str, _>(from).next().is_some_and(|(first, _)| first.starts_with(&prefix))
    }
}
