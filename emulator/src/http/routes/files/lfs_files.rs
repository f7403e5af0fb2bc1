//! Lists the large files of a repository, those of old commits too, and deletes them.

use hf_wasm::endpoints::{Endpoint, Group, Method};
use serde_json::{Value, json};

use crate::dates::iso;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::links;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::{accounts, authors, git, lfs};
use crate::json::set;

const LIST: Endpoint =
    Endpoint { name: "listLfsFiles", path: "/api/{repo}/lfs-files", group: Group::Repos, ..Endpoint::READ };

const DELETE: Endpoint = Endpoint {
    name: "deleteLfsFile",
    method: Method::Delete,
    path: "/api/{repo}/lfs-files/{sha}",
    group: Group::Repos,
    ..Endpoint::WRITE
};

const DELETE_ALL: Endpoint = Endpoint {
    name: "deleteLfsFiles",
    method: Method::Post,
    path: "/api/{repo}/lfs-files/batch",
    group: Group::Repos,
    ..Endpoint::WRITE
};

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &LIST, handler: handler!(list) },
        Route { endpoint: &DELETE, handler: handler!(delete) },
        Route { endpoint: &DELETE_ALL, handler: handler!(delete_all) },
    ]
}

async fn delete(call: Call) -> response::Result {
    let rewrite = call.query_value("rewriteHistory").is_none_or(|value| value != "false");
    forget(&call, &[call.path_value("sha").unwrap_or_default()], rewrite)
}

async fn delete_all(call: Call) -> response::Result {
    let body = call.json()?;
    let ids = body.pointer("/deletions/sha").and_then(Value::as_array);
    let ids = ids.ok_or_else(|| ApiError::bad_request("\"deletions.sha\" must be an array"))?;
    let ids: Vec<&str> = ids.iter().filter_map(Value::as_str).collect();
    forget(&call, &ids, body.pointer("/deletions/rewriteHistory").is_none_or(|value| value != false))
}

/// Takes the objects away, and the files that point to them: without `rewrite`, commits keep pointers to nothing.
fn forget(call: &Call, ids: &[&str], rewrite: bool) -> response::Result {
    let repo = call.repo()?;
    if rewrite {
        git::large::forget(&call.hub, repo, ids)?;
    }
    for id in ids {
        lfs::remove(&call.hub, &repo.id, id)?;
    }
    Ok(ApiResponse::json(&json!({ "success": true })))
}

async fn list(call: Call) -> response::Result {
    let repo = call.repo()?;
    let limit = call.whole("limit", 1000, 1, 1000)?;
    let start = call.whole("cursor", 0, 0, usize::MAX)?;
    let mut files = Vec::new();
    for file in git::large::all(&git::open(&call.hub, repo)?)? {
        if lfs::size_in(&call.hub, &repo.id, &file.pointer.oid)?.is_some() {
            files.push(file);
        }
    }
    let describe = |file: &git::large::LargeFile| {
        let mut entry = json!({
            "fileOid": file.pointer.oid,
            "oid": file.blob.to_string(),
            "size": file.pointer.size,
            "filename": file.path,
            "ref": file.reference,
            "pushedAt": iso(file.time_ms),
        });
        if let Some(account) = accounts::by_name(&call.hub, &file.author)? {
            set(&mut entry, "pusher", authors::of(&account));
        }
        Ok(entry)
    };
    let page: Result<Vec<Value>, ApiError> = files.iter().skip(start).take(limit).map(describe).collect();
    let mut response = ApiResponse::json(&Value::Array(page?));
    if start + limit < files.len() {
        let url = format!("{}/lfs-files", repo.api_url(&call.hub));
        let query = links::turned(&call.query, "cursor", (start + limit).to_string());
        response = response.header("link", links::next(&url, &query));
    }
    Ok(response)
}
