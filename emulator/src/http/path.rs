//! Which endpoint serves a request, and the values in its path.
//!
//! Paths are matched before percent-decoding, so `%2F` stays inside its segment; a ref such as `refs/pr/1` may also
//! come with raw slashes, as some official clients send it.

use std::cmp::Reverse;
use std::collections::HashMap;

use hf_wasm::endpoints::{Endpoint, Host};
use percent_encoding::percent_decode_str;

/// Values of the `{name}` parts of a path, decoded.
pub type PathValues = HashMap<&'static str, String>;

/// Matches a raw path against a endpoint's template: `[…]` is optional, `{repo}` takes `models/ns/name` in `/api/…` and
/// `ns/name`, `datasets/ns/name`, … elsewhere, `{path}` takes the rest. Rows that fix the type of `{repo}` take
/// `ns/name` or, for old ids, `name`.
pub fn matches(endpoint: &'static Endpoint, raw_path: &str) -> Option<PathValues> {
    let raw_path = host_path(endpoint.host, raw_path);
    let segments: Vec<&str> = raw_path.trim_start_matches('/').split('/').collect();
    let found =
        expansions(endpoint.path).into_iter().filter_map(|parts| walk(endpoint, &parts, &segments, PathValues::new()));
    // A repository may bear a word of the template as its name: the longest id is the right one.
    found.min_by_key(|values| Reverse(values.get("repo").map_or(0, |repo| repo.split('/').count())))
}

/// Where the router's rows live besides the root.
pub const ROUTER_PREFIX: &str = "/router";

/// The path as the endpoint's host would see it: the router also answers below [`ROUTER_PREFIX`].
pub fn host_path(host: Host, raw_path: &str) -> &str {
    match host {
        Host::Hub => raw_path,
        Host::Router => raw_path.strip_prefix(ROUTER_PREFIX).filter(|rest| rest.starts_with('/')).unwrap_or(raw_path),
    }
}

/// Every form of a template with its optional parts taken or left, longest first, cut into segments.
fn expansions(template: &'static str) -> Vec<Vec<&'static str>> {
    fn cut(text: &'static str) -> Vec<&'static str> {
        text.split('/').filter(|part| !part.is_empty()).collect()
    }
    match template
        .split_once('[')
        .and_then(|(head, rest)| rest.split_once(']').map(|(inner, tail)| (head, inner, tail)))
    {
        None => vec![cut(template)],
        Some((head, inner, tail)) => {
            let long = [cut(head), cut(inner), cut(tail)].concat();
            vec![long, [cut(head), cut(tail)].concat()]
        }
    }
}

fn walk(
    endpoint: &'static Endpoint,
    parts: &[&'static str],
    segments: &[&str],
    values: PathValues,
) -> Option<PathValues> {
    let Some((part, parts_left)) = parts.split_first() else {
        return segments.is_empty().then_some(values);
    };
    let Some(name) = part.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name) else {
        let (segment, left) = segments.split_first()?;
        return (segment == part).then(|| walk(endpoint, parts_left, left, values)).flatten();
    };
    let suffix = part.split_once('}').map_or("", |(_, suffix)| suffix);
    lengths(endpoint, name, segments).into_iter().find_map(|taken| {
        let (head, left) = segments.split_at_checked(taken)?;
        let joined = head.join("/");
        let raw = joined.strip_suffix(suffix)?;
        if raw.is_empty() {
            return None;
        }
        let mut values = values.clone();
        values.insert(name, percent_decode_str(raw).decode_utf8().ok()?.into_owned());
        walk(endpoint, parts_left, left, values)
    })
}

/// How many segments a value may span, in the order of preference. `/api/{repo}/…` names the type first.
fn lengths(endpoint: &Endpoint, name: &str, segments: &[&str]) -> Vec<usize> {
    let typed = name == "repo" && endpoint.path.starts_with("/api/{repo}");
    match name {
        "path" => vec![segments.len()],
        "repo" | "model" => match segments.first() {
            Some(&("models" | "datasets" | "spaces" | "kernels")) => vec![3, 2, 1],
            _ if typed => Vec::new(),
            // `gpt2/refs` is what an old id without a namespace has, not a name.
            _ if matches!(segments, [_, "refs" | "discussions"]) => Vec::new(),
            _ => vec![2, 1],
        },
        "revision" | "branch" | "tag" => match segments {
            ["refs", "pr" | "convert" | "heads" | "tags", ..] => vec![3],
            _ => vec![1],
        },
        _ => vec![1],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hf_wasm::endpoints::{files, models, repos};

    #[test]
    fn a_revision_may_hold_slashes_raw_or_escaped() {
        for path in ["/api/models/acme/x/tree/refs/pr/1/a/b", "/api/models/acme/x/tree/refs%2Fpr%2F1/a%2Fb"] {
            let values = matches(&repos::LIST_FILES, path).unwrap();
            assert_eq!(
                (values["repo"].as_str(), values["revision"].as_str(), values["path"].as_str()),
                ("models/acme/x", "refs/pr/1", "a/b")
            );
        }
    }

    #[test]
    fn a_repository_may_be_called_tree() {
        let values = matches(&repos::LIST_FILES, "/api/models/acme/tree/tree/main").unwrap();
        assert_eq!((values["repo"].as_str(), values["revision"].as_str()), ("models/acme/tree", "main"));
    }

    #[test]
    fn optional_parts_may_be_absent() {
        assert_eq!(matches(&repos::LIST_FILES, "/api/datasets/acme/x/tree/main").unwrap().get("path"), None);
        assert_eq!(matches(&models::MODEL_INFO, "/api/models/gpt2").unwrap()["repo"], "gpt2");
        assert_eq!(matches(&models::MODEL_INFO, "/api/models/acme/x/revision/HEAD").unwrap()["revision"], "HEAD");
    }

    #[test]
    fn an_old_id_has_sub_resources() {
        assert!(matches(&models::MODEL_INFO, "/api/models/gpt2/refs").is_none());
        assert_eq!(matches(&repos::LIST_REFS, "/api/models/gpt2/refs").unwrap()["repo"], "models/gpt2");
    }

    #[test]
    fn a_suffix_belongs_to_the_template() {
        assert_eq!(
            matches(&files::LFS_BATCH, "/datasets/acme/x.git/info/lfs/objects/batch").unwrap()["repo"],
            "datasets/acme/x"
        );
        assert!(matches(&files::RESOLVE, "/acme/x/resolve/main/a/b.txt").is_some());
    }
}
