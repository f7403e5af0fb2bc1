//! What a pull request changes: as a unified diff, and the files that stand in the way of a merge.

use git2::{DiffFormat, DiffLineType, Oid, Repository};

use crate::hub::error::Error;

/// Diff from where the pull request left the main branch to its head.
pub fn text(git: &Repository, main: Oid, head: Oid) -> Result<String, Error> {
    between(git, git.merge_base(main, head)?, head)
}

/// Diff of two commits, wherever they stand.
pub fn between(git: &Repository, old: Oid, new: Oid) -> Result<String, Error> {
    let (old, new) = (git.find_commit(old)?.tree()?, git.find_commit(new)?.tree()?);
    let mut text = String::new();
    git.diff_tree_to_tree(Some(&old), Some(&new), None)?.print(DiffFormat::Patch, |_, _, line| {
        if matches!(line.origin_value(), DiffLineType::Context | DiffLineType::Addition | DiffLineType::Deletion) {
            text.push(line.origin());
        }
        text.push_str(&String::from_utf8_lossy(line.content()));
        true
    })?;
    Ok(text)
}

/// Paths that main branch and pull request have changed in different ways.
pub fn conflicts(git: &Repository, main: Oid, head: Oid) -> Result<Vec<String>, Error> {
    let merged = git.merge_commits(&git.find_commit(main)?, &git.find_commit(head)?, None)?;
    let mut paths = Vec::new();
    for conflict in merged.conflicts()? {
        let conflict = conflict?;
        let entry = conflict.our.or(conflict.their).or(conflict.ancestor);
        paths.extend(entry.map(|entry| String::from_utf8_lossy(&entry.path).into_owned()));
    }
    Ok(paths)
}
