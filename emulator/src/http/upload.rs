//! Uploads to the second origin: whole or in parts, streamed to disk, kept only when size and sha256 are as promised.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::Response;
use futures_util::StreamExt;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::http::app::App;
use crate::http::cdn::PlainTextError;
use crate::http::error::ApiError;
use crate::http::response::ApiResponse;
use crate::hub::lfs::{self, Incoming};
use crate::hub::{Hub, names};

/// Longest body that completes an upload in parts.
const COMPLETION: usize = 10_000_000;

/// Signed with the URL, so it is what the batch response promised.
#[derive(Debug, Deserialize)]
pub struct Promised {
    size: u64,
    /// Id of the repository that will have the object.
    repo: String,
}

/// Which upload in parts it is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    upload_id: String,
}

#[derive(Debug, Deserialize)]
struct Completion {
    oid: String,
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    part_number: u64,
    etag: String,
}

pub async fn whole(
    State(app): State<Arc<App>>,
    Path(oid): Path<String>,
    Query(promised): Query<Promised>,
    request: Request,
) -> Result<Response<Body>, PlainTextError> {
    let incoming = receive(&app.hub, request.into_body(), promised.size).await?;
    keep(&app.hub, incoming, &oid, &promised.repo)?;
    Ok(ApiResponse::text("").header("etag", format!("\"{oid}\"")).http)
}

pub async fn part(
    State(app): State<Arc<App>>,
    Path((_, part)): Path<(String, u64)>,
    Query(promised): Query<Promised>,
    Query(upload): Query<Upload>,
    request: Request,
) -> Result<Response<Body>, PlainTextError> {
    let folder = folder(&app.hub, &upload.upload_id)?;
    let incoming = receive(&app.hub, request.into_body(), promised.size).await?;
    let etag = etag(&incoming.oid());
    fs::create_dir_all(&folder).map_err(ApiError::from)?;
    incoming.move_to(&folder.join(part.to_string()))?;
    Ok(ApiResponse::text("").header("etag", etag).http)
}

pub async fn complete(
    State(app): State<Arc<App>>,
    Path(oid): Path<String>,
    Query(promised): Query<Promised>,
    Query(upload): Query<Upload>,
    request: Request,
) -> Result<Response<Body>, PlainTextError> {
    let body = to_bytes(request.into_body(), COMPLETION).await;
    let body = body.map_err(|error| ApiError::bad_request(error.to_string()))?;
    let completion: Completion =
        serde_json::from_slice(&body).map_err(|error| ApiError::bad_request(format!("Invalid JSON: {error}")))?;
    if completion.oid != oid {
        return Err(ApiError::bad_request(format!("The upload is of {oid}")).into());
    }
    let folder = folder(&app.hub, &upload.upload_id)?;
    let mut incoming = Incoming::new(&app.hub)?;
    for (expected, part) in (1..).zip(&completion.parts) {
        let content = fs::read(folder.join(expected.to_string())).ok().filter(|_| part.part_number == expected);
        let content = content.ok_or_else(|| ApiError::bad_request(format!("Part {expected} is missing")))?;
        if etag(&hex::encode(Sha256::digest(&content))).trim_matches('"') != part.etag.trim_matches('"') {
            return Err(ApiError::bad_request(format!("The ETag of part {expected} is another one")).into());
        }
        incoming.write(&content)?;
        tokio::task::yield_now().await;
    }
    if incoming.size != promised.size {
        return Err(ApiError::bad_request(format!("Parts of {} bytes make up {}", promised.size, incoming.size)).into());
    }
    keep(&app.hub, incoming, &oid, &promised.repo)?;
    fs::remove_dir_all(folder).map_err(ApiError::from)?;
    Ok(ApiResponse::bytes("application/vnd.git-lfs+json", "{}").http)
}

async fn receive(hub: &Hub, body: Body, size: u64) -> Result<Incoming, ApiError> {
    let mut incoming = Incoming::new(hub)?;
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        incoming.write(&chunk.map_err(|error| ApiError::bad_request(error.to_string()))?)?;
        if incoming.size > size {
            return Err(ApiError::bad_request(format!("The body is longer than {size} bytes")));
        }
    }
    if incoming.size < size {
        return Err(ApiError::bad_request(format!("The body has {} bytes of {size}", incoming.size)));
    }
    Ok(incoming)
}

fn keep(hub: &Hub, incoming: Incoming, oid: &str, repo_id: &str) -> Result<(), ApiError> {
    let found = incoming.oid();
    if found != oid || !lfs::is_oid(oid) {
        return Err(ApiError::bad_request(format!("The sha256 of the content is {found}, not {oid}")));
    }
    incoming.keep(hub, repo_id)?;
    Ok(())
}

fn folder(hub: &Hub, upload: &str) -> Result<PathBuf, ApiError> {
    let upload = names::check_path(upload)?;
    Ok(hub.data.join("lfs").join("parts").join(upload))
}

fn etag(sha256: &str) -> String {
    format!("\"{}\"", sha256.get(..32).unwrap_or_default())
}
