//! Uploads of large files, before the commit that names them: whole, or in parts where the Hub wants them so.
//!
//! An address holds for a while only. Where one has expired, the Hub is asked again, and what has arrived stays if it names
//! the same upload.

use std::cell::{Cell, RefCell};

use super::places::Places;
use super::requests::{self, malformed};
use super::{BATCH, Commit, CommitCall, CommitIo, Content, pool};
use crate::core::body::{self, LfsAction};
use crate::core::failure::Failure;
use crate::core::headers::Headers;
use crate::core::io::{CallError, Reply};
use crate::core::json::Json;
use crate::endpoints::files::LFS_BATCH;

/// How often the Hub may name new addresses for a file of which no more arrives.
const MOST_IN_VAIN: u32 = 2;

/// A large file on its way.
struct Upload {
    oid: String,
    size: u64,
    path: String,
    /// The caller's file that holds it.
    index: usize,
    pieces: Vec<Piece>,
    /// Makes one file of the pieces.
    complete: Option<LfsAction>,
    verify: Option<LfsAction>,
    is_done: Cell<bool>,
    /// Why an address is good for nothing any more.
    expired: RefCell<Option<Box<Failure>>>,
    /// Pieces that had arrived when the Hub was asked last, and how often it was asked in vain.
    had: usize,
    in_vain: u32,
}

/// Bytes that go up in one request.
struct Piece {
    to: LfsAction,
    start: u64,
    end: u64,
    /// Once it has arrived.
    etag: RefCell<Option<String>>,
}

impl<I: CommitIo> Commit<'_, I> {
    /// Uploads each large file that the Hub does not have yet, once.
    pub(super) async fn upload(&mut self) -> Result<(), CallError> {
        let mut uploads = self.uploads();
        for batch in uploads.chunks_mut(BATCH) {
            while batch.iter().any(|upload| !upload.is_done.get()) {
                self.find_addresses(batch).await?;
                let open = batch.iter().filter(|upload| !upload.is_done.get());
                let transfers = open.flat_map(|upload| {
                    let left = upload.pieces.iter().filter(|piece| piece.etag.borrow().is_none());
                    let transfers: Vec<_> = left.map(Some).collect();
                    // What has arrived whole is to be completed and verified.
                    let transfers = if transfers.is_empty() { vec![None] } else { transfers };
                    transfers
                        .into_iter()
                        .map(|piece| (piece.map_or(0, |piece| piece.end - piece.start), self.transfer(upload, piece)))
                });
                self.io.waiting(pool::run(transfers)).await??;
            }
        }
        Ok(())
    }

    /// Asks where the files go that have not arrived yet.
    async fn find_addresses(&self, uploads: &mut [Upload]) -> Result<(), CallError> {
        let mut open: Vec<_> = uploads.iter_mut().filter(|upload| !upload.is_done.get()).collect();
        let asked: Vec<_> = open.iter().map(|upload| requests::object(&upload.oid, upload.size)).collect();
        let request = self.requests.lfs_batch(&asked)?;
        let reply = self.io.call(CommitCall::LfsBatch, &request).await?.into_value();
        let transfer = reply.string_of("transfer").unwrap_or_default();
        if !["", "basic", "multipart"].contains(&&*transfer) {
            return Err(requests::not_offered(&transfer).into());
        }
        let objects = body::lfs_batch(&reply).ok_or_else(|| malformed(&LFS_BATCH))?;
        for upload in &mut open {
            let object = objects.iter().find(|object| object.oid == upload.oid);
            let object = object.ok_or_else(|| malformed(&LFS_BATCH))?;
            if let Some(error) = &object.error {
                return Err(requests::refused(&upload.path, error).into());
            }
            upload.verify.clone_from(&object.verify);
            // The Hub names no address for what it has.
            upload.go_to(object.upload.as_ref())?;
            let arrived = upload.arrived();
            self.progress("upload", &upload.path, arrived, upload.size);
        }
        Ok(())
    }

    /// Sends one piece of a file. The last to arrive completes the file.
    async fn transfer(&self, upload: &Upload, piece: Option<&Piece>) -> Result<(), CallError> {
        if upload.expired.borrow().is_some() {
            return Ok(());
        }
        if let Some(piece) = piece {
            let request = self.requests.upload::<I>(&piece.to, upload.index, piece.start, piece.end)?;
            let Some(reply) = upload.unless_expired(self.io.start(CommitCall::Upload, &request).await)? else {
                return Ok(());
            };
            let etag = reply.header("etag");
            if etag.is_none() && upload.complete.is_some() {
                return Err(requests::untagged().into());
            }
            piece.etag.replace(Some(etag.unwrap_or_default()));
            let arrived = upload.arrived();
            if upload.pieces.iter().any(|piece| piece.etag.borrow().is_none()) {
                self.progress("upload", &upload.path, arrived, upload.size);
                return Ok(());
            }
        }
        if let Some(action) = &upload.complete {
            let etags: Vec<_> =
                upload.pieces.iter().map(|piece| piece.etag.borrow().clone().unwrap_or_default()).collect();
            let request = self.requests.complete::<I>(action, &upload.oid, &etags)?;
            if upload.unless_expired(self.io.start(CommitCall::Complete, &request).await)?.is_none() {
                return Ok(());
            }
        }
        if let Some(action) = &upload.verify {
            let request = self.requests.verify::<I>(action, requests::object(&upload.oid, upload.size))?;
            self.io.start(CommitCall::Verify, &request).await?;
        }
        upload.is_done.set(true);
        self.progress("upload", &upload.path, upload.size, upload.size);
        Ok(())
    }

    /// The large files that are added, each content once.
    fn uploads(&self) -> Vec<Upload> {
        let mut seen = Places::default();
        let mut uploads = Vec::new();
        for (at, content) in self.contents.iter().enumerate() {
            if let (Content::Large { oid, size }, Some((path, index, _))) = (content, self.added(at))
                && seen.insert(oid, at).is_none()
            {
                uploads.push(Upload {
                    oid: oid.clone(),
                    size: *size,
                    path,
                    index,
                    pieces: Vec::new(),
                    complete: None,
                    verify: None,
                    is_done: Cell::new(false),
                    expired: RefCell::default(),
                    had: 0,
                    in_vain: 0,
                });
            }
        }
        uploads
    }
}

