//! Whether a request may pass, by the facts of its endpoint: the repository in its path is looked up, hidden ones do not
//! exist, gated ones keep their content, and a token must be there and hold the endpoint's permission.

use hf_wasm::endpoints::{Access, Bucket, Endpoint};
use percent_encoding::percent_decode_str;

use super::request_context::RequestContext;
use crate::http::error::ApiError;
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
    context: &RequestContext,
    endpoint: &Endpoint,
    values: &PathValues,
    caller: &Caller,
    query: &[(String, String)],
) -> Result<Admission, ApiError> {
    let Some(name) = values.get("repo") else {
        account_rules(hub, endpoint, caller)?;
        return Ok(Admission::Repo(None));
    };
    let (kind, id) = address(endpoint, name).ok_or_else(|| hidden(caller))?;
    let repo = match repos::find(hub, kind, id)? {
        Found::Repo(repo) => repo,
        Found::Missing => return Err(hidden(caller)),
        Found::Moved(canonical) => match repos::find_moved(hub, kind, &canonical)? {
            Some(repo) if !accounts::can_see(hub, caller, &repo)? => return Err(hidden(caller)),
            // Files of ids without a namespace are served at the old place.
            Some(repo) if endpoint.bucket == Bucket::Resolvers && !id.contains('/') => repo,
            Some(_) => return Ok(Admission::Moved(relocate(context, endpoint, name, &canonical))),
            None => return Err(hidden(caller)),
        },
    };
    let revision = values.get("revision").map(String::as_str).unwrap_or_default();
    repo_rules(hub, endpoint, &repo, caller, revision, query)?;
    Ok(Admission::Repo(Some(Box::new(repo))))
}

fn repo_rules(
    hub: &Hub,
    endpoint: &Endpoint,
    repo: &Repo,
    caller: &Caller,
    revision: &str,
    query: &[(String, String)],
) -> Result<(), ApiError> {
    if !accounts::can_see(hub, caller, repo)? {
        return Err(hidden(caller));
    }
    if repo.disabled {
        return Err(ApiError::forbidden("Access to this resource is disabled."));
    }
    if endpoint.access != Access::Open && caller.user().is_none() {
        return Err(HubError::hidden_repo().into());
    }
    if CONTENT.iter().any(|part| endpoint.path.contains(part)) && !accounts::can_read_content(hub, caller, repo)? {
        return Err(gated(hub, repo, caller));
    }
    let Some(permission) = endpoint.permission.filter(|_| endpoint.access != Access::Open) else {
        return Ok(());
    };
    let proposes = query.iter().any(|(key, value)| key == "create_pr" && matches!(value.as_str(), "1" | "true"));
    // Large files are uploaded before the commit that may open a pull request, and do nothing without it.
    let prepares = endpoint.path.contains("/info/lfs/");
    // Who opened a pull request may go on with it.
    let continues = matches!(endpoint.name, "commit" | "preupload")
        && pull_requests::is_own_pull_request(hub, repo, caller, revision)?;
    let permission =
        if (proposes || prepares || continues) && permission == "repo.write" { "discussion.write" } else { permission };
    if accounts::may(hub, caller, Target::Repo(repo), permission)? {
        return Ok(());
    }
    Err(ApiError::forbidden(match caller {
        Caller::User { token, .. } if matches!(token.role, Role::Read) => {
            "This token is read-only: the request needs a token with write access.".to_owned()
        }
        _ if matches!(endpoint.name, "commit" | "preupload") && !proposes => {
            "Forbidden: pass `create_pr=1` as a query parameter to create a Pull Request".to_owned()
        }
        _ => format!("You do not have the permission {permission} on {}.", repo.full_name()),
    }))
}

/// Rows without a repository in their path. What they do to a namespace is for the handler to check.
fn account_rules(hub: &Hub, endpoint: &Endpoint, caller: &Caller) -> Result<(), ApiError> {
    if endpoint.access == Access::Open {
        return Ok(());
    }
    let user = caller.require()?;
    let own = |permission: &&str| permission.starts_with("user.") || permission.starts_with("inference.");
    let Some(permission) = endpoint.permission.filter(own) else {
        return Ok(());
    };
    if accounts::may(hub, caller, Target::Account, permission)? {
        return Ok(());
    }
    Err(ApiError::forbidden(if endpoint.bucket == Bucket::Router {
        format!(
            "This authentication method does not have sufficient permissions to call Inference Providers on behalf of user {}",
            user.name
        )
    } else {
        format!("This token does not have the permission {permission}.")
    }))
}

/// Type and id of the repository that a path names.
fn address<'a>(endpoint: &Endpoint, name: &'a str) -> Option<(RepoKind, &'a str)> {
    if let Some(kind) =
        RepoKind::ALL.into_iter().find(|kind| endpoint.path.contains(&format!("/{}/{{repo}}", kind.api_segment())))
    {
        return Some((kind, name));
    }
    let typed = name.split_once('/').and_then(|(head, id)| {
        RepoKind::ALL.into_iter().find(|kind| kind.api_segment() == head).map(|kind| (kind, id))
    });
    match typed {
        Some(typed) => Some(typed),
        None if endpoint.path.starts_with("/api/") => None,
        None => Some((RepoKind::Model, name)),
    }
}

/// The path of the request with the repository's canonical name in the place of the one it was called by.
fn relocate(context: &RequestContext, endpoint: &Endpoint, name: &str, canonical: &str) -> String {
    let raw: Vec<&str> = context.path().split('/').collect();
    let start = endpoint.path.split('/').position(|part| part.starts_with("{repo}")).unwrap_or_default();
    let suffix = endpoint.path.split('/').find_map(|part| part.strip_prefix("{repo}")).unwrap_or_default();
    // What follows a bracket is optional, and not part of the name.
    let suffix = suffix.split('[').next().unwrap_or_default();
    let whole = format!("{name}{suffix}");
    let taken = (1..=3).find(|taken| {
        raw.get(start..start + taken)
            .is_some_and(|parts| percent_decode_str(&parts.join("/")).decode_utf8_lossy() == whole.as_str())
    });
    let typed = name.split_once('/').map(|(head, _)| head).filter(|head| {
        !endpoint.path.contains("s/{repo}") && RepoKind::ALL.iter().any(|kind| kind.api_segment() == *head)
    });
    let new = typed.map_or_else(|| canonical.to_owned(), |head| format!("{head}/{canonical}")) + suffix;
    let head = raw.get(..start).unwrap_or_default().join("/");
    let tail: String =
        raw.get(start + taken.unwrap_or(1)..).unwrap_or_default().iter().map(|part| format!("/{part}")).collect();
    let query = context.parts.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{head}/{new}{tail}{query}")
}

/// A repository that does not exist, or not for this caller.
fn hidden(caller: &Caller) -> ApiError {
    match caller {
        Caller::Anonymous => HubError::hidden_repo().into(),
        Caller::User { .. } => HubError::repo_not_found().into(),
    }
}

fn gated(hub: &Hub, repo: &Repo, caller: &Caller) -> ApiError {
    let (kind, id) = (repo.kind.as_str(), repo.full_name());
    let error = match caller {
        Caller::Anonymous => ApiError::new(
            401,
            format!(
                "Access to {kind} {id} is restricted. You must have access to it and be authenticated to access it. Please log in."
            ),
        ),
        Caller::User { .. } => ApiError::forbidden(format!(
            "Access to {kind} {id} is restricted and you are not in the authorized list. RequestContext {} to ask for access.",
            repo.url(hub)
        )),
    };
    error.code("GatedRepo")
}
