//! What a commit needs of the outside: the calls that it consists of, the caller's files, and their hashes.

use std::future::Future;
use std::pin::Pin;

use super::requests::{COMPLETE, UPLOAD, VALIDATE_CARD, VERIFY};
use crate::core::call;
use crate::core::io::{CallError, Files, Io, Read, Reply, Urls};
use crate::core::request::Request;
use crate::core::retry::RetryPolicy;
use crate::endpoints::Endpoint;
use crate::endpoints::files::{FILE_HEADERS, LFS_BATCH, PATHS_INFO, RESOLVE};
use crate::endpoints::repos::{COMMIT, LIST_COMMITS, LIST_FILES, PREUPLOAD};

/// The calls that a commit consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommitCall {
    PathsInfo,
    FileHeaders,
    Download,
    Preupload,
    ValidateCard,
    LfsBatch,
    Upload,
    Complete,
    Verify,
    ListCommits,
    ListFiles,
    Commit,
}

impl CommitCall {
    pub fn endpoint(self) -> &'static Endpoint {
        match self {
            CommitCall::PathsInfo => &PATHS_INFO,
            CommitCall::FileHeaders => &FILE_HEADERS,
            CommitCall::Download => &RESOLVE,
            CommitCall::Preupload => &PREUPLOAD,
            CommitCall::ValidateCard => &VALIDATE_CARD,
            CommitCall::LfsBatch => &LFS_BATCH,
            CommitCall::Upload => &UPLOAD,
            CommitCall::Complete => &COMPLETE,
            CommitCall::Verify => &VERIFY,
            CommitCall::ListCommits => &LIST_COMMITS,
            CommitCall::ListFiles => &LIST_FILES,
            CommitCall::Commit => &COMMIT,
        }
    }

    const ALL: [CommitCall; 12] = [
        CommitCall::PathsInfo,
        CommitCall::FileHeaders,
        CommitCall::Download,
        CommitCall::Preupload,
        CommitCall::ValidateCard,
        CommitCall::LfsBatch,
        CommitCall::Upload,
        CommitCall::Complete,
        CommitCall::Verify,
        CommitCall::ListCommits,
        CommitCall::ListFiles,
        CommitCall::Commit,
    ];

    pub fn name(self) -> &'static str {
        match self {
            CommitCall::PathsInfo => "pathsInfo",
            CommitCall::FileHeaders => "fileHeaders",
            CommitCall::Download => "download",
            CommitCall::Preupload => "preupload",
            CommitCall::ValidateCard => "validateCard",
            CommitCall::LfsBatch => "lfsBatch",
            CommitCall::Upload => "upload",
            CommitCall::Complete => "complete",
            CommitCall::Verify => "verify",
            CommitCall::ListCommits => "listCommits",
            CommitCall::ListFiles => "listFiles",
            CommitCall::Commit => "commit",
        }
    }

    pub fn find(name: &str) -> Option<CommitCall> {
        CommitCall::ALL.into_iter().find(|call| call.name() == name)
    }

    /// How the body of the response is read.
    pub fn read(self) -> Read {
        match self {
            CommitCall::FileHeaders => Read::Head,
            CommitCall::Download => Read::Bytes,
            CommitCall::Upload | CommitCall::Complete | CommitCall::Verify => Read::Text,
            _ => Read::Json,
        }
    }
}

/// A call on its way.
pub type Calling<'a, R> = Pin<Box<dyn Future<Output = Result<R, CallError>> + 'a>>;

pub trait CommitIo: Urls + Files {
    type Reply: Reply;

    /// Address of the Hub, without a slash at its end.
    fn base_url(&self) -> &str;
    /// The endpoint's own origin.
    fn origin(&self) -> &str;
    /// Makes a call, as [`call::send`] does, and several at once if need be, within [`CommitIo::waiting`].
    /// Boxed, because every place that makes a call would hold its whole state otherwise.
    fn start<'a>(&'a self, call: CommitCall, request: &'a Request) -> Calling<'a, Self::Reply>;
    /// Waits for calls, no longer than the commit may take, and until it is aborted.
    fn waiting<T>(&self, calls: impl Future<Output = T>) -> impl Future<Output = Result<T, CallError>>;
    /// Makes a call, and waits for it.
    fn call<'a>(&'a self, call: CommitCall, request: &'a Request) -> Calling<'a, Self::Reply> {
        Box::pin(async move { self.waiting(self.start(call, request)).await? })
    }
    /// Lets the event loop go on.
    fn yield_now(&self) -> impl Future<Output = Result<(), CallError>>;
    fn progress(&self, phase: &'static str, path: &str, loaded: u64, total: u64);
}

/// The outside of single calls as the outside of a commit.
pub struct Direct<'a, I> {
    pub io: &'a I,
    pub retry: RetryPolicy,
}

impl<I: Urls> Urls for Direct<'_, I> {
    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
        I::resolve(target, base)
    }
}

impl<I: Files> Files for Direct<'_, I> {
    async fn read(&self, index: usize, start: u64, end: u64) -> Result<Vec<u8>, CallError> {
        self.io.read(index, start, end).await
    }

    async fn sha1(&self, bytes: &[u8]) -> Result<Option<Vec<u8>>, CallError> {
        self.io.sha1(bytes).await
    }

    async fn sha256(&self, index: usize, path: &str) -> Result<String, CallError> {
        self.io.sha256(index, path).await
    }
}

impl<I: Io + Files> CommitIo for Direct<'_, I> {
    type Reply = I::Reply;

    fn base_url(&self) -> &str {
        self.io.base_url()
    }

    fn origin(&self) -> &str {
        self.io.origin()
    }

    fn start<'a>(&'a self, call: CommitCall, request: &'a Request) -> Calling<'a, I::Reply> {
        call::send_part(self.io, call.endpoint(), &COMMIT, self.retry, request, call.read())
    }

    async fn waiting<T>(&self, calls: impl Future<Output = T>) -> Result<T, CallError> {
        Ok(calls.await)
    }

    async fn yield_now(&self) -> Result<(), CallError> {
        self.io.wait(0.0).await
    }

    /// Nobody listens.
    fn progress(&self, _: &'static str, _: &str, _: u64, _: u64) {}
}
