//! From an endpoint and the caller's values to a request: method, address, headers, body.

use std::borrow::Cow;

use super::args::{Arg, Args};
use super::failure::Failure;
use super::headers;
use super::request_body::{Body, body};
use super::url;
use crate::endpoints::{Endpoint, Host, ParamType, Place, Repeat, ResponseType};

#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(Cow<'static, str>, String)>,
    pub body: Body,
    /// May carry the token, as long as it goes to the endpoint's own origin.
    pub authorized: bool,
    pub repeat: Repeat,
    /// The repository or model that it is about, for messages; may be empty.
    pub subject: String,
    /// The repositories of the Hub that it is about, such as `models/acme/x`, for policies.
    pub repos: Vec<String>,
    /// It cannot be taken back, or changes who sees something.
    pub destructive: bool,
}

/// Builds the request of an endpoint. `base_url` is the address of the Hub or of the router, without a slash at its end.
pub fn build(endpoint: &Endpoint, args: &Args, base_url: &str) -> Result<Request, Box<Failure>> {
    args.check(endpoint, base_url)?;
    build_unchecked(endpoint, args, base_url)
}

/// Builds a request whose body the core writes itself.
pub fn build_unchecked(endpoint: &Endpoint, args: &Args, base_url: &str) -> Result<Request, Box<Failure>> {
    let mut url = [base_url, &path(endpoint, args)?].concat();
    url.push_str(&query(endpoint, args)?);
    Ok(Request {
        method: endpoint.method.as_str(),
        url,
        headers: headers(endpoint, args)?,
        body: body(endpoint, args)?,
        authorized: true,
        repeat: endpoint.repeat,
        subject: subject(args),
        repos: repos(endpoint, args),
        destructive: endpoint.destructive.is_given(|name| args.get(name).is_some()),
    })
}

/// Such as `models/acme/x`.
fn repos(endpoint: &Endpoint, args: &Args) -> Vec<String> {
    let mut repos = Vec::new();
    for param in endpoint.params.iter().filter(|_| endpoint.host == Host::Hub) {
        if matches!(param.kind, ParamType::Repo(_) | ParamType::RepoOf(_)) {
            repos.extend(args.repo_param(param).map(|repo| repo.api_path()));
        }
    }
    repos
}

fn subject(args: &Args) -> String {
    match ["repo", "fromRepo", "model"].iter().find_map(|name| args.get(name)) {
        Some(Arg::String(text)) => text.clone(),
        Some(Arg::Repo { name, .. }) => name.clone(),
        _ => String::new(),
    }
}

/// Fills the endpoint's template: what is optional only if its parameter is given.
fn path(endpoint: &Endpoint, args: &Args) -> Result<String, Box<Failure>> {
    let (head, rest) = endpoint.path.split_once('[').unwrap_or((endpoint.path, ""));
    let (optional, tail) = rest.split_once(']').unwrap_or_default();
    let mut out = String::new();
    fill(endpoint, args, head, &mut out)?;
    let name = optional.split_once('{').and_then(|(_, name)| name.split_once('}')).map_or("", |(name, _)| name);
    if args.get(name).is_some_and(|arg| *arg != Arg::String(String::new())) {
        fill(endpoint, args, optional, &mut out)?;
    }
    fill(endpoint, args, tail, &mut out)?;
    Ok(out)
}

fn fill(endpoint: &Endpoint, args: &Args, template: &str, out: &mut String) -> Result<(), Box<Failure>> {
    let mut rest = template;
    while let Some((head, tail)) = rest.split_once('{') {
        let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
        out.push_str(head);
        out.push_str(&path_value(endpoint, args, name)?);
        rest = after;
    }
    out.push_str(rest);
    Ok(())
}

