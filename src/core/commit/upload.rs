//! The files that a commit adds: which are unchanged, which go inline, which are uploaded as large files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::lines::quote;
use super::operation::{Change, Operation};
use super::plan::Commit;
use crate::core::body::{LfsBatch, LfsObject, Preupload, PreuploadFile};
use crate::core::call;
use crate::core::failure::Failure;
use crate::core::hash::{self, LargeFileId};
use crate::core::io::{Io, Reply, Stop};
use crate::core::request::{Body, Request};
use crate::endpoints::files::LFS_BATCH;
use crate::endpoints::repos::PREUPLOAD;
use crate::endpoints::{Endpoint, Method, Repeat};

/// Files asked for in one preupload or batch request.
const BATCH: usize = 100;
/// Bytes that preupload wants to see of each file.
const SAMPLE: f64 = 512.0;
/// Bytes hashed at a time.
const PIECE: f64 = 4_194_304.0;

/// A file to add. Neither large nor with content: there is nothing to do for it.
#[derive(Debug)]
pub struct Added {
    pub path: String,
    pub index: usize,
    pub size: f64,
    pub large: Option<Large>,
    /// Bytes to send inline.
    pub content: Option<Vec<u8>>,
}

#[derive(Debug)]
pub struct Large {
    /// SHA-256 in hex.
    pub oid: String,
}

/// The upload of a large file's bytes to where the batch answer says. The address carries its own right, so it is
/// not the Hub's and gets no token.
const UPLOAD: Endpoint = Endpoint { name: "commit", method: Method::Put, repeat: Repeat::Always, ..PREUPLOAD };
const VERIFY: Endpoint = Endpoint { method: Method::Post, ..UPLOAD };

/// Asks for every added file how it is to be sent; also gives the head commit of the branch.
pub async fn prepare<I: Io>(
    commit: &Commit<'_, I>,
    operations: &[Operation],
) -> Result<(Vec<Added>, Option<String>), Stop> {
    let mut added = Vec::new();
    let mut head = None;
    let adds: Vec<_> = operations
        .iter()
        .filter_map(|operation| match operation.change {
            Change::Add { index, size } => Some((operation.path.as_str(), index, size)),
            _ => None,
        })
        .collect();
    for batch in adds.chunks(BATCH) {
        let reply = preupload(commit, batch, &adds).await?;
        head = reply.commit_oid.or(head);
        for &(path, index, size) in batch {
            let told = reply.files.iter().find(|file| file.path == path).ok_or_else(|| {
                Failure::protocol(format!("the answer to preupload says nothing of \"{path}\"")).of(&PREUPLOAD)
            })?;
            added.push(decide(commit, path, index, size, told).await?);
        }
    }
    Ok((added, head))
}

type Add<'a> = (&'a str, usize, f64);

async fn preupload<I: Io>(commit: &Commit<'_, I>, batch: &[Add<'_>], all: &[Add<'_>]) -> Result<Preupload, Stop> {
    let mut files = Vec::new();
    for &(path, index, size) in batch {
        let sample = STANDARD.encode(commit.io.read(index, 0.0, size.min(SAMPLE)).await?);
        files.push(format!("{{\"path\":{},\"size\":{size},\"sample\":\"{sample}\"}}", quote(path)));
    }
    let mut text = format!("{{\"files\":[{}]", files.join(","));
    if let Some(&(_, index, size)) = all.iter().find(|(path, ..)| *path == ".gitattributes") {
        let content = commit.io.read(index, 0.0, size).await?;
        text.push_str(&format!(",\"gitAttributes\":{}", quote(&String::from_utf8_lossy(&content))));
    }
    text.push('}');
    let reply = commit.post(&PREUPLOAD, text).await?;
    I::Reply::parse(&reply)
        .ok_or_else(|| Failure::protocol("the answer to preupload is not of its form").of(&PREUPLOAD).into())
}

