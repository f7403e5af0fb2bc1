//! Whether a request may pass, by the facts of its row: the repository in its path is looked up, hidden ones do not
//! exist, gated ones keep their content, and a token must be there and hold the row's permission.

use hf_wasm::endpoints::{Access, Bucket, Endpoint};
use percent_encoding::percent_decode_str;

use super::visit::Visit;
use crate::http::error::Error;
use crate::http::path::PathValues;
use crate::hub::Hub;
use crate::hub::accounts::{self, Caller, Role, Target};
use crate::hub::discussions::pull_requests;
use crate::hub::error::Error as HubError;
use crate::hub::repos::{self, Found, Repo, RepoKind};

/// Parts of a path that tell files and commits, which a gated repository keeps to itself.
const CONTENT: [&str; 5] = ["/resolve/", "/resolve-cache/", "/raw/", "/commits/", "/info/lfs/"];

pub enum Admission {
    Repo(Option<Box<Repo>>),
    /// The repository has another name: the same request at that name, relative.
    Moved(String),
}

pub fn admit(
    hub: &Hub,
    visit: &Visit,
    row: &Endpoint,
    values: &PathValues,
    caller: &Caller,
    query: &[(String, String)],
) -> Result<Admission, Error> {
    let Some(name) = values.get("repo") else {
        account_rules(hub, row, caller)?;
        return Ok(Admission::Repo(None));
    };
    let (kind, id) = address(row, name).ok_or_else(|| hidden(caller))?;
    let repo = match repos::find(hub, kind, id)? {
        Found::Repo(repo) => repo,
        Found::Missing => return Err(hidden(caller)),
        Found::Moved(canonical) => match repos::find_moved(hub, kind, &canonical)? {
            Some(repo) if !accounts::can_see(hub, caller, &repo)? => return Err(hidden(caller)),
            // Files of ids without a namespace are served at the old place.
            Some(repo) if row.bucket == Bucket::Resolvers && !id.contains('/') => repo,
            Some(_) => return Ok(Admission::Moved(relocate(visit, row, name, &canonical))),
            None => return Err(hidden(caller)),
        },
    };
    let revision = values.get("revision").map(String::as_str).unwrap_or_default();
    repo_rules(hub, row, &repo, caller, revision, query)?;
    Ok(Admission::Repo(Some(Box::new(repo))))
}

fn repo_rules(
    hub: &Hub,
    row: &Endpoint,
    repo: &Repo,
    caller: &Caller,
    revision: &str,
    query: &[(String, String)],
) -> Result<(), Error> {
    if !accounts::can_see(hub, caller, repo)? {
        return Err(hidden(caller));
    }
    if repo.disabled {
        return Err(Error::forbidden("Access to this resource is disabled."));
    }
    if row.access != Access::Open && caller.user().is_none() {
        return Err(HubError::hidden_repo().into());
    }
    if CONTENT.iter().any(|part| row.path.contains(part)) && !accounts::can_read_content(hub, caller, repo)? {
        return Err(gated(hub, repo, caller));
    }
    let Some(permission) = row.permission.filter(|_| row.access != Access::Open) else {
        return Ok(());
    };
    let proposes = query.iter().any(|(key, value)| key == "create_pr" && matches!(value.as_str(), "1" | "true"));
    // Large files are uploaded before the commit that may open a pull request, and do nothing without it.
    let prepares = row.path.contains("/info/lfs/");
    // Who opened a pull request may go on with it.
    let continues =
        matches!(row.name, "commit" | "preupload") && pull_requests::is_own_pull_request(hub, repo, caller, revision)?;
    let permission =
        if (proposes || prepares || continues) && permission == "repo.write" { "discussion.write" } else { permission };
    if accounts::may(hub, caller, Target::Repo(repo), permission)? {
        return Ok(());
    }
    Err(Error::forbidden(match caller {
        Caller::User { token, .. } if matches!(token.role, Role::Read) => {
            "This token is read-only: the request needs a token with write access.".to_owned()
        }
        _ if matches!(row.name, "commit" | "preupload") && !proposes => {
            "Forbidden: pass `create_pr=1` as a query parameter to create a Pull Request".to_owned()
        }
        _ => format!("You do not have the permission {permission} on {}.", repo.full_name()),
    }))
}

