//! A commit, from operations to one NDJSON request: plan, ask how each file is sent, leave out what is unchanged,
//! upload what is large, send the rest inline.

mod files;
mod io;
pub mod lines;
mod lost;
mod operation;
mod places;
mod pool;
mod requests;
mod sources;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tree;
mod unchanged;
mod upload;

pub use io::{Calling, CommitCall, CommitIo, Direct};
pub use operation::{Change, Operation, field};

use self::lines::NdjsonBody;
use self::requests::Requests;
use self::tree::Step;
use super::advice;
use super::args::Args;
use super::body;
use super::failure::{ErrorKind, Failure};
use super::io::{CallError, Reply};
use super::json::Json;
use crate::endpoints::repos::COMMIT;

/// Files asked for in one preupload or LFS batch request.
const BATCH: usize = 256;
/// Work between two yields to the event loop, in bytes. A file counts for some thousand beside its content.
const SLICE: u64 = 8 << 20;
const FILE_COST: u64 = 16 << 10;

/// How a commit ended.
#[derive(Debug)]
pub struct Outcome<V> {
    /// The Hub's reply; None where nothing had changed and no commit was made, and where the reply was lost.
    pub reply: Option<V>,
    /// The new commit, or the branch's head where none was made.
    pub commit_oid: Option<String>,
    /// Address of the new commit's page, where the Hub's reply was lost and the commit was found.
    pub commit_url: Option<String>,
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
pub async fn run<I: CommitIo>(
    io: &I,
    args: &Args,
    operations: Vec<Operation>,
) -> Result<Outcome<<I::Reply as Reply>::Value>, CallError> {
    let requests = Requests::new(args, io.base_url(), io.origin())?;
    let steps = tree::plan(&operations)?;
    let contents = operations.iter().map(|_| Content::None).collect();
    let mut commit = Commit { io, requests, operations, steps, contents, head: None, work: 0 };
    // The operations were read and planned at one go.
    commit.take_turn(FILE_COST * commit.operations.len() as u64).await?;
    commit.read_sources().await?;
    commit.preupload().await?;
    commit.leave_out_what_undoes_itself().await?;
    let warnings = commit.validate_card().await?;
    commit.upload().await?;
    commit.finish(warnings).await
}

/// A commit on its way.
struct Commit<'a, I> {
    io: &'a I,
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

impl<I: CommitIo> Commit<'_, I> {
    /// Lets the Hub judge the metadata of a new README.md before anything large is uploaded; returns its warnings.
    async fn validate_card(&mut self) -> Result<Vec<String>, CallError> {
        let is_card = |operation: &Operation| operation.path == "README.md" && operation.change != Change::Delete;
        let Some(at) = self.operations.iter().position(is_card) else { return Ok(Vec::new()) };
        let Some(Content::Inline(content)) = self.contents.get(at) else { return Ok(Vec::new()) };
        let request = self.requests.validate_card(&String::from_utf8_lossy(content))?;
        match self.io.call(CommitCall::ValidateCard, &request).await {
            Ok(reply) => Ok(body::warnings(reply.value())),
            Err(CallError::Failed(failure)) if failure.kind == ErrorKind::InvalidInput && !failure.is_unsupported() => {
                let mut refused = Failure::invalid(&field(at, "content"), &format!("is refused: {}", failure.message));
                refused.status = failure.status;
                Err(refused.into())
            }
            // The commit itself will tell.
            Err(CallError::Failed(_)) => Ok(Vec::new()),
            Err(CallError::Aborted) => Err(CallError::Aborted),
        }
    }