impl Upload {
    /// Takes the addresses that the Hub names.
    fn go_to(&mut self, action: Option<&LfsAction>) -> Result<(), Box<Failure>> {
        let mut pieces = match action {
            None => Vec::new(),
            Some(action) => match &action.parts {
                None => vec![Piece { to: action.clone(), start: 0, end: self.size, etag: RefCell::default() }],
                Some(parts) => {
                    let size = parts.size.filter(|size| *size > 0).ok_or_else(|| malformed(&LFS_BATCH))?;
                    let mut pieces = Vec::new();
                    for number in 1..=self.size.div_ceil(size) {
                        // The Hub may name no more and no fewer parts than that.
                        let url = parts.urls.iter().find(|(of, _)| *of == number);
                        let (_, url) = url.ok_or_else(|| malformed(&LFS_BATCH))?;
                        let (start, end) = ((number - 1) * size, self.size.min(number * size));
                        let to = LfsAction { href: url.clone(), ..LfsAction::default() };
                        pieces.push(Piece { to, start, end, etag: RefCell::default() });
                    }
                    if pieces.len() != parts.urls.len() {
                        return Err(malformed(&LFS_BATCH));
                    }
                    pieces
                }
            },
        };
        for (piece, before) in pieces.iter_mut().zip(&self.pieces) {
            if place(&piece.to.href) == place(&before.to.href) && piece.end == before.end {
                piece.etag.replace(before.etag.take());
            }
        }
        let has = pieces.iter().filter(|piece| piece.etag.borrow().is_some()).count();
        if let Some(failure) = self.expired.take() {
            self.in_vain = if has > self.had { 0 } else { self.in_vain + 1 };
            if self.in_vain > MOST_IN_VAIN {
                return Err(failure);
            }
        }
        self.had = has;
        self.complete = action.filter(|action| action.parts.is_some()).cloned();
        self.pieces = pieces;
        Ok(())
    }

    /// Bytes that have arrived.
    fn arrived(&self) -> u64 {
        let arrived = self.pieces.iter().filter(|piece| piece.etag.borrow().is_some());
        arrived.map(|piece| piece.end - piece.start).sum()
    }

    /// What came of a request; None where its address has expired, or leads to an upload that is no more.
    fn unless_expired<T>(&self, outcome: Result<T, CallError>) -> Result<Option<T>, CallError> {
        match outcome {
            Err(CallError::Failed(failure)) if matches!(failure.status, Some(400 | 401 | 403 | 404 | 410)) => {
                self.expired.replace(Some(failure));
                Ok(None)
            }
            outcome => outcome.map(Some),
        }
    }
}

/// What is the same in two addresses of one part: all but the signature.
fn place(url: &str) -> (&str, Option<&str>) {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    (address, query.split('&').find(|pair| pair.starts_with("uploadId=")))
}
