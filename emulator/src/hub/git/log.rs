//! The commits that a revision can be reached through.

use git2::{Oid, Repository, Revwalk, Sort};

use crate::hub::error::Error;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub title: String,
    /// The message without its first line.
    pub message: String,
    /// User name.
    pub author: String,
    pub time_ms: i64,
}

/// One page of commits, newest first, and how many there are in all.
pub fn page(git: &Repository, tip: Oid, skip: usize, limit: usize) -> Result<(Vec<Entry>, usize), Error> {
    let count = walk(git, tip)?.count();
    let entries = walk(git, tip)?.skip(skip).take(limit).map(|oid| entry(git, oid?)).collect::<Result<_, _>>()?;
    Ok((entries, count))
}

fn walk(git: &Repository, tip: Oid) -> Result<Revwalk<'_>, Error> {
    let mut walk = git.revwalk()?;
    walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME)?;
    walk.push(tip)?;
    Ok(walk)
}

fn entry(git: &Repository, oid: Oid) -> Result<Entry, Error> {
    let commit = git.find_commit(oid)?;
    let text = String::from_utf8_lossy(commit.message_bytes()).into_owned();
    let (title, message) = text.split_once('\n').unwrap_or((&text, ""));
    Ok(Entry {
        id: oid.to_string(),
        title: title.to_owned(),
        message: message.trim().to_owned(),
        author: String::from_utf8_lossy(commit.author().name_bytes()).into_owned(),
        time_ms: commit.time().seconds() * 1000,
    })
}
