//! A commit, from operations to one NDJSON request: plan, ask how each file is sent, leave out what is unchanged,
//! upload what is large, send the rest inline.

pub mod lines;
mod operation;
mod plan;
mod requests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use operation::{Change, Operation, field};

use self::lines::Lines;
use self::plan::Step;
use self::requests::{Requests, malformed};
use super::args::Args;
use super::body::{self, Entry};
use super::call;
use super::failure::{Failure, Kind};
use super::hash::{self, LargeFileId};
use super::io::{Io, Notice, Read, Reply, Stop};
use super::json::Json;
use super::request::Request;
use super::retry::Policy;
use crate::endpoints::Endpoint;
use crate::endpoints::files::{FILE_HEADERS, LFS_BATCH, PATHS_INFO, RESOLVE};
use crate::endpoints::repos::{COMMIT, PREUPLOAD};

/// Files asked for in one preupload or LFS batch request.
const BATCH: usize = 256;
/// Paths asked for in one paths-info request; the Hub refuses more.
const PATHS: usize = 1000;
/// Bytes that preupload wants to see of each file.
const SAMPLE: u64 = 512;
/// Bytes hashed at a time.
const PIECE: u64 = 4 << 20;
/// Bytes of the largest file that is sent within the commit. The Hub wants no more than 10 MB there.
const INLINE: u64 = 256 << 20;
/// Work between two yields to the event loop, in bytes. A file counts for some thousand beside its content.
const SLICE: u64 = 8 << 20;
const FILE_COST: u64 = 16 << 10;

/// How a commit ended.
#[derive(Debug)]
pub struct Outcome<V> {
    /// The Hub's reply; None where nothing had changed and no commit was made.
    pub reply: Option<V>,
    /// The new commit, or the branch's head where none was made.
    pub commit_oid: Option<String>,
    /// Paths left out because their content is unchanged.
    pub skipped: Vec<String>,
    /// Paths left out because `.gitignore` excludes them.
    pub ignored: Vec<String>,
    /// What the Hub finds wrong with the metadata in README.md, though it accepts it.
    pub warnings: Vec<String>,
}

/// What is known of the content that an operation writes.
enum Content {
    /// Nothing, and nothing is needed.
    None,
    /// A regular file.
    Inline(Vec<u8>),
    /// A large file.
    Large { oid: String, size: u64 },
    /// What the parent commit has at the path.
    Unchanged,
    /// `.gitignore` excludes the path.
    Ignored,
}

/// Carries out a commit.
pub async fn run<I: Io>(
    io: &I,
    args: &Args,
    policy: Policy,
    operations: Vec<Operation>,
) -> Result<Outcome<<I::Reply as Reply>::Value>, Stop> {
    let requests = Requests::new(args, io.endpoint(), io.origin())?;
    let steps = plan::plan(&operations)?;
    let contents = operations.iter().map(|_| Content::None).collect();
    let mut commit = Commit { io, policy, requests, operations, steps, contents, head: None, work: 0 };
    commit.read_sources().await?;
    commit.preupload().await?;
    let warnings = commit.validate_card().await?;
    commit.upload().await?;
    commit.finish(warnings).await
}

/// A commit on its way.
struct Commit<'a, I> {
    io: &'a I,
    policy: Policy,
    requests: Requests<'a>,
    operations: Vec<Operation>,
    /// What is left for each operation to do.
    steps: Vec<Step>,
    /// What each operation writes.
    contents: Vec<Content>,
    /// Head commit of the branch, where preupload named it.
    head: Option<String>,
    /// Work done since the last yield to the event loop.
    work: u64,
}