fn path_value(endpoint: &Endpoint, args: &Args, name: &str) -> Result<String, Box<Failure>> {
    match (endpoint.param(name).map(|param| param.kind), args.get(name)) {
        (Some(ParamType::Repo(_)), _) => {
            let repo = args.repo(name)?;
            Ok(if endpoint.path.starts_with("/api/") { repo.api_path() } else { repo.page_path() })
        }
        (Some(ParamType::RepoOf(kind)), Some(_)) => Ok(args.repo_of(name, kind)?.full_name()),
        (_, Some(Arg::String(text))) if name == "path" => url::path(name, text),
        (_, Some(Arg::String(text))) => url::segment(name, text),
        (_, Some(Arg::Number(number))) => Ok(whole(*number)),
        (_, None) if name == "revision" => Ok("main".into()),
        _ => Err(Failure::invalid(name, "is required")),
    }
}

fn query(endpoint: &Endpoint, args: &Args) -> Result<String, Box<Failure>> {
    let mut query = String::new();
    for param in endpoint.params.iter().filter(|param| param.place == Place::Query) {
        let values = match args.get(param.name) {
            _ if param.kind == ParamType::PageSize => page_size(args).map(whole).into_iter().collect(),
            Some(Arg::Flag(on)) if param.kind == ParamType::Switch => Vec::from_iter(on.then(|| "1".to_owned())),
            given => given.map(texts).unwrap_or_default(),
        };
        for value in values {
            url::push_query(&mut query, param.wire.unwrap_or(param.name), &value);
        }
    }
    Ok(query)
}

/// Items that a page has at most if nobody asks for a size, of all lists but the shortest.
const USUAL_PAGE: f64 = 100.0;

/// How many items to ask for: no more than are wanted in all. Where a page is named to start from, its size is the
/// caller's alone, since it says where the page begins.
fn page_size(args: &Args) -> Option<f64> {
    let limit = args.number("limit").filter(|_| args.number("p").is_none());
    match args.number("pageSize") {
        Some(size) => Some(size.min(limit.unwrap_or(size))),
        None => limit.filter(|limit| *limit <= USUAL_PAGE),
    }
}

/// A value as the texts of a query; a list gives a repeated key.
fn texts(arg: &Arg) -> Vec<String> {
    match arg {
        Arg::String(text) => vec![text.clone()],
        Arg::Strings(texts) => texts.clone(),
        Arg::Number(number) => vec![whole(*number)],
        Arg::Flag(flag) => vec![if *flag { "true" } else { "false" }.to_owned()],
        Arg::Repo { .. } | Arg::Range { .. } | Arg::Object => vec![],
    }
}

/// Numbers in paths, queries and headers are whole: [`Args::check`] has seen to it.
fn whole(number: f64) -> String {
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}", number.abs() as u64)
}

