//! Discussions and pull requests.

use git2::Oid;

use super::Hub;
use super::accounts::Caller;
use super::git;
use super::repos::Repo;
use crate::refusal::Refusal;

/// Opens a pull request whose first commit is `head`: takes the next number and points `refs/pr/N` at the commit.
pub fn open_pull_request(
    hub: &Hub,
    repo: &Repo,
    _caller: &Caller,
    _title: &str,
    _description: &str,
    head: Oid,
) -> Result<u64, Refusal> {
    let references = git::references(&git::open(hub, repo)?)?;
    let numbers = references.iter().filter_map(|(name, _)| name.strip_prefix("refs/pr/")?.parse::<u64>().ok());
    let number = numbers.max().unwrap_or(0) + 1;
    git::set_reference(hub, repo, &format!("refs/pr/{number}"), head)?;
    Ok(number)
}
