//! The body of a request: what it is made of.

use super::args::Args;
use super::failure::Failure;
use super::repo_id::RepoId;
use crate::endpoints::{Endpoint, Param, ParamType, Place, RepoFields};

#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    None,
    /// The caller's parameters as one JSON object, less those in `omit`, with those in `set` over it.
    Params {
        omit: Vec<&'static str>,
        set: Vec<(&'static str, Member)>,
    },
    Text {
        media_type: &'static str,
        text: String,
    },
    /// What the outside holds already.
    Given {
        media_type: Option<String>,
        size: u64,
    },
    /// Bytes `start..end` of a file that the caller gave.
    File {
        index: usize,
        start: u64,
        end: u64,
    },
}

/// A member that the core puts into a JSON body.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    Null,
    Text(String),
    Flag(bool),
}

/// A JSON object of the outside: the caller's parameters, on their way to a body.
pub trait Members {
    fn remove(&mut self, name: &str);
    fn set(&mut self, name: &str, member: &Member);
}

/// Makes a body of parameters, as [`Body::Params`] says.
pub fn to_body(members: &mut impl Members, omit: &[&str], set: &[(&str, Member)]) {
    for name in omit {
        members.remove(name);
    }
    for (name, member) in set {
        members.set(name, member);
    }
}

/// What the body of a call is made of.
pub fn body(endpoint: &Endpoint, args: &Args) -> Result<Body, Box<Failure>> {
    let body_params = || endpoint.params.iter().filter(|param| param.place == Place::Body);
    if body_params().next().is_none() {
        return Ok(Body::None);
    }
    let mut omit: Vec<_> =
        endpoint.params.iter().filter(|param| param.place != Place::Body).map(|param| param.name).collect();
    let mut set = Vec::new();
    for param in body_params() {
        if let ParamType::Repo(fields) = param.kind {
            let repo = args.repo_param(param)?;
            set.extend(repo_members(param, repo, fields)?);
            omit.push(param.name);
        }
    }
    Ok(Body::Params { omit, set })
}

fn repo_members(param: &Param, repo: RepoId, fields: RepoFields) -> Result<Vec<(&'static str, Member)>, Box<Failure>> {
    if param.creates {
        repo.check_new(param.name)?;
    }
    let kind = ("type", Member::Text(repo.kind.to_owned()));
    Ok(match fields {
        RepoFields::Whole => vec![(param.name, Member::Text(repo.full_name())), kind],
        RepoFields::Split => {
            let organization = repo.namespace.map_or(Member::Null, Member::Text);
            vec![("name", Member::Text(repo.name)), ("organization", organization), kind]
        }
    })
}
