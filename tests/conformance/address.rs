//! What an address asks for: the endpoints that it may be of. The package's own reading of it is in `pkg/src/agent/address.ts`.

use hf_wasm::core::repo_id::RepoId;
use hf_wasm::endpoints::files::{FILE_HEADERS, RESOLVE};
use hf_wasm::endpoints::{self, Endpoint, Host, ParamType, Place};

/// Where the Hub redirects a download to.
const CACHED: &str = "/api/resolve-cache/{repo}/{oid}/{path}";

/// Bytes of a repository's type, namespace and name.
const LONGEST: usize = 210;

/// The endpoints that a request may be of, and the repository that it is about then. `path` is below the endpoint.
pub fn readings(host: Host, method: &str, path: &str) -> Vec<(&'static Endpoint, Option<String>)> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut found = Vec::new();
    let endpoints = endpoints::all().chain([&FILE_HEADERS]).map(|endpoint| (endpoint, endpoint.path));
    for (endpoint, template) in endpoints.chain([(&RESOLVE, CACHED), (&FILE_HEADERS, CACHED)]) {
        if endpoint.host == host && endpoint.method.as_str() == method {
            found.extend(read(endpoint, template, path).into_iter().map(|repo| (endpoint, repo)));
        }
    }
    found
}

/// Reads a path by a template: the repositories that it may be about, or None if it is about none.
fn read(endpoint: &Endpoint, template: &str, path: &str) -> Vec<Option<String>> {
    let is_repo = |kind| matches!(kind, ParamType::Repo(_) | ParamType::RepoOf(_));
    let Some(param) = endpoint.params.iter().find(|param| param.place == Place::Path && is_repo(param.kind)) else {
        return fits(template, path).then_some(None).into_iter().collect();
    };
    let (head, name) = template.split_once('{').unwrap_or_default();
    let (_, tail) = name.split_once('}').unwrap_or_default();
    let rest = path.strip_prefix(head).unwrap_or_default();
    let ids = (1..=rest.len().min(LONGEST)).filter_map(|at| rest.split_at_checked(at));
    let repos = ids.filter(|(_, after)| fits(tail, after)).filter_map(|(id, _)| match param.kind {
        ParamType::RepoOf(kind) => RepoId::of("", kind, id).ok(),
        _ => RepoId::parse("", id).ok(),
    });
    repos.map(|repo| Some(repo.api_path())).collect()
}

/// Whether a path is one of a template, with its optional part or without.
fn fits(template: &str, path: &str) -> bool {
    let (least, more) = template.split_once('[').unwrap_or((template, ""));
    let whole = [least, more.trim_end_matches(']')].concat();
    [least, &whole].into_iter().any(|template| {
        let mut given = path.split('/');
        for part in template.split('/') {
            match given.next() {
                Some(_) if part == "{path}" => return true,
                // A commit, in full.
                Some(one) if part == "{oid}" && one.len() != 40 => return false,
                Some(one) if one == part || (part.starts_with('{') && !one.is_empty()) => {}
                _ => return false,
            }
        }
        given.next().is_none()
    })
}
