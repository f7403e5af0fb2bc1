//! The order of a commit's requests.

use std::pin::Pin;

use super::lines::Lines;
use super::operation::{self, Change, Operation};
use super::sources::{self, Source};
use super::upload::{self, Added};
use crate::core::args::Args;
use crate::core::call;
use crate::core::failure::Failure;
use crate::core::io::{Io, Notice, Read, Reply, Stop};
use crate::core::json::Json;
use crate::core::request::{self, Body, Request};
use crate::core::retry::Policy;
use crate::core::text::contains;
use crate::endpoints::Endpoint;
use crate::endpoints::repos::COMMIT;

/// How a commit ended.
#[derive(Debug)]
pub enum Outcome<V> {
    /// The Hub's answer, and the paths that were left out.
    Committed { reply: V, skipped: Vec<String> },
    /// Everything was there already: no commit was made. The id is that of the branch's head.
    Unchanged { commit_oid: Option<String>, skipped: Vec<String> },
}

/// What a commit waits for is boxed: every place that waits would hold the whole of it otherwise.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, Stop>> + 'a>>;

/// The calls of one commit: they share the repository, the revision and the retry policy.
pub struct Commit<'a, I: Io> {
    pub io: &'a I,
    pub args: &'a Args,
    pub policy: Policy,
}

impl<I: Io> Commit<'_, I> {
    /// Calls another row on the same repository and revision with a JSON body, and gives its answer.
    pub fn post(&self, row: &'static Endpoint, text: String) -> Boxed<'_, <I::Reply as Reply>::Value> {
        Box::pin(self.answer(row, text))
    }

    async fn answer(&self, row: &'static Endpoint, text: String) -> Result<<I::Reply as Reply>::Value, Stop> {
        let given = self.args.only(&["repo", "revision", "create_pr"]);
        let body = Body::Text { media_type: media_type(row), text };
        let request = Request { body, ..request::build_unchecked(row, &given, self.io.endpoint())? };
        Ok(call::send(self.io, row, self.policy, &request, Read::Json).await?.value())
    }

    /// Bytes `start..end` of the caller's file.
    pub fn read(&self, index: usize, start: u64, end: u64) -> Boxed<'_, Vec<u8>> {
        Box::pin(self.io.read(index, start, end))
    }

    pub fn progress(&self, phase: &'static str, path: &str, loaded: u64, total: u64) {
        self.io.notify(Notice::Progress { phase, path, loaded, total });
    }
}

fn media_type(row: &Endpoint) -> &'static str {
    if contains(row.path, "/lfs/") { "application/vnd.git-lfs+json" } else { "application/json" }
}

/// Carries out a commit.
pub async fn run<I: Io>(
    io: &I,
    args: &Args,
    policy: Policy,
    operations: Vec<Operation>,
) -> Result<Outcome<<I::Reply as Reply>::Value>, Stop> {
    let request = request::build(&COMMIT, args, io.endpoint())?;
    operation::check(&operations)?;
    let commit = Commit { io, args, policy };
    let (added, head) = upload::prepare(&commit, &operations).await?;
    let sources = sources::find(&commit, &operations).await?;
    let mut lines = Lines::new(
        args.text("title").unwrap_or_default(),
        args.text("description").unwrap_or_default(),
        args.text("parentCommit"),
    );
    let mut skipped = Vec::new();
    let mut count = 0;
    for operation in &operations {
        match write(&commit, &mut lines, operation, &added, &sources).await? {
            true => count += 1,
            false => skipped.push(operation.path.clone()),
        }
    }
    if count == 0 {
        return Ok(Outcome::Unchanged { commit_oid: head, skipped });
    }
    upload::send(&commit, &added).await?;
    let request = Request { body: Body::Text { media_type: "application/x-ndjson", text: lines.finish() }, ..request };
    commit.progress("commit", "", 0, count);
    let reply = call::send(io, &COMMIT, policy, &request, Read::Json).await?.value();
    if reply.text_of("commitOid").is_none() {
        return Err(Failure::protocol("the answer to the commit names no commit").of(&COMMIT).into());
    }
    commit.progress("commit", "", count, count);
    Ok(Outcome::Committed { reply, skipped })
}

/// Writes the line of one operation; false if there is nothing to do.
async fn write<I: Io>(
    commit: &Commit<'_, I>,
    lines: &mut Lines,
    operation: &Operation,
    added: &[Added],
    sources: &[Source],
) -> Result<bool, Stop> {
    let path = operation.path.as_str();
    let source = || sources.iter().find(|source| source.target == path);
    match &operation.change {
        Change::Add { .. } => match added.iter().find(|added| added.path == path) {
            Some(Added { large: Some(oid), size, .. }) => lines.large_file(path, oid, *size),
            Some(Added { content: Some(content), .. }) => lines.file(path, content),
            _ => return Ok(false),
        },
        Change::Delete if path.ends_with('/') => lines.delete_folder(path),
        Change::Delete => lines.delete_file(path),
        Change::Rename { from } => match source().and_then(|source| source.large.as_ref()) {
            Some((oid, size)) => lines.rename_large(path, from, oid, *size),
            None => lines.rename(path, from),
        },
        Change::Copy { .. } => match source().and_then(|source| source.large.as_ref()) {
            Some((oid, size)) => lines.large_file(path, oid, *size),
            None => lines.file(path, &sources::download(commit, operation).await?),
        },
    }
    Ok(true)
}