impl<I: Io> Commit<'_, I> {
    /// Finds out what renames and copies write: by reference where the file is large, else its bytes.
    async fn read_sources(&mut self) -> Result<(), Stop> {
        let mut entries = Vec::new();
        for (revision, paths) in self.wanted() {
            for entry in self.paths_info(&paths, revision.as_deref()).await? {
                entries.push((key(revision.as_deref(), &entry.path), entry));
            }
        }
        let places: BTreeMap<&str, usize> =
            entries.iter().enumerate().map(|(at, (key, _))| (key.as_str(), at)).collect();
        let find = |revision: Option<&str>, path: &str| {
            places.get(key(revision, path).as_str()).and_then(|at| entries.get(*at)).map(|(_, entry)| entry)
        };
        for at in 0..self.operations.len() {
            let Some(operation) = self.operations.get(at) else { continue };
            let Some((from, revision)) = operation.source() else { continue };
            let entry = find(revision, from).ok_or_else(|| requests::missing(at, from))?;
            let (step, copies) = (self.step(at), matches!(operation.change, Change::Copy { .. }));
            let target = find(None, &operation.path).filter(|_| copies);
            let content = match &entry.lfs {
                _ if target.is_some_and(|target| target.same_content(entry)) && self.stays(step) => Content::Unchanged,
                Some((oid, size)) => Content::Large { oid: oid.clone(), size: *size },
                // The server moves the file itself.
                None if step.moves => Content::None,
                None => {
                    let request = self.requests.download(from, revision)?;
                    Content::Inline(self.send(&RESOLVE, &request, Read::Bytes).await?.bytes())
                }
            };
            self.set(at, content);
        }
        Ok(())
    }

    /// The paths to ask about, by revision.
    fn wanted(&self) -> Vec<(Option<String>, Vec<String>)> {
        let mut wanted: Vec<(Option<String>, Vec<String>)> = Vec::new();
        let mut want = |revision: Option<&str>, path: &str| match wanted
            .iter_mut()
            .find(|(known, _)| known.as_deref() == revision)
        {
            Some((_, paths)) => paths.push(path.to_owned()),
            None => wanted.push((revision.map(str::to_owned), vec![path.to_owned()])),
        };
        for operation in &self.operations {
            let Some((from, revision)) = operation.source() else { continue };
            want(revision, from);
            if let Change::Copy { .. } = operation.change {
                // A copy onto a file of the same content changes nothing.
                want(None, &operation.path);
            }
        }
        wanted
    }

    /// Describes the files at these paths. A server that does not know paths-info is asked for each.
    async fn paths_info(&mut self, paths: &[String], revision: Option<&str>) -> Result<Vec<Entry>, Stop> {
        let mut entries = Vec::new();
        for batch in paths.chunks(PATHS) {
            let request = self.requests.paths_info(batch, revision)?;
            match self.send(&PATHS_INFO, &request, Read::Json).await {
                Ok(reply) => entries.extend(body::entries(&reply.value()).ok_or_else(|| malformed(&PATHS_INFO))?),
                Err(Stop::Failed(failure)) if failure.is_unsupported() || matches!(failure.status, Some(400 | 422)) => {
                    for path in batch {
                        entries.extend(self.head(path, revision).await?);
                    }
                }
                Err(stop) => return Err(stop),
            }
        }
        Ok(entries)
    }

    /// Describes one file by the headers of its download.
    async fn head(&self, path: &str, revision: Option<&str>) -> Result<Option<Entry>, Stop> {
        let request = self.requests.head(path, revision)?;
        match self.send(&FILE_HEADERS, &request, Read::Head).await {
            Ok(reply) => Ok(Some(Entry::of_headers(path, &reply))),
            Err(Stop::Failed(failure)) if failure.kind == Kind::NotFound => Ok(None),
            Err(stop) => Err(stop),
        }
    }

    /// Asks how the files to add are sent, and reads or hashes them.
    async fn preupload(&mut self) -> Result<(), Stop> {
        let mut added = Vec::new();
        let (mut attributes, mut ignore) = (None, None);
        for at in 0..self.operations.len() {
            let Some((path, index, size)) = self.added(at) else { continue };
            // Preupload follows the files that this commit brings.
            if matches!(path.as_str(), ".gitattributes" | ".gitignore") {
                let text = String::from_utf8_lossy(&self.read(index, 0, size).await?).into_owned();
                *(if path == ".gitignore" { &mut ignore } else { &mut attributes }) = Some(text);
            }
            added.push((at, path, index, size));
        }
        for batch in added.chunks(BATCH) {
            let mut samples = Vec::new();
            for (_, path, index, size) in batch {
                samples.push(requests::sample(path, *size, &self.read(*index, 0, SAMPLE.min(*size)).await?));
            }
            let request = self.requests.preupload(&samples, attributes.as_deref(), ignore.as_deref())?;
            let reply = self.send(&PREUPLOAD, &request, Read::Json).await?.value();
            let (files, head) = body::preupload(&reply).ok_or_else(|| malformed(&PREUPLOAD))?;
            self.head = head.or(self.head.take());
            let places: BTreeMap<&str, usize> =
                files.iter().enumerate().map(|(at, file)| (file.path.as_str(), at)).collect();
            for (at, path, index, size) in batch {
                let file = places.get(path.as_str()).and_then(|at| files.get(*at));
                let file = file.ok_or_else(|| malformed(&PREUPLOAD))?;
                let known = file.oid.as_deref().filter(|_| self.stays(self.step(*at)));
                let content = if file.ignored {
                    Content::Ignored
                // An empty file is never a large one, whatever the reply says.
                } else if file.large && *size > 0 {
                    self.large(path, *index, *size, known).await?
                } else {
                    self.regular(path, *index, *size, known).await?
                };
                self.set(*at, content);
            }
        }
        Ok(())
    }

    async fn large(&mut self, path: &str, index: usize, size: u64, known: Option<&str>) -> Result<Content, Stop> {
        let mut id = LargeFileId::default();
        let mut start = 0;
        while start < size {
            self.progress("hash", path, start, size);
            let piece = self.read(index, start, size.min(start + PIECE)).await?;
            if piece.is_empty() {
                return Err(requests::changed(path).into());
            }
            id.push(&piece);
            start += piece.len() as u64;
        }
        self.progress("hash", path, size, size);
        let oid = id.finish();
        Ok(if known == Some(oid.as_str()) { Content::Unchanged } else { Content::Large { oid, size } })
    }

    async fn regular(&mut self, path: &str, index: usize, size: u64, known: Option<&str>) -> Result<Content, Stop> {
        if size > INLINE {
            return Err(requests::refused(path, "it wants it within the commit, which is too large for that").into());
        }
        let content = self.read(index, 0, size).await?;
        if let Some(known) = known {
            // Where the runtime has no SHA-1 the file is sent again, which does no harm.
            let oid = self.io.sha1(&hash::blob(&content)).await?;
            if oid.is_some_and(|oid| hash::hex(&oid) == known) {
                return Ok(Content::Unchanged);
            }
        }
        Ok(Content::Inline(content))
    }

    /// Lets the Hub judge the metadata of a new README.md before anything large is uploaded; returns its warnings.
    async fn validate_card(&mut self) -> Result<Vec<String>, Stop> {
        let is_card = |operation: &Operation| operation.path == "README.md" && operation.change != Change::Delete;
        let Some(at) = self.operations.iter().position(is_card) else { return Ok(Vec::new()) };
        let Some(Content::Inline(content)) = self.contents.get(at) else { return Ok(Vec::new()) };
        let request = self.requests.validate_card(&String::from_utf8_lossy(content))?;
        match self.send(&requests::VALIDATE_CARD, &request, Read::Json).await {
            Ok(reply) => Ok(body::warnings(&reply.value())),
            Err(Stop::Failed(failure)) if failure.kind == Kind::InvalidInput && !failure.is_unsupported() => {
                let mut refused = Failure::invalid(&field(at, "content"), &format!("is refused: {}", failure.message));
                refused.status = failure.status;
                Err(refused.into())
            }
            // The commit itself will tell.
            Err(Stop::Failed(_)) => Ok(Vec::new()),
            Err(Stop::Aborted) => Err(Stop::Aborted),
        }
    }

    /// Uploads each large file that the Hub does not have yet, once.
    async fn upload(&mut self) -> Result<(), Stop> {
        let objects = self.objects();
        for batch in objects.chunks(BATCH) {
            let asked: Vec<_> = batch.iter().map(|object| requests::object(&object.oid, object.size)).collect();
            let request = self.requests.lfs_batch(&asked)?;
            let reply = self.send(&LFS_BATCH, &request, Read::Json).await?.value();
            let actions = body::lfs_batch(&reply).ok_or_else(|| malformed(&LFS_BATCH))?;
            for Object { oid, size, path, index } in batch {
                let actions = actions.iter().find(|actions| actions.oid == *oid);
                let actions = actions.ok_or_else(|| malformed(&LFS_BATCH))?;
                if let Some(error) = &actions.error {
                    return Err(requests::refused(path, error).into());
                }
                // The Hub names no address for what it has.
                if let Some(action) = &actions.upload {
                    self.progress("upload", path, 0, *size);
                    let request = self.requests.upload::<I>(action, *index, *size)?;
                    self.send(&requests::UPLOAD, &request, Read::Text).await?;
                }
                if let Some(action) = &actions.verify {
                    let request = self.requests.verify::<I>(action, requests::object(oid, *size))?;
                    self.send(&requests::VERIFY, &request, Read::Text).await?;
                }
                self.progress("upload", path, *size, *size);
            }
        }
        Ok(())
    }

    /// The large files that are added, each content once.
    fn objects(&self) -> Vec<Object> {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut objects = Vec::new();
        for (at, content) in self.contents.iter().enumerate() {
            if let (Content::Large { oid, size }, Some((path, index, _))) = (content, self.added(at))
                && seen.insert(oid, at).is_none()
            {
                objects.push(Object { oid: oid.clone(), size: *size, path, index });
            }
        }
        objects
    }

    /// Writes the commit and sends it, unless nothing is left to commit.
    async fn finish(mut self, warnings: Vec<String>) -> Result<Outcome<<I::Reply as Reply>::Value>, Stop> {
        let (mut skipped, mut ignored) = (Vec::new(), Vec::new());
        let mut left_out = vec![false; self.operations.len()];
        let mut leave_out = |at: usize| left_out.iter_mut().skip(at).take(1).for_each(|slot| *slot = true);
        for (at, (operation, content)) in self.operations.iter().zip(&self.contents).enumerate() {
            match content {
                Content::Unchanged => skipped.push(operation.path.clone()),
                Content::Ignored => ignored.push(operation.path.clone()),
                _ if !self.step(at).redundant => continue,
                _ => {}
            }
            leave_out(at);
            // The file that this operation would write again is not deleted in the first place.
            if let (Content::Unchanged, Some(deletion)) = (content, self.step(at).restores) {
                leave_out(deletion);
            }
        }
        let count = left_out.iter().filter(|left_out| !**left_out).count() as u64;
        let mut outcome = Outcome { reply: None, commit_oid: self.head.take(), skipped, ignored, warnings };
        if count == 0 {
            return Ok(outcome);
        }
        let mut lines = self.requests.lines();
        lines.reserve(self.contents.iter().map(|content| content.inline_bytes() + 1000).sum());
        for (at, _) in left_out.iter().enumerate().filter(|(_, left_out)| !**left_out) {
            // Taken out, so that each content is free as soon as it is written.
            let content =
                self.contents.get_mut(at).map_or(Content::None, |slot| std::mem::replace(slot, Content::None));
            self.take_turn(content.inline_bytes() as u64 + FILE_COST).await?;
            if let Some(operation) = self.operations.get(at) {
                write(&mut lines, operation, self.step(at), &content);
            }
        }
        let request = self.requests.commit(lines)?;
        self.progress("commit", "", 0, count);
        let reply = self.send(&COMMIT, &request, Read::Json).await?.value();
        outcome.commit_oid = reply.text_of("commitOid");
        if outcome.commit_oid.is_none() {
            return Err(Failure::protocol("the response to the commit names no commit").of(&COMMIT).into());
        }
        self.progress("commit", "", count, count);
        outcome.reply = Some(reply);
        Ok(outcome)
    }

    async fn send(&self, row: &'static Endpoint, request: &Request, how: Read) -> Result<I::Reply, Stop> {
        call::send(self.io, row, self.policy, request, how).await
    }

    /// Bytes of one of the caller's files.
    async fn read(&mut self, index: usize, start: u64, end: u64) -> Result<Vec<u8>, Stop> {
        self.take_turn(end - start + FILE_COST).await?;
        self.io.read(index, start, end).await
    }

    /// Yields to the event loop now and then, so that an abort is heard and connections are served.
    async fn take_turn(&mut self, work: u64) -> Result<(), Stop> {
        self.work += work;
        if self.work >= SLICE {
            self.work = 0;
            self.io.wait(0.0).await?;
        }
        Ok(())
    }

    fn progress(&self, phase: &'static str, path: &str, loaded: u64, total: u64) {
        self.io.notify(Notice::Progress { phase, path, loaded, total });
    }

    /// Path, index and size of a file that an operation adds.
    fn added(&self, at: usize) -> Option<(String, usize, u64)> {
        match self.operations.get(at)? {
            Operation { path, change: Change::Add { index, size } } => Some((path.clone(), *index, *size)),
            _ => None,
        }
    }

    fn step(&self, at: usize) -> Step {
        self.steps.get(at).copied().unwrap_or_default()
    }

    /// Whether the path keeps what the parent commit has there if this operation is left out.
    fn stays(&self, step: Step) -> bool {
        step.untouched || step.restores.is_some()
    }

    fn set(&mut self, at: usize, content: Content) {
        if let Some(slot) = self.contents.get_mut(at) {
            *slot = content;
        }
    }
}

