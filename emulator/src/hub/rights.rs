//! What a caller may do: the person's rights, cut down by what the token allows. Reading public data needs neither.

use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use crate::hub::Hub;
use crate::hub::accounts::{Caller, Role, Token, User};
use crate::hub::error::Error;
use crate::hub::repo::Repo;

/// What a permission is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    Repo(&'a Repo),
    /// Name of a user or organization, for things that are created in it or belong to it.
    Namespace(&'a str),
    /// The caller's own account: webhooks, inference.
    Account,
}

/// Whether the repository exists as far as this caller is concerned.
pub fn can_see(hub: &Hub, caller: &Caller, repo: &Repo) -> Result<bool, Error> {
    may(hub, caller, Target::Repo(repo), "repo.content.read")
}

/// Whether the caller may read files and commits: a gated repository asks for a grant besides.
pub fn can_read_content(hub: &Hub, caller: &Caller, repo: &Repo) -> Result<bool, Error> {
    if !can_see(hub, caller, repo)? {
        return Ok(false);
    }
    if repo.gated.is_none() {
        return Ok(true);
    }
    let Caller::User { user, token } = caller else {
        return Ok(false);
    };
    let scoped = fine_grained(token).is_none_or(|rights| {
        rights["canReadGatedRepos"] == true
            || scope_grants(rights, user, Target::Repo(repo), &repo.namespace, "repo.content.read")
    });
    let member = role_in(hub, &repo.namespace, user)?.is_some_and(|role| role != "no_access");
    let sql = "select 1 from grants where repo_id = ?1 and user_id = ?2";
    let granted = || hub.db().query_row(sql, params![repo.id, user.id], |_| Ok(())).optional();
    Ok(scoped && (member || granted()?.is_some()))
}

/// Whether the caller has a permission, in the Hub's words (`repo.write`, `discussion.write`, …), on a target.
pub fn may(hub: &Hub, caller: &Caller, target: Target, permission: &str) -> Result<bool, Error> {
    let public = matches!(target, Target::Repo(repo) if repo.visibility == "public");
    if public && permission == "repo.content.read" {
        return Ok(true);
    }
    let Caller::User { user, token } = caller else {
        return Ok(false);
    };
    Ok(token_allows(token, user, target, permission) && person_may(hub, user, target, permission)?)
}

/// The user's role in a namespace: `admin` in its own, else its role in the organization.
pub fn role_in(hub: &Hub, namespace: &str, user: &User) -> Result<Option<String>, Error> {
    if user.name.eq_ignore_ascii_case(namespace) {
        return Ok(Some("admin".to_owned()));
    }
    let sql = "select m.role from members m join accounts a on a.id = m.org_id where a.name = ?1 and m.user_id = ?2";
    Ok(hub.db().query_row(sql, params![namespace, user.id], |row| row.get(0)).optional()?)
}

fn person_may(hub: &Hub, user: &User, target: Target, permission: &str) -> Result<bool, Error> {
    let namespace = match target {
        Target::Account => return Ok(true),
        Target::Repo(repo) if permission == "discussion.write" && repo.visibility == "public" => return Ok(true),
        Target::Repo(repo) => &repo.namespace,
        Target::Namespace(name) => name,
    };
    let role = role_in(hub, namespace, user)?;
    Ok(match role.as_deref() {
        role if permission == "org.billing.read" => role == Some("admin"),
        Some("admin" | "write") => true,
        // A contributor reads, takes part in discussions, and creates; it changes nothing of others.
        Some("contributor") => {
            reads(permission) || permission == "discussion.write" || matches!(target, Target::Namespace(_))
        }
        Some("read") => reads(permission) || permission == "discussion.write",
        _ => false,
    })
}

fn token_allows(token: &Token, user: &User, target: Target, permission: &str) -> bool {
    match &token.role {
        Role::Write => true,
        Role::Read => reads(permission) || permission == "inference.serverless.write",
        Role::FineGrained(rights) => {
            let namespace = match target {
                Target::Repo(repo) => &repo.namespace,
                Target::Namespace(name) => name,
                Target::Account => &user.name,
            };
            includes(&rights["global"], permission) || scope_grants(rights, user, target, namespace, permission)
        }
    }
}

/// Whether one of the token's scopes covers the target: the repository itself, or the namespace that it is in.
fn scope_grants(rights: &Value, user: &User, target: Target, namespace: &str, permission: &str) -> bool {
    let covers = |entity: &Value| {
        let name = entity["name"].as_str().unwrap_or_default();
        match (target, entity["type"].as_str().unwrap_or_default()) {
            (_, "user" | "org") => {
                name.eq_ignore_ascii_case(namespace)
                    || (matches!(target, Target::Account) && entity["_id"] == user.id.as_str())
            }
            (Target::Repo(repo), kind) => kind == repo.kind.as_str() && entity["_id"] == repo.id.as_str(),
            _ => false,
        }
    };
    let scopes = rights["scoped"].as_array().map(Vec::as_slice).unwrap_or_default();
    scopes.iter().any(|scope| covers(&scope["entity"]) && includes(&scope["permissions"], permission))
}

/// Whether a list of permissions holds this one, or the write that includes it.
fn includes(list: &Value, permission: &str) -> bool {
    let held = list.as_array().map(Vec::as_slice).unwrap_or_default();
    held.iter().filter_map(Value::as_str).any(|held| {
        held == permission
            || matches!(
                (held, permission),
                ("repo.write", "repo.content.read" | "repo.delete" | "discussion.write")
                    | ("collection.write", "collection.read")
                    | ("user.webhooks.write", "user.webhooks.read")
            )
    })
}

fn reads(permission: &str) -> bool {
    permission.ends_with(".read")
}

fn fine_grained(token: &Token) -> Option<&Value> {
    match &token.role {
        Role::FineGrained(rights) => Some(rights),
        Role::Read | Role::Write => None,
    }
}
