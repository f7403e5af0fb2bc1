//! Files of the repository that a commit renames or copies: whether they are large, and their content if not.

use super::lines::quote;
use super::operation::{Change, Operation};
use super::plan::Commit;
use crate::core::args::{Arg, Args};
use crate::core::body;
use crate::core::call;
use crate::core::failure::{Failure, Kind, Missing};
use crate::core::io::{Io, Read, Reply, Stop};
use crate::core::request;
use crate::endpoints::files::{PATHS_INFO, RESOLVE};

/// Where an operation takes its file from.
#[derive(Debug)]
pub struct Source {
    /// Path of the operation.
    pub target: String,
    /// Id and size, of a large file only.
    pub large: Option<(String, u64)>,
}

pub async fn find<I: Io>(commit: &Commit<'_, I>, operations: &[Operation]) -> Result<Vec<Source>, Stop> {
    let mut sources = Vec::new();
    for operation in operations {
        let (Change::Rename { from } | Change::Copy { from, .. }) = &operation.change else { continue };
        let args = at(commit, operation);
        let ask = Commit { args: &args, ..*commit };
        let entries = ask.post(&PATHS_INFO, ["{\"paths\":[", &quote(from), "]}"].concat()).await?;
        let large = body::file_at(&entries, from).ok_or_else(|| missing(from))?;
        sources.push(Source { target: operation.path.clone(), large: large.map(|(oid, size)| (oid, size as u64)) });
    }
    Ok(sources)
}

/// Reads a regular file that is to be copied.
pub async fn download<I: Io>(commit: &Commit<'_, I>, operation: &Operation) -> Result<Vec<u8>, Stop> {
    let Change::Copy { from, .. } = &operation.change else { return Ok(Vec::new()) };
    let mut args = at(commit, operation);
    args.0.push(("path".into(), Arg::Text(from.clone())));
    let request = request::build(&RESOLVE, &args, commit.io.endpoint())?;
    Ok(call::send(commit.io, &RESOLVE, commit.policy, &request, Read::Bytes).await?.bytes())
}

/// Repository and revision that the operation reads from.
fn at<I: Io>(commit: &Commit<'_, I>, operation: &Operation) -> Args {
    let mut args = commit.args.only(&["repo", "revision"]);
    if let Change::Copy { revision: Some(revision), .. } = &operation.change {
        args.0.retain(|(name, _)| name != "revision");
        args.0.push(("revision".into(), Arg::Text(revision.clone())));
    }
    args
}

fn missing(path: &str) -> Box<Failure> {
    let message = ["\"", path, "\" is not a file of this revision"].concat();
    let mut failure = Failure::new(Kind::NotFound, &message).of(&PATHS_INFO);
    failure.missing = Some(Missing::Entry);
    failure.field = Some("from".into());
    failure
}
