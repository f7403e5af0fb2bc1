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
        set: Vec<(&'static str, Property)>,
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

/// A property that the core puts into a JSON body.
#[derive(Debug, Clone, PartialEq)]
pub enum Property {
    Null,
    String(String),
    Flag(bool),
}

/// A JSON object of the outside: the caller's parameters, on their way to a body.
pub trait Properties {
    fn remove(&mut self, name: &str);
    fn set(&mut self, name: &str, property: &Property);
}

/// Makes a body of parameters, as [`Body::Params`] says.
pub fn to_body(properties: &mut impl Properties, omit: &[&str], set: &[(&str, Property)]) {
    for name in omit {
        properties.remove(name);
    }
    for (name, property) in set {
        properties.set(name, property);
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
            set.extend(repo_properties(param, repo, fields)?);
            omit.push(param.name);
        }
    }
    Ok(Body::Params { omit, set })
}

fn repo_properties(
    param: &Param,
    repo: RepoId,
    fields: RepoFields,
) -> Result<Vec<(&'static str, Property)>, Box<Failure>> {
    if param.creates {
        repo.check_new(param.name)?;
    }
    let kind = ("type", Property::String(repo.kind.to_owned()));
    Ok(match fields {
        RepoFields::Whole => vec![(param.name, Property::String(repo.full_name())), kind],
        RepoFields::Split => {
            let organization = repo.namespace.map_or(Property::Null, Property::String);
            vec![("name", Property::String(repo.name)), ("organization", organization), kind]
        }
    })
}