fn headers(endpoint: &Endpoint, args: &Args) -> Result<Vec<(Cow<'static, str>, String)>, Box<Failure>> {
    let accept = match endpoint.reply {
        ResponseType::Json(_) | ResponseType::Pages(_) | ResponseType::Numbered(..)
            if endpoint.path.contains("/lfs/") =>
        {
            "application/vnd.git-lfs+json"
        }
        ResponseType::Json(_) | ResponseType::Pages(_) | ResponseType::Numbered(..) => "application/json",
        ResponseType::Events(..) if args.flag("stream") => "text/event-stream",
        ResponseType::Events(..) => "application/json",
        ResponseType::Bytes if endpoint.params.iter().any(|param| param.name == "model") => "image/*",
        ResponseType::Bytes | ResponseType::Empty => "*/*",
    };
    let mut headers = vec![("accept".into(), accept.to_owned())];
    if let Some(payer) = args.string("billTo") {
        if !headers::is_value(payer) {
            return Err(Failure::invalid("billTo", "must be visible ASCII characters"));
        }
        headers.push(("x-hf-bill-to".into(), payer.to_owned()));
    }
    if let Some(Arg::Range { start, end }) = args.get("range") {
        let last = end.map_or_else(String::new, |end| whole(end - 1.0));
        headers.push(("range".into(), ["bytes=", &whole(*start), "-", &last].concat()));
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::request_body::Property;
    use crate::endpoints::{CATALOGUE, discussions, files, inference, models, repos};
    use serde_json::json;

    fn url(endpoint: &Endpoint, value: serde_json::Value) -> String {
        build(endpoint, &Args::from_json(&value), "").unwrap().url
    }

    #[test]
    fn every_endpoint_builds_from_its_examples() {
        for endpoint in CATALOGUE {
            let mut example = serde_json::Map::new();
            for param in endpoint.params.iter().filter(|param| !param.example.is_empty()) {
                example.insert(param.name.into(), serde_json::from_str(param.example).unwrap());
            }
            let request = build(endpoint, &Args::from_json(&example.into()), "https://hub.example").unwrap();
            assert!(!request.url.contains(['{', '}', '[', ']']), "{}: {}", endpoint.name, request.url);
        }
    }

    #[test]
    fn paths() {
        assert_eq!(url(&models::MODEL_INFO, json!({ "repo": "acme/x" })), "/api/models/acme/x");
        assert_eq!(
            url(&models::MODEL_INFO, json!({ "repo": "models/acme/x", "revision": "refs/pr/1" })),
            "/api/models/acme/x/revision/refs%2Fpr%2F1"
        );
        assert_eq!(
            url(&repos::LIST_FILES, json!({ "repo": "datasets/acme/x", "path": "a b/c", "revision": "v1" })),
            "/api/datasets/acme/x/tree/v1/a%20b/c"
        );
        assert_eq!(url(&repos::LIST_FILES, json!({ "repo": "acme/x", "path": "" })), "/api/models/acme/x/tree/main");
        assert_eq!(
            url(&files::RESOLVE, json!({ "repo": "spaces/acme/x", "path": "a/b" })),
            "/spaces/acme/x/resolve/main/a/b"
        );
        assert_eq!(
            url(&files::LFS_BATCH, json!({ "repo": "acme/x", "operation": "upload", "transfers": [], "objects": [] })),
            "/acme/x.git/info/lfs/objects/batch"
        );
        assert_eq!(
            url(
                &discussions::COMMENT_DISCUSSION,
                json!({ "repo": { "type": "space", "name": "a/b" }, "num": 3, "comment": "x" })
            ),
            "/api/spaces/a/b/discussions/3/comment"
        );
        assert_eq!(
            url(&inference::TEXT_TO_IMAGE, json!({ "model": "a/b", "inputs": "x" })),
            "/hf-inference/models/a/b"
        );
    }

    #[test]
    fn a_repo_of_another_type_is_refused() {
        let failure =
            build(&models::MODEL_INFO, &Args::from_json(&json!({ "repo": "datasets/acme/x" })), "").unwrap_err();
        assert_eq!(failure.field.as_deref(), Some("repo"));
    }

    #[test]
    fn a_move_stays_within_its_type() {
        let moved = |from, to| {
            let args = Args::from_json(&json!({ "fromRepo": from, "toRepo": to }));
            build(&repos::MOVE_REPO, &args, "").map_err(|failure| failure.field)
        };
        for to in ["datasets/b/x", "b/x"] {
            let request = moved("datasets/a/x", to).unwrap();
            assert_eq!(request.repos, ["datasets/a/x", "datasets/b/x"]);
            let Body::Params { set, .. } = request.body else { panic!("no body") };
            assert!(set.iter().all(|(name, value)| *name != "type" || *value == Property::String("dataset".into())));
        }
        assert_eq!(moved("datasets/a/x", "spaces/b/x").unwrap_err().as_deref(), Some("toRepo"));
        assert_eq!(moved("a/x", "datasets/b/x").unwrap_err().as_deref(), Some("toRepo"));
    }

    #[test]
    fn a_page_is_no_larger_than_the_list() {
        let url = |value| url(&models::LIST_MODELS, value);
        assert_eq!(url(json!({ "limit": 3 })), "/api/models?limit=3");
        assert_eq!(url(json!({ "limit": 3, "pageSize": 50 })), "/api/models?limit=3");
        assert_eq!(url(json!({ "limit": 5000, "pageSize": 50 })), "/api/models?limit=50");
        assert_eq!(url(json!({ "pageSize": 50 })), "/api/models?limit=50");
        assert_eq!(url(json!({ "limit": 5000 })), "/api/models");
        assert_eq!(
            super::tests::url(&discussions::LIST_DISCUSSIONS, json!({ "repo": "a/b", "limit": 3 })),
            "/api/models/a/b/discussions"
        );
        let commits = |value| super::tests::url(&repos::LIST_COMMITS, value);
        let of = "/api/models/a/b/commits/main?";
        assert_eq!(commits(json!({ "repo": "a/b", "p": 1, "limit": 3 })), format!("{of}p=1"));
        let sized = json!({ "repo": "a/b", "p": 1, "limit": 3, "pageSize": 50 });
        assert_eq!(commits(sized), format!("{of}limit=50&p=1"));
    }

    #[test]
    fn a_fixed_type_may_be_named() {
        for repo in [json!("acme/x"), json!("datasets/acme/x"), json!({ "type": "dataset", "name": "acme/x" })] {
            let endpoint = &crate::endpoints::datasets::DATASET_INFO;
            assert_eq!(url(endpoint, json!({ "repo": repo })), "/api/datasets/acme/x");
        }
        for repo in [json!("datasets/acme/x"), json!({ "type": "space", "name": "acme/x" }), json!(7)] {
            let failure = build(&models::MODEL_INFO, &Args::from_json(&json!({ "repo": repo })), "").unwrap_err();
            assert_eq!(failure.field.as_deref(), Some("repo"));
        }
    }

    #[test]
    fn lists_repeat_the_key() {
        assert_eq!(
            url(&models::LIST_MODELS, json!({ "filter": ["a", "b c"], "full": true, "limit": 5 })),
            "/api/models?filter=a&filter=b%20c&limit=5&full=true"
        );
    }

    #[test]
    fn a_range_ends_before_its_end() {
        let range = |value| {
            build(&files::RESOLVE, &Args::from_json(&json!({ "repo": "a/b", "path": "c", "range": value })), "")
        };
        let header = |value| range(value).unwrap().headers.into_iter().find(|(name, _)| name == "range").unwrap().1;
        assert_eq!(header(json!({ "start": 0, "end": 10 })), "bytes=0-9");
        assert_eq!(header(json!({ "start": 5 })), "bytes=5-");
        assert!(range(json!({ "start": 5, "end": 5 })).is_err());
        assert!(range(json!("0-9")).is_err());
    }

    #[test]
    fn a_switch_is_one_or_absent() {
        assert_eq!(
            url(&repos::LIST_REFS, json!({ "repo": "a/b", "include_prs": true })),
            "/api/models/a/b/refs?include_prs=1"
        );
        assert_eq!(url(&repos::LIST_REFS, json!({ "repo": "a/b", "include_prs": false })), "/api/models/a/b/refs");
    }

    #[test]
    fn a_repo_in_a_body_becomes_fields() {
        let request =
            build(&repos::CREATE_REPO, &Args::from_json(&json!({ "repo": "datasets/acme/x", "private": true })), "")
                .unwrap();
        let Body::Params { omit, set } = request.body else { panic!("no body") };
        assert_eq!(omit, ["existOk", "repo"]);
        assert_eq!(
            set,
            [
                ("name", Property::String("x".into())),
                ("organization", Property::String("acme".into())),
                ("type", Property::String("dataset".into()))
            ]
        );
    }

    #[test]
    fn who_pays_cannot_bring_headers_of_its_own() {
        for payer in ["acme\r\nx: y", "a\0", "ä"] {
            let args = Args::from_json(&json!({ "model": "a/b", "messages": [], "billTo": payer }));
            let refused = build(&inference::CHAT_COMPLETION, &args, "").unwrap_err();
            assert_eq!(refused.field.as_deref(), Some("billTo"), "{payer:?}");
        }
    }

    #[test]
    fn who_pays_is_a_header() {
        let args = Args::from_json(&json!({ "model": "a/b", "messages": [], "billTo": "acme" }));
        let request = build(&inference::CHAT_COMPLETION, &args, "").unwrap();
        assert!(request.headers.contains(&("x-hf-bill-to".into(), "acme".into())));
        assert!(matches!(request.body, Body::Params { ref omit, .. } if omit == &["billTo"]));
    }
}