/// A large file to upload.
struct Object {
    oid: String,
    size: u64,
    path: String,
    /// The caller's file that holds it.
    index: usize,
}

impl Content {
    fn inline_bytes(&self) -> usize {
        if let Content::Inline(content) = self { content.len() } else { 0 }
    }
}

/// A path of a revision, as one string.
fn key(revision: Option<&str>, path: &str) -> String {
    format!("{}:{path}", revision.unwrap_or_default())
}

/// The number of the discussion whose page has this URL.
pub fn discussion_number(url: &str) -> Option<u32> {
    let (_, number) = url.rsplit_once("/discussions/")?;
    number.parse().ok()
}

/// Writes the line of one operation.
fn write(lines: &mut Lines, operation: &Operation, step: Step, content: &Content) {
    let path = operation.path.as_str();
    match (&operation.change, content) {
        (Change::Delete, _) if path.ends_with('/') => lines.delete_folder(path),
        (Change::Delete, _) => lines.delete_file(path),
        (Change::Rename { from }, Content::Large { oid, size }) if step.moves => {
            lines.rename_large(path, from, oid, *size);
        }
        (Change::Rename { from }, _) if step.moves => lines.rename(path, from),
        (_, Content::Large { oid, size }) => lines.large_file(path, oid, *size),
        (_, Content::Inline(content)) => lines.file(path, content),
        (_, Content::None | Content::Unchanged | Content::Ignored) => {}
    }
}
