//! Downloads: small files by way of the resolve cache, large ones from the second origin.

use axum::http::StatusCode;
use git2::Repository;
use hf_wasm::endpoints::{Bucket, Endpoint, Group, files as rows};
use sha2::{Digest, Sha256};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::http::signature::{escape, sign};
use crate::http::{links, ranges};
use crate::hub::error::Error as HubError;
use crate::hub::git::tree::{self, Item};
use crate::hub::git::{self};
use crate::hub::lfs::Pointer;
use crate::hub::repos::Repo;

const RAW: Endpoint = Endpoint {
    name: "rawFile",
    path: "/{repo}/raw/{revision}/{path}",
    group: Group::Repos,
    bucket: Bucket::Resolvers,
    ..Endpoint::READ
};

const RESOLVE_CACHE: Endpoint =
    Endpoint { name: "resolveCache", path: "/api/resolve-cache/{repo}/{revision}/{path}", ..RAW };

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::RESOLVE, handler: handler!(resolve) },
        Route { endpoint: &RAW, handler: handler!(raw) },
        Route { endpoint: &RESOLVE_CACHE, handler: handler!(cached) },
    ]
}

struct Located {
    git: Repository,
    /// Commit that the revision named.
    commit: String,
    file: Option<Item>,
}

fn locate(call: &Call) -> Result<Located, ApiError> {
    let git = git::open(&call.hub, call.repo()?)?;
    let commit = git::revision(&git, call.revision())?;
    let root = git.find_commit(commit)?.tree()?;
    let file = call.path_value("path").and_then(|path| tree::find(&root, path)).filter(|item| !item.is_folder);
    drop(root);
    Ok(Located { git, commit: commit.to_string(), file })
}

async fn resolve(call: Call) -> response::Result {
    let Located { git, commit, file } = locate(&call)?;
    let Some(file) = file else { return Ok(no_entry(&commit)) };
    let response = match tree::content(&git, file.oid)?.pointer {
        Some(pointer) => large(&call, &file, &pointer),
        None => small(&call, call.repo()?, &commit, &file),
    };
    Ok(decorate(&call, response, &commit, &file.path))
}

async fn raw(call: Call) -> response::Result {
    let Located { git, commit, file } = locate(&call)?;
    let Some(file) = file else { return Ok(no_entry(&commit)) };
    Ok(decorate(&call, blob(&call, &git, &file)?, &commit, &file.path))
}

async fn cached(call: Call) -> response::Result {
    let Located { git, commit, file } = locate(&call)?;
    let Some(file) = file else { return Ok(no_entry(&commit)) };
    if tree::content(&git, file.oid)?.pointer.is_some() {
        return Ok(no_entry(&commit));
    }
    Ok(decorate(&call, blob(&call, &git, &file)?, &commit, &file.path))
}

fn blob(call: &Call, git: &Repository, file: &Item) -> Result<ApiResponse, ApiError> {
    let bytes = git.find_blob(file.oid)?.content().to_vec();
    let media_type = media_type(&file.path, &bytes);
    Ok(ranges::serve(&call.headers, &format!("\"{}\"", file.oid), media_type, bytes))
}

fn small(call: &Call, repo: &Repo, commit: &str, file: &Item) -> ApiResponse {
    let etag = format!("\"{}\"", file.oid);
    if ranges::is_known(&call.headers, &etag) {
        return ApiResponse::text("").status(StatusCode::NOT_MODIFIED).header("etag", etag);
    }
    let (segment, name, path) = (repo.kind.api_segment(), repo.full_name(), links::path(&file.path));
    let original = format!("/{}{name}/resolve/{}/{}", repo.kind.prefix(), call.revision(), file.path);
    let query: String = call.query.iter().map(|(key, value)| format!("{}={}&", escape(key), escape(value))).collect();
    let location = format!(
        "/api/resolve-cache/{segment}/{name}/{commit}/{path}?{query}{}=&etag={}",
        escape(&original),
        escape(&etag)
    );
    ApiResponse::text(format!("Temporary Redirect. Redirecting to {location}"))
        .status(StatusCode::TEMPORARY_REDIRECT)
        .header("location", location)
}

fn large(call: &Call, file: &Item, pointer: &Pointer) -> ApiResponse {
    let linked = format!("\"{}\"", pointer.oid);
    let response = if ranges::is_known(&call.headers, &linked) {
        ApiResponse::text("").status(StatusCode::NOT_MODIFIED).header("etag", &linked)
    } else {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let location = sign(&call.hub, "GET", &format!("/lfs/{}", pointer.oid), &[("filename", name)]);
        let body = format!("Found. Redirecting to {location}");
        let digest = hex::encode(Sha256::digest(&body));
        ApiResponse::text(body)
            .status(StatusCode::FOUND)
            .header("location", location)
            .header("etag", format!("\"{}\"", digest.get(..40).unwrap_or_default()))
    };
    response.header("x-linked-size", pointer.size.to_string()).header("x-linked-etag", linked)
}

/// What every response about an existing file carries.
fn decorate(call: &Call, response: ApiResponse, commit: &str, path: &str) -> ApiResponse {
    let response =
        response.header("x-repo-commit", commit).header("accept-ranges", "bytes").header("vary", "Origin, Accept");
    if call.query_flag("noContentDisposition") {
        return response;
    }
    let kind = if call.query_flag("download") { "attachment" } else { "inline" };
    response.header("content-disposition", disposition(kind, path))
}

/// `Content-Disposition` of a file.
pub fn disposition(kind: &str, path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let plain: String = name.chars().map(|letter| if matches!(letter, ' '..='~') { letter } else { '?' }).collect();
    format!("{kind}; filename*=UTF-8''{}; filename=\"{}\";", escape(name), plain.replace(['"', '\\'], "_"))
}

/// The error names the commit too: clients remember the absence for it.
fn no_entry(commit: &str) -> ApiResponse {
    let error = ApiError::from(HubError::entry_not_found());
    ApiResponse::text(error.message.clone())
        .status(error.status)
        .header("x-error-code", error.code.unwrap_or_default())
        .header("x-error-message", error.message)
        .header("x-repo-commit", commit)
}

fn media_type(path: &str, bytes: &[u8]) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "pdf" => "application/pdf",
        _ if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
