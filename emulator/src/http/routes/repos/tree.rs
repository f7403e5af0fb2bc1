//! Lists files and folders, describes single paths, measures folders.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use git2::Oid;
use hf_wasm::endpoints::{Endpoint, Group, files, repos as rows};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::links;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::http::signature::escape;
use crate::hub::git::{self, tree};

/// Most form fields of one request.
const FORM_FIELDS: usize = 1000;
/// Most paths in a JSON body.
const PATHS: usize = 1000;

const TREE_SIZE: Endpoint = Endpoint {
    name: "treeSize",
    path: "/api/{repo}/treesize/{revision}[/{path}]",
    group: Group::Repos,
    ..Endpoint::READ
};

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::LIST_FILES, handler: handler!(list) },
        Route { endpoint: &files::PATHS_INFO, handler: handler!(paths_info) },
        Route { endpoint: &TREE_SIZE, handler: handler!(size) },
    ]
}

/// A position in a listing: it stays in the commit that the first page was read from.
struct Cursor {
    commit: Oid,
    at: usize,
}

impl Cursor {
    fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(json!({ "commit": self.commit.to_string(), "at": self.at }).to_string())
    }

    fn parse(text: &str) -> Option<Cursor> {
        let value: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let commit = Oid::from_str(value.get("commit")?.as_str()?).ok()?;
        Some(Cursor { commit, at: usize::try_from(value.get("at")?.as_u64()?).ok()? })
    }
}

async fn list(call: Call) -> response::Result {
    let repo = call.repo()?;
    let expand = call.query_flag("expand");
    let limit = if expand { call.whole("limit", 100, 1, 1000)? } else { call.whole("limit", 1000, 1, 10_000)? };
    let git = git::open(&call.hub, repo)?;
    let cursor = match call.query_value("cursor") {
        Some(text) => Cursor::parse(text).ok_or_else(|| ApiError::bad_request("Invalid cursor"))?,
        None => Cursor { commit: git::revision(&git, call.revision())?, at: 0 },
    };
    let folder = call.path_value("path").unwrap_or_default().trim_matches('/');
    let items = tree::list(&git, cursor.commit, folder, call.query_flag("recursive"))?;
    let page: Vec<_> = items.iter().skip(cursor.at).take(limit).cloned().collect();
    let entries = tree::describe(&git, cursor.commit, &page, expand)?;
    let mut response = ApiResponse::json(&Value::Array(entries));
    let next = Cursor { commit: cursor.commit, at: cursor.at + limit };
    if next.at < items.len() {
        let below = if folder.is_empty() { String::new() } else { format!("/{}", links::path(folder)) };
        let url = format!("{}/tree/{}{below}", repo.api_url(&call.hub), escape(call.revision()));
        response = response.header("link", links::next(&url, &links::turned(&call.query, "cursor", next.text())));
    }
    Ok(response)
}

async fn paths_info(call: Call) -> response::Result {
    let (paths, expand) = asked(&call)?;
    let git = git::open(&call.hub, call.repo()?)?;
    let commit = git::revision(&git, call.revision())?;
    let root = git.find_commit(commit)?.tree()?;
    let items: Vec<_> = paths.iter().filter_map(|path| tree::find(&root, path)).collect();
    Ok(ApiResponse::json(&Value::Array(tree::describe(&git, commit, &items, expand)?)))
}

/// Paths and `expand` of a JSON or form body.
fn asked(call: &Call) -> Result<(Vec<String>, bool), ApiError> {
    if call.media_type() == "application/x-www-form-urlencoded" {
        let text = String::from_utf8_lossy(&call.body);
        let fields: Vec<(String, String)> = text.split('&').filter(|pair| !pair.is_empty()).map(field).collect();
        if fields.len() > FORM_FIELDS {
            return Err(ApiError::new(413, "too many parameters"));
        }
        let expand =
            fields.iter().any(|(key, value)| key == "expand" && matches!(value.as_str(), "true" | "True" | "1"));
        let paths = fields.into_iter().filter(|(key, _)| key == "paths" || key == "paths[]");
        return Ok((paths.map(|(_, value)| value).collect(), expand));
    }
    let body = call.json()?;
    let expand = body.get("expand").and_then(Value::as_bool).unwrap_or(false);
    let paths: Vec<String> = match body.get("paths") {
        Some(Value::String(path)) => vec![path.clone()],
        Some(Value::Array(paths)) if paths.iter().all(Value::is_string) => {
            paths.iter().filter_map(|path| path.as_str().map(str::to_owned)).collect()
        }
        _ => return Err(ApiError::bad_request("Invalid input: paths, expected a string or an array of strings")),
    };
    if paths.len() > PATHS {
        return Err(ApiError::new(413, format!("Too many paths, at most {PATHS} are allowed")));
    }
    Ok((paths, expand))
}

fn field(pair: &str) -> (String, String) {
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    (decode(key), decode(value))
}

async fn size(call: Call) -> response::Result {
    let path = call.path_value("path").unwrap_or_default().trim_matches('/');
    let git = git::open(&call.hub, call.repo()?)?;
    let commit = git::revision(&git, call.revision())?;
    let size = tree::size(&git, commit, path)?;
    Ok(ApiResponse::json(&json!({ "path": format!("/{path}"), "size": size })))
}