/// Rows without a repository in their path. What they do to a namespace is for the handler to check.
fn account_rules(hub: &Hub, row: &Endpoint, caller: &Caller) -> Result<(), Error> {
    if row.access == Access::Open {
        return Ok(());
    }
    let user = caller.require()?;
    let own = |permission: &&str| permission.starts_with("user.") || permission.starts_with("inference.");
    let Some(permission) = row.permission.filter(own) else {
        return Ok(());
    };
    if accounts::may(hub, caller, Target::Account, permission)? {
        return Ok(());
    }
    Err(Error::forbidden(if row.bucket == Bucket::Router {
        format!(
            "This authentication method does not have sufficient permissions to call Inference Providers on behalf of user {}",
            user.name
        )
    } else {
        format!("This token does not have the permission {permission}.")
    }))
}

/// Type and id of the repository that a path names.
fn address<'a>(row: &Endpoint, name: &'a str) -> Option<(RepoKind, &'a str)> {
    if let Some(kind) =
        RepoKind::ALL.into_iter().find(|kind| row.path.contains(&format!("/{}/{{repo}}", kind.api_segment())))
    {
        return Some((kind, name));
    }
    let typed = name.split_once('/').and_then(|(head, id)| {
        RepoKind::ALL.into_iter().find(|kind| kind.api_segment() == head).map(|kind| (kind, id))
    });
    match typed {
        Some(typed) => Some(typed),
        None if row.path.starts_with("/api/") => None,
        None => Some((RepoKind::Model, name)),
    }
}

/// The path of the request with the repository's canonical name in the place of the one it was called by.
fn relocate(visit: &Visit, row: &Endpoint, name: &str, canonical: &str) -> String {
    let raw: Vec<&str> = visit.path().split('/').collect();
    let start = row.path.split('/').position(|part| part.starts_with("{repo}")).unwrap_or_default();
    let suffix = row.path.split('/').find_map(|part| part.strip_prefix("{repo}")).unwrap_or_default();
    // What follows a bracket is optional, and not part of the name.
    let suffix = suffix.split('[').next().unwrap_or_default();
    let whole = format!("{name}{suffix}");
    let taken = (1..=3).find(|taken| {
        raw.get(start..start + taken)
            .is_some_and(|parts| percent_decode_str(&parts.join("/")).decode_utf8_lossy() == whole.as_str())
    });
    let typed = name
        .split_once('/')
        .map(|(head, _)| head)
        .filter(|head| !row.path.contains("s/{repo}") && RepoKind::ALL.iter().any(|kind| kind.api_segment() == *head));
    let new = typed.map_or_else(|| canonical.to_owned(), |head| format!("{head}/{canonical}")) + suffix;
    let head = raw.get(..start).unwrap_or_default().join("/");
    let tail: String =
        raw.get(start + taken.unwrap_or(1)..).unwrap_or_default().iter().map(|part| format!("/{part}")).collect();
    let query = visit.parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{head}/{new}{tail}{query}")
}

/// A repository that does not exist, or not for this caller.
fn hidden(caller: &Caller) -> Error {
    match caller {
        Caller::Anonymous => HubError::hidden_repo().into(),
        Caller::User { .. } => HubError::repo_not_found().into(),
    }
}

fn gated(hub: &Hub, repo: &Repo, caller: &Caller) -> Error {
    let (kind, id) = (repo.kind.as_str(), repo.full_name());
    let error = match caller {
        Caller::Anonymous => Error::new(
            401,
            format!(
                "Access to {kind} {id} is restricted. You must have access to it and be authenticated to access it. Please log in."
            ),
        ),
        Caller::User { .. } => Error::forbidden(format!(
            "Access to {kind} {id} is restricted and you are not in the authorized list. Visit {} to ask for access.",
            repo.url(hub)
        )),
    };
    error.code("GatedRepo")
}