async fn decide<I: Io>(
    commit: &Commit<'_, I>,
    path: &str,
    index: usize,
    size: f64,
    told: &PreuploadFile,
) -> Result<Added, Stop> {
    let mut added = Added { path: path.to_owned(), index, size, large: None, content: None };
    if told.should_ignore {
        return Ok(added);
    }
    // An empty file is never a large one, whatever the answer.
    if told.upload_mode == "lfs" && size > 0.0 {
        let oid = large_file_id(commit, path, index, size).await?;
        added.large = (told.oid.as_deref() != Some(&oid)).then_some(Large { oid });
    } else {
        let content = commit.io.read(index, 0.0, size).await?;
        added.content = (told.oid.as_deref() != Some(&hash::blob_id(&content))).then_some(content);
    }
    Ok(added)
}

async fn large_file_id<I: Io>(commit: &Commit<'_, I>, path: &str, index: usize, size: f64) -> Result<String, Stop> {
    let mut id = LargeFileId::default();
    let mut start = 0.0;
    while start < size {
        commit.progress("hash", path, start, size);
        let end = (start + PIECE).min(size);
        id.push(&commit.io.read(index, start, end).await?);
        start = end;
    }
    commit.progress("hash", path, size, size);
    Ok(id.finish())
}

/// Uploads the large files that the Hub does not have.
pub async fn send<I: Io>(commit: &Commit<'_, I>, added: &[Added]) -> Result<(), Stop> {
    let large: Vec<_> = added.iter().filter_map(|file| Some((file, file.large.as_ref()?))).collect();
    for batch in large.chunks(BATCH) {
        let objects: Vec<_> =
            batch.iter().map(|(file, large)| format!("{{\"oid\":\"{}\",\"size\":{}}}", large.oid, file.size)).collect();
        let text = format!(
            "{{\"operation\":\"upload\",\"transfers\":[\"basic\"],\"hash_algo\":\"sha256\",\"objects\":[{}]}}",
            objects.join(",")
        );
        let reply = commit.post(&LFS_BATCH, text).await?;
        let answer: LfsBatch = I::Reply::parse(&reply)
            .ok_or_else(|| Failure::protocol("the answer to the LFS batch is not of its form").of(&LFS_BATCH))?;
        for (file, large) in batch {
            let object = answer.objects.iter().find(|object| object.oid == large.oid).ok_or_else(|| {
                Failure::protocol(format!("the answer to the LFS batch says nothing of \"{}\"", file.path))
                    .of(&LFS_BATCH)
            })?;
            transfer(commit, file, object).await?;
        }
    }
    Ok(())
}

async fn transfer<I: Io>(commit: &Commit<'_, I>, file: &Added, object: &LfsObject) -> Result<(), Stop> {
    if let Some(error) = &object.error {
        return Err(Failure::protocol(format!("the Hub refuses \"{}\": {}", file.path, error.message))
            .of(&LFS_BATCH)
            .into());
    }
    // No action: the Hub has these bytes already.
    let Some(actions) = &object.actions else { return Ok(()) };
    if let Some(action) = &actions.upload {
        commit.progress("upload", &file.path, 0.0, file.size);
        let body = Body::File { index: file.index, start: 0.0, end: file.size };
        put(commit, &UPLOAD, &action.href, body).await?;
        commit.progress("upload", &file.path, file.size, file.size);
    }
    if let Some(action) = &actions.verify {
        let text = format!("{{\"oid\":\"{}\",\"size\":{}}}", object.oid, file.size);
        put(commit, &VERIFY, &action.href, Body::Text { media_type: "application/vnd.git-lfs+json", text }).await?;
    }
    Ok(())
}

async fn put<I: Io>(commit: &Commit<'_, I>, row: &'static Endpoint, href: &str, body: Body) -> Result<(), Stop> {
    let request = Request {
        method: row.method.as_str(),
        url: href.to_owned(),
        headers: Vec::new(),
        body,
        authorized: row.method == Method::Post,
    };
    call::send(commit.io, row, commit.policy, &request, I::Reply::text).await.map(|_| ())
}
