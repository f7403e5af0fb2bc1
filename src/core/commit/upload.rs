//! The files that a commit adds: which are unchanged, which go inline, which are uploaded as large files.

use super::lines::quote;
use super::operation::{Change, Operation};
use super::plan::Commit;
use crate::core::body::{self, LfsObject, PreuploadFile};
use crate::core::call;
use crate::core::failure::Failure;
use crate::core::hash::{self, LargeFileId};
use crate::core::io::{Io, Read, Stop};
use crate::core::request::{Body, Request};
use crate::core::text::join;
use crate::endpoints::files::LFS_BATCH;
use crate::endpoints::repos::PREUPLOAD;
use crate::endpoints::{Endpoint, Method, Repeat};

/// Files asked for in one preupload or batch request.
const BATCH: usize = 100;
/// Bytes that preupload wants to see of each file.
const SAMPLE: u64 = 512;
/// Bytes hashed at a time.
const PIECE: u64 = 4 << 20;

/// A file to add. Neither large nor with content: there is nothing to do for it.
#[derive(Debug)]
pub struct Added {
    pub path: String,
    pub index: usize,
    pub size: u64,
    /// SHA-256 in hex, of a file to upload.
    pub large: Option<String>,
    /// Bytes to send inline.
    pub content: Option<Vec<u8>>,
}

/// The upload of a large file's bytes to where the batch answer says.
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
            Change::Add { index, size } => {
                Some(Added { path: operation.path.clone(), index, size, large: None, content: None })
            }
            _ => None,
        })
        .collect();
    let attributes = git_attributes(commit, &adds).await?;
    let mut left = adds.into_iter();
    loop {
        let batch: Vec<Added> = left.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok((added, head));
        }
        let (told, commit_oid) = preupload(commit, &batch, &attributes).await?;
        head = commit_oid.or(head);
        for file in batch {
            let Some(told) = told.iter().find(|told| told.path == file.path) else {
                return Err(malformed(&PREUPLOAD));
            };
            added.push(decide(commit, file, told).await?);
        }
    }
}

/// The member that tells preupload of a `.gitattributes` in the same commit.
async fn git_attributes<I: Io>(commit: &Commit<'_, I>, adds: &[Added]) -> Result<String, Stop> {
    let Some(file) = adds.iter().find(|file| file.path == ".gitattributes") else { return Ok(String::new()) };
    let content = commit.read(file.index, 0, file.size).await?;
    Ok([",\"gitAttributes\":", &quote(&String::from_utf8_lossy(&content))].concat())
}

async fn preupload<I: Io>(
    commit: &Commit<'_, I>,
    batch: &[Added],
    attributes: &str,
) -> Result<(Vec<PreuploadFile>, Option<String>), Stop> {
    let mut files = Vec::new();
    for file in batch {
        let sample = hash::base64(&commit.read(file.index, 0, file.size.min(SAMPLE)).await?);
        let size = file.size.to_string();
        files.push(["{\"path\":", &quote(&file.path), ",\"size\":", &size, ",\"sample\":\"", &sample, "\"}"].concat());
    }
    let text = ["{\"files\":[", &join(&files, ","), "]", attributes, "}"].concat();
    body::preupload(&commit.post(&PREUPLOAD, text).await?).ok_or_else(|| malformed(&PREUPLOAD))
}

async fn decide<I: Io>(commit: &Commit<'_, I>, mut file: Added, told: &PreuploadFile) -> Result<Added, Stop> {
    if told.ignored {
        return Ok(file);
    }
    // An empty file is never a large one, whatever the answer.
    if told.large && file.size > 0 {
        let oid = large_file_id(commit, &file).await?;
        file.large = (told.oid.as_deref() != Some(&oid)).then_some(oid);
    } else {
        let content = commit.read(file.index, 0, file.size).await?;
        // Without an id the file is sent again, which changes nothing.
        let oid = commit.io.sha1(&hash::blob(&content)).await?.map(|id| hash::hex(&id));
        file.content = (oid.is_none() || told.oid != oid).then_some(content);
    }
    Ok(file)
}

async fn large_file_id<I: Io>(commit: &Commit<'_, I>, file: &Added) -> Result<String, Stop> {
    let mut id = LargeFileId::default();
    let mut start = 0;
    while start < file.size {
        commit.progress("hash", &file.path, start, file.size);
        let end = (start + PIECE).min(file.size);
        id.push(&commit.read(file.index, start, end).await?);
        start = end;
    }
    commit.progress("hash", &file.path, file.size, file.size);
    Ok(id.finish())
}

/// Uploads the large files that the Hub does not have.
pub async fn send<I: Io>(commit: &Commit<'_, I>, added: &[Added]) -> Result<(), Stop> {
    let large: Vec<_> = added.iter().filter_map(|file| Some((file, file.large.as_deref()?))).collect();
    for batch in large.chunks(BATCH) {
        let objects: Vec<_> = batch.iter().map(|(file, oid)| object(oid, file.size)).collect();
        let head = "{\"operation\":\"upload\",\"transfers\":[\"basic\"],\"hash_algo\":\"sha256\",\"objects\":[";
        let text = [head, &join(&objects, ","), "]}"].concat();
        let told = body::lfs_batch(&commit.post(&LFS_BATCH, text).await?).ok_or_else(|| malformed(&LFS_BATCH))?;
        for (file, oid) in batch {
            let Some(object) = told.iter().find(|object| object.oid == *oid) else { return Err(malformed(&LFS_BATCH)) };
            transfer(commit, file, object).await?;
        }
    }
    Ok(())
}

fn object(oid: &str, size: u64) -> String {
    ["{\"oid\":\"", oid, "\",\"size\":", &size.to_string(), "}"].concat()
}

async fn transfer<I: Io>(commit: &Commit<'_, I>, file: &Added, told: &LfsObject) -> Result<(), Stop> {
    if let Some(error) = &told.error {
        return Err(Failure::protocol(&["the Hub refuses ", &quote(&file.path), ": ", error].concat())
            .of(&LFS_BATCH)
            .into());
    }
    if let Some(href) = &told.upload {
        commit.progress("upload", &file.path, 0, file.size);
        put(commit, &UPLOAD, href, Body::File { index: file.index, start: 0, end: file.size }).await?;
        commit.progress("upload", &file.path, file.size, file.size);
    }
    if let Some(href) = &told.verify {
        let text = object(&told.oid, file.size);
        put(commit, &VERIFY, href, Body::Text { media_type: "application/vnd.git-lfs+json", text }).await?;
    }
    Ok(())
}

/// The address of an upload carries its own right: it never gets the token, wherever it is. Verify is the Hub's.
async fn put<I: Io>(commit: &Commit<'_, I>, row: &'static Endpoint, href: &str, body: Body) -> Result<(), Stop> {
    let authorized = row.method == Method::Post;
    let request = Request { method: row.method.as_str(), url: href.to_owned(), headers: Vec::new(), body, authorized };
    call::send(commit.io, row, commit.policy, &request, Read::Text).await.map(|_| ())
}

fn malformed(row: &Endpoint) -> Stop {
    Failure::protocol(&["the answer of ", row.name, " is not of its form"].concat()).of(row).into()
}
