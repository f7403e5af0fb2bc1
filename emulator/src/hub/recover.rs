//! Repairs what a killed process has left: rows follow git, and nothing half made stays.

use std::fs;
use std::path::Path;

use git2::{Oid, Repository};

use super::discussions::store::{self as discussions, Discussion, Status};
use super::git::{self, MAIN};
use super::repos::{self, Repo};
use super::{Hub, lfs};
use crate::hub::error::Error;

/// Must be done before the Hub serves requests.
pub fn recover(hub: &Hub) -> Result<(), Error> {
    lfs::sweep(hub)?;
    for folder in fs::read_dir(hub.data.join("git"))? {
        let folder = folder?;
        let name = folder.file_name().to_string_lossy().into_owned();
        match name.strip_suffix(".git").map(|id| repos::by_id(hub, id)).transpose()?.flatten() {
            Some(repo) => reconcile(hub, &repo, &folder.path())?,
            // Half made, half deleted, or made just before the row would have been.
            None => fs::remove_dir_all(folder.path())?,
        }
    }
    Ok(())
}

fn reconcile(hub: &Hub, repo: &Repo, folder: &Path) -> Result<(), Error> {
    unlock(&folder.join("refs"))?;
    for name in ["HEAD.lock", "config.lock", "packed-refs.lock"] {
        remove_file(&folder.join(name))?;
    }
    let git = Repository::open_bare(folder)?;
    let main = git.refname_to_id(MAIN)?;
    if main.to_string() != repo.sha {
        let time_ms = git.find_commit(main)?.time().seconds().saturating_mul(1000);
        git::follow_main(hub, repo, &git, Oid::from_str(&repo.sha).ok(), main, time_ms)?;
    }
    let known = discussions::all(hub, repo)?;
    for discussion in known.iter().filter(|discussion| discussion.pull_request && discussion.status.is_open()) {
        pull_request(hub, &git, discussion, main)?;
    }
    for (name, _) in git::references(&git)? {
        let number = name.strip_prefix("refs/pr/").and_then(|number| number.parse().ok());
        if number.is_some_and(|number: i64| known.iter().all(|one| one.num != number)) {
            git.find_reference(&name)?.delete()?;
        }
    }
    Ok(())
}

/// A pull request has its reference from the first; once its merge commit is on the main branch, it is merged.
fn pull_request(hub: &Hub, git: &Repository, discussion: &Discussion, main: Oid) -> Result<(), Error> {
    let reference = discussion.reference();
    if git.find_reference(&reference).is_err() {
        git.reference(&reference, main, false, "")?;
    }
    let commit = git.find_commit(main)?;
    let title = format!("{} (#{})", discussion.title, discussion.num);
    if discussion.status == Status::Open && commit.summary().ok().flatten() == Some(title.as_str()) {
        let merged = Discussion { status: Status::Merged, merge_commit: Some(main.to_string()), ..discussion.clone() };
        discussions::update(hub, &merged)?;
    }
    Ok(())
}

/// Removes the locks of whoever was killed while a reference moved.
fn unlock(folder: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            unlock(&entry.path())?;
        } else if entry.path().extension().is_some_and(|ending| ending == "lock") {
            remove_file(&entry.path())?;
        }
    }
    Ok(())
}

fn remove_file(file: &Path) -> Result<(), Error> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
