//! Pull requests that come with a commit.

use git2::Oid;
use hf_wasm::endpoints::Event as Trigger;

use super::payload;
use super::store::{self, Opening, Status};
use crate::hub::accounts::Caller;
use crate::hub::error::Error;
use crate::hub::repo::Repo;
use crate::hub::webhooks::{self, Change};
use crate::hub::{Hub, git};

/// Opens a pull request whose first commit is `head`: takes the next number and points `refs/pr/N` at the commit.
pub fn open_pull_request(
    hub: &Hub,
    repo: &Repo,
    caller: &Caller,
    title: &str,
    description: &str,
    head: Oid,
) -> Result<u64, Error> {
    let author = &caller.require()?.id;
    let opening =
        Opening { title, description, status: Status::Open, pull_request: true, author, created_at: hub.now() };
    let discussion = store::open(hub, repo, opening)?;
    git::set_reference(hub, repo, &discussion.reference(), head)?;
    store::add_commit(hub, &discussion, author, title, &head.to_string(), hub.now())?;
    Ok(discussion.num.cast_unsigned())
}

/// Notifies webhooks of a pull request that came with a commit.
pub fn announce(hub: &Hub, repo: &Repo, num: u64) -> Result<(), Error> {
    if let Some(discussion) = store::find(hub, repo, num.cast_signed())? {
        let change = Change { repo_id: repo.id.clone(), payload: payload::opened(hub, repo, &discussion)? };
        webhooks::emit(hub, Trigger { scope: "discussion", action: "create" }, change);
    }
    Ok(())
}

/// Whether a revision is a pull request that the caller opened and that is not over.
pub fn is_own_pull_request(hub: &Hub, repo: &Repo, caller: &Caller, revision: &str) -> Result<bool, Error> {
    let (Some(user), Some(num)) = (caller.user(), number(revision)) else { return Ok(false) };
    let discussion = store::find(hub, repo, num)?;
    Ok(discussion.is_some_and(|one| one.pull_request && one.status.is_open() && one.author_id == user.id))
}

/// Records a commit that was pushed to a pull request's reference; other references are ignored.
pub fn pushed(hub: &Hub, repo: &Repo, caller: &Caller, reference: &str, subject: &str, oid: &str) -> Result<(), Error> {
    let Some(num) = number(reference) else { return Ok(()) };
    match store::find(hub, repo, num)? {
        Some(discussion) => store::add_commit(hub, &discussion, &caller.require()?.id, subject, oid, hub.now()),
        None => Ok(()),
    }
}

/// Number of the pull request that a reference belongs to.
fn number(reference: &str) -> Option<i64> {
    reference.strip_prefix("refs/pr/")?.parse().ok()
}