    /// Writes the commit and sends it, unless nothing is left to commit.
    async fn finish(mut self, warnings: Vec<String>) -> Result<Outcome<<I::Reply as Reply>::Value>, CallError> {
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
        let mut outcome =
            Outcome { reply: None, commit_oid: self.head.take(), commit_url: None, skipped, ignored, warnings };
        if count == 0 {
            // Without a file to add, nothing has named the branch's head yet.
            if outcome.commit_oid.is_none() {
                let request = self.requests.last_commits(1)?;
                let commits = self.io.call(CommitCall::ListCommits, &request).await?.value().items();
                outcome.commit_oid = commits.and_then(|commits| commits.first()?.string_of("id"));
            }
            return Ok(outcome);
        }
        let mut lines = self.requests.lines();
        lines.reserve(self.contents.iter().map(|content| content.inline_bytes() + 1000).sum());
        for (at, _) in left_out.iter().enumerate().filter(|(_, left_out)| !**left_out) {
            let work = self.contents.get(at).map_or(0, Content::inline_bytes) as u64;
            self.take_turn(work + FILE_COST).await?;
            let step = self.step(at);
            if let (Some(operation), Some(content)) = (self.operations.get(at), self.contents.get_mut(at)) {
                write(&mut lines, operation, step, content);
                // Content is free as soon as it is written.
                if let Content::Inline(_) = content {
                    *content = Content::None;
                }
            }
        }
        let request = self.requests.commit(lines)?;
        self.progress("commit", "", 0, count);
        let reply = match self.io.call(CommitCall::Commit, &request).await {
            Err(CallError::Failed(failure)) if failure.advice.as_deref() == Some(advice::LOST) => {
                // Whatever else goes wrong, this failure is the one to report.
                outcome.commit_oid = match self.find_lost().await {
                    Err(CallError::Aborted) => return Err(CallError::Aborted),
                    found => Some(found.ok().flatten().ok_or(failure)?),
                };
                outcome.commit_url = outcome.commit_oid.as_deref().map(|oid| self.requests.page(oid));
                self.progress("commit", "", count, count);
                return Ok(outcome);
            }
            reply => reply?.into_value(),
        };
        outcome.commit_oid = reply.string_of("commitOid");
        if outcome.commit_oid.is_none() {
            return Err(Failure::protocol("the response to the commit has no commitOid").of(&COMMIT).into());
        }
        self.progress("commit", "", count, count);
        outcome.reply = Some(reply);
        Ok(outcome)
    }

    /// Bytes of one of the caller's files.
    async fn read(&mut self, index: usize, start: u64, end: u64) -> Result<Vec<u8>, CallError> {
        self.take_turn(end - start + FILE_COST).await?;
        self.io.read(index, start, end).await
    }

    /// Yields to the event loop now and then, so that an abort is heard and connections are served.
    async fn take_turn(&mut self, work: u64) -> Result<(), CallError> {
        self.work += work;
        if self.work >= SLICE {
            self.work = 0;
            self.io.yield_now().await?;
        }
        Ok(())
    }

    fn progress(&self, phase: &'static str, path: &str, loaded: u64, total: u64) {
        self.io.progress(phase, path, loaded, total);
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

    /// Whether all is as in the parent commit if this operation is left out and writes what that has at the path.
    fn stays(&self, step: Step) -> bool {
        !step.moves && (step.untouched || step.restores.is_some())
    }

    /// Takes what an operation writes, and whether that is the same as the parent commit has at the path.
    fn set(&mut self, at: usize, content: Content, same: bool) {
        let unchanged = same && self.stays(self.step(at));
        if let Some(slot) = self.contents.get_mut(at) {
            *slot = if unchanged { Content::Unchanged } else { content };
        }
        if let Some(step) = self.steps.get_mut(at) {
            step.same = same;
        }
    }
}

impl Content {
    fn inline_bytes(&self) -> usize {
        if let Content::Inline(content) = self { content.len() } else { 0 }
    }
}

/// The number of the discussion whose page has this URL.
pub fn discussion_number(url: &str) -> Option<u32> {
    let (_, number) = url.rsplit_once("/discussions/")?;
    number.parse().ok()
}

/// Writes the line of one operation.
fn write(lines: &mut NdjsonBody, operation: &Operation, step: Step, content: &Content) {
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
