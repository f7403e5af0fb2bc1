//! Merging a reference into the main branch, as one commit on top of it.

use git2::ObjectType;

use super::objects::{self, Author, MAIN, Object};
use super::repository::{Pushed, open, point, write_lock};
use crate::hub::Hub;
use crate::hub::error::Error;
use crate::hub::repo::Repo;

#[derive(Debug, Clone)]
pub struct Merge {
    /// Reference to merge, such as `refs/pr/1`.
    pub source: String,
    /// User name.
    pub author: String,
    pub title: String,
    pub body: String,
    pub time_ms: i64,
}

/// Brings what the source changed since it left the main branch there; 409 when both changed the same lines.
pub fn merge(hub: &Hub, repo: &Repo, merge: Merge) -> Result<Pushed, Error> {
    let git = open(hub, repo)?;
    let _lock = write_lock();
    let tip = git.refname_to_id(MAIN)?;
    let Ok(source) = git.refname_to_id(&merge.source) else { return Err(Error::revision_not_found(&merge.source)) };
    let mut index = git.merge_commits(&git.find_commit(tip)?, &git.find_commit(source)?, None)?;
    if index.has_conflicts() {
        return Err(Error::conflict("This pull request has conflicts with the main branch"));
    }
    let tree = index.write_tree_to(&git)?;
    if tree == git.find_commit(tip)?.tree_id() {
        return Err(Error::invalid("This pull request has no changes to merge"));
    }
    let message = match merge.body.trim() {
        "" => merge.title,
        body => format!("{}\n\n{body}", merge.title),
    };
    let author = Author { name: &merge.author, time_ms: merge.time_ms };
    let commit = Object::new(ObjectType::Commit, objects::commit(tree, &[tip], author, &message))?;
    objects::write(&git, std::slice::from_ref(&commit))?;
    point(hub, repo, &git, MAIN, commit.oid, merge.time_ms)
}
