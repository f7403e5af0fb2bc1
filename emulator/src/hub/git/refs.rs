//! Branches, tags, and squashing history.

use git2::{ObjectType, Oid, Repository, Signature, Time};

use super::objects::{self, Author, MAIN, Object};
use super::repository::{Pushed, branch_reference, open, point, set_reference, write_lock};
use super::snapshot::Snapshot;
use crate::hub::Hub;
use crate::hub::error::Error;
use crate::hub::repo::Repo;

/// Every reference below `refs/` with the commit that it leads to: `main` first, the others by name, numbers by value.
pub fn references(git: &Repository) -> Result<Vec<(String, Oid)>, Error> {
    let mut all = Vec::new();
    for reference in git.references()? {
        let reference = reference?;
        if let (Ok(name), Ok(commit)) = (reference.name(), reference.peel_to_commit()) {
            all.push((name.to_owned(), commit.id()));
        }
    }
    all.sort_by_cached_key(|(name, _)| {
        let number = name.rsplit('/').next().and_then(|last| last.parse::<u64>().ok());
        (name != MAIN, number, name.clone())
    });
    Ok(all)
}

/// Points a tag at a commit; a message makes it an object of its own.
pub fn create_tag(
    hub: &Hub,
    repo: &Repo,
    tag: &str,
    target: Oid,
    author: &str,
    message: &str,
) -> Result<Pushed, Error> {
    let reference = format!("refs/tags/{tag}");
    if message.is_empty() {
        return set_reference(hub, repo, &reference, target);
    }
    if !git2::Reference::is_valid_name(&reference) {
        return Err(Error::invalid(format!("Invalid tag name: {tag}")));
    }
    let git = open(hub, repo)?;
    let _lock = write_lock();
    let email = format!("{author}@users.noreply.hf.co");
    let signature = Signature::new(author, &email, &Time::new(hub.now().div_euclid(1000), 0))?;
    git.tag(tag, &git.find_object(target, None)?, &signature, message, false)?;
    Ok(Pushed { reference, old: None, new: Some(target.to_string()) })
}

/// Replaces the history of a branch by one commit with its files.
pub fn squash(hub: &Hub, repo: &Repo, branch: &str, author: &str, message: &str) -> Result<Pushed, Error> {
    let git = open(hub, repo)?;
    let _lock = write_lock();
    let reference = branch_reference(branch);
    let Ok(tip) = git.refname_to_id(&reference) else { return Err(Error::revision_not_found(branch)) };
    let tree = git.find_commit(tip)?.tree_id();
    let author = Author { name: author, time_ms: hub.now() };
    let commit = Object::new(ObjectType::Commit, objects::commit(tree, &[], author, message))?;
    objects::write(&git, std::slice::from_ref(&commit))?;
    point(hub, repo, &git, &reference, commit.oid, author.time_ms)
}

/// Starts a branch with a commit that holds no file.
pub fn empty_branch(hub: &Hub, repo: &Repo, reference: &str, author: &str) -> Result<Pushed, Error> {
    let git = open(hub, repo)?;
    let _lock = write_lock();
    let author = Author { name: author, time_ms: hub.now() };
    let mut sealed = Vec::new();
    let tree = objects::trees(&Snapshot::default(), &mut sealed)?;
    let commit = Object::new(ObjectType::Commit, objects::commit(tree, &[], author, "initial commit"))?;
    let oid = commit.oid;
    sealed.push(commit);
    objects::write(&git, &sealed)?;
    point(hub, repo, &git, reference, oid, author.time_ms)
}
