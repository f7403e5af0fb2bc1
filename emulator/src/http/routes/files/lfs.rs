//! The LFS batch protocol: where to upload and download large files, and whether they have arrived.

use axum::http::StatusCode;
use hf_wasm::endpoints::{Endpoint, Group, Method, Repeat, files as rows};
use serde_json::{Map, Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::http::signature::{SECONDS, sign};
use crate::hub::lfs;
use crate::hub::repos::{self, Repo};
use crate::json::{at, set};

const MEDIA_TYPE: &str = "application/vnd.git-lfs+json";
/// Most objects of one request.
const OBJECTS: usize = 1000;
/// Largest file.
const LARGEST: u64 = 500_000_000_000;

const VERIFY: Endpoint = Endpoint {
    name: "lfsVerify",
    method: Method::Post,
    path: "/{repo}.git/info/lfs/objects/verify",
    group: Group::Repos,
    repeat: Repeat::Idempotent,
    ..Endpoint::WRITE
};

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::LFS_BATCH, handler: handler!(batch) },
        Route { endpoint: &VERIFY, handler: handler!(verify) },
    ]
}

async fn batch(call: Call) -> response::Result {
    let repo = call.repo()?;
    let body = call.json()?;
    let upload = match body.get("operation").and_then(Value::as_str) {
        Some("upload") => true,
        Some("download") => false,
        _ => return Err(ApiError::new(422, "operation: expected \"upload\" or \"download\"")),
    };
    let objects = body.get("objects").and_then(Value::as_array);
    let objects = objects.ok_or_else(|| ApiError::new(422, "objects: expected an array"))?;
    if objects.len() > OBJECTS {
        return Err(ApiError::new(413, format!("Too many objects, at most {OBJECTS} are allowed")));
    }
    let transfers = body.get("transfers").and_then(Value::as_array);
    let parts = upload && transfers.is_some_and(|names| names.iter().any(|name| name == "multipart"));
    let answers: Vec<Value> = objects
        .iter()
        .map(|object| match read(object) {
            Err((code, message)) => Ok(failed(object, code, message)),
            Ok((oid, size)) if upload => to_upload(&call, repo, oid, size, parts),
            Ok((oid, size)) => to_download(&call, repo, object, oid, size),
        })
        .collect::<Result<_, ApiError>>()?;
    let in_parts = answers.iter().any(|object| !at(object, "actions.upload.header.chunk_size").is_null());
    let transfer = if in_parts { "multipart" } else { "basic" };
    let response = json!({ "transfer": transfer, "objects": answers, "hash_algo": "sha256" });
    Ok(ApiResponse::bytes(MEDIA_TYPE, response.to_string()))
}

fn read(object: &Value) -> Result<(&str, u64), (u16, &'static str)> {
    let oid = object.get("oid").and_then(Value::as_str).filter(|oid| lfs::is_oid(oid));
    let oid = oid.ok_or((422, "oid must be a sha256 in hexadecimal"))?;
    match object.get("size").and_then(Value::as_u64) {
        Some(size) if size > LARGEST => Err((413, "The file is too large: at most 500 GB are allowed")),
        Some(size) => Ok((oid, size)),
        None => Err((422, "size must be a whole number")),
    }
}

fn failed(object: &Value, code: u16, message: &str) -> Value {
    let (oid, size) = (object.get("oid").cloned(), object.get("size").cloned());
    json!({ "oid": oid, "size": size, "error": { "code": code, "message": message } })
}

/// Asks for an upload unless this very repository has the object: who knows only its hash must not get it.
fn to_upload(call: &Call, repo: &Repo, oid: &str, size: u64, parts: bool) -> Result<Value, ApiError> {
    let mut response = json!({ "oid": oid, "size": size, "authenticated": true });
    if lfs::size_in(&call.hub, &repo.id, oid)? == Some(size) {
        return Ok(response);
    }
    let upload =
        if parts && size > call.hub.part_size { in_parts(call, repo, oid, size) } else { whole(call, repo, oid, size) };
    let verify = json!({ "href": format!("{}.git/info/lfs/objects/verify", repo.url(&call.hub)), "header": {} });
    set(&mut response, "actions", json!({ "upload": upload, "verify": verify }));
    Ok(response)
}

fn whole(call: &Call, repo: &Repo, oid: &str, size: u64) -> Value {
    let href = sign(&call.hub, "PUT", &format!("/lfs/{oid}"), &promise(repo, &size.to_string()));
    json!({ "href": href, "header": {}, "expires_in": SECONDS })
}

fn in_parts(call: &Call, repo: &Repo, oid: &str, size: u64) -> Value {
    let upload = repos::new_id(&call.hub);
    let most = call.hub.part_size;
    let mut header = Map::from_iter([("chunk_size".to_owned(), json!(most.to_string()))]);
    for part in 1..=size.div_ceil(most) {
        let length = most.min(size - (part - 1) * most);
        let href = sign(&call.hub, "PUT", &format!("/lfs/{oid}/{part}"), &part_of(repo, &length.to_string(), &upload));
        header.insert(format!("{part:05}"), json!(href));
    }
    let href = sign(&call.hub, "POST", &format!("/lfs/{oid}"), &part_of(repo, &size.to_string(), &upload));
    json!({ "href": href, "header": header, "expires_in": SECONDS })
}

/// What the address of an upload says of it.
fn promise<'a>(repo: &'a Repo, size: &'a str) -> [(&'static str, &'a str); 2] {
    [("repo", &repo.id), ("size", size)]
}

/// The same of an upload in parts. Its id is in the query: another upload has the same paths, as in object stores.
fn part_of<'a>(repo: &'a Repo, size: &'a str, upload: &'a str) -> [(&'static str, &'a str); 3] {
    let [repo, size] = promise(repo, size);
    [("uploadId", upload), repo, size]
}

fn to_download(call: &Call, repo: &Repo, object: &Value, oid: &str, size: u64) -> Result<Value, ApiError> {
    if lfs::size_in(&call.hub, &repo.id, oid)? != Some(size) {
        return Ok(failed(object, 404, "Object does not exist on the server"));
    }
    let href = sign(&call.hub, "GET", &format!("/lfs/{oid}"), &[]);
    let download = json!({ "href": href, "header": {}, "expires_in": SECONDS });
    Ok(json!({ "oid": oid, "size": size, "authenticated": true, "actions": { "download": download } }))
}

async fn verify(call: Call) -> response::Result {
    let body = call.json()?;
    let (oid, size) = read(&body).map_err(|(code, message)| ApiError::new(code, message))?;
    match lfs::size_in(&call.hub, &call.repo()?.id, oid)? {
        None => Err(ApiError::not_found("Object does not exist on the server")),
        Some(stored) if stored != size => Err(ApiError::new(422, format!("The size of the object is {stored}"))),
        Some(_) => Ok(ApiResponse::bytes(MEDIA_TYPE, "{}").status(StatusCode::OK)),
    }
}
