//! The steps of a commit, what each asks for, and what is known of a file on the way.

use crate::core::hash::LargeFileId;
use crate::core::io::Read;
use crate::core::request::Request;
use crate::endpoints::Endpoint;

/// What has to be done next.
pub enum Ask {
    /// Bytes `start..end` of the caller's file.
    Read {
        index: usize,
        start: u64,
        end: u64,
    },
    Sha1(Vec<u8>),
    Send {
        row: &'static Endpoint,
        request: Request,
        how: Read,
    },
    /// The end: the commit itself, of so many operations.
    Commit {
        request: Request,
        count: u64,
    },
    /// The end: there is nothing to commit.
    Nothing,
}

/// What came of it.
pub enum Answer<V> {
    /// Nothing was asked.
    Nothing,
    Bytes(Vec<u8>),
    /// None where the runtime has no SHA-1.
    Hash(Option<Vec<u8>>),
    Reply(V),
}

/// Phase, path, done, all.
pub type Progress<'a> = &'a dyn Fn(&'static str, &str, u64, u64);

/// A step; the numbers are places in the list of operations.
pub enum Step {
    /// Read the `.gitattributes` that the commit adds: preupload wants to know it.
    Attributes(usize),
    /// Read the beginning of a file.
    Sample(usize),
    Preupload(Vec<usize>),
    /// Hash a large file from a byte on. `known` is what stands at its path.
    Hash {
        at: usize,
        known: Option<String>,
        id: Box<LargeFileId>,
        start: u64,
    },
    /// Read a regular file whole.
    Content {
        at: usize,
        known: Option<String>,
    },
    /// Tell whether it is unchanged.
    BlobId {
        at: usize,
        known: Option<String>,
    },
    /// Look at the files that are renamed or copied, all of one revision.
    PathsInfo(Vec<usize>),
    /// Read a regular file that is copied.
    Download(usize),
    /// Upload what has turned out to be large.
    Large,
    Batch(Vec<usize>),
    Upload {
        at: usize,
        href: String,
    },
    Verify {
        at: usize,
        href: String,
    },
    Commit,
}

/// What is known of an operation's file.
pub enum Form {
    /// Nothing, and nothing is needed.
    Plain,
    Unchanged,
    Inline(Vec<u8>),
    Large {
        oid: String,
        size: u64,
    },
}
