//! A commit whose response was lost, and whose repetition met a branch that has moved on: whether it is what the branch
//! moved on to.

use super::places::Places;
use super::requests::malformed;
use super::{Change, Commit, CommitCall, CommitIo, Content};
use crate::core::body::{self, Entry};
use crate::core::hash;
use crate::core::headers::Headers;
use crate::core::io::{CallError, Reply};
use crate::core::json::Json;
use crate::endpoints::files::{MOST_PATHS, PATHS_INFO};

/// What a path holds after the commit.
enum Holds<'a> {
    Nothing,
    /// A regular file by its blob, a large one by its SHA-256.
    Content(Entry),
    /// What a path of a revision holds; by default of the parent commit.
    Same(Option<&'a str>, &'a str),
}

impl<I: CommitIo> Commit<'_, I> {
    /// The id of the branch's head, if its parent is the commit that this one names and each of our paths holds what we
    /// wrote.
    pub(super) async fn find_lost(&self) -> Result<Option<String>, CallError> {
        let Some(parent) = self.requests.parent() else { return Ok(None) };
        let request = self.requests.last_commits(2)?;
        let reply = self.io.call(CommitCall::ListCommits, &request).await?;
        let commits = reply.value().items().unwrap_or_default();
        let ids: Vec<_> = commits.iter().filter_map(|commit| commit.string_of("id")).collect();
        let [head, before, ..] = &*ids else { return Ok(None) };
        if !before.starts_with(parent) {
            return Ok(None);
        }
        let Some(expected) = self.expected().await? else { return Ok(None) };
        let paths: Vec<_> = expected.iter().map(|(path, _)| (*path).to_owned()).collect();
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for batch in paths.chunks(MOST_PATHS) {
            let request = self.requests.paths_info(batch, Some(head))?;
            let reply = self.io.call(CommitCall::PathsInfo, &request).await?;
            files.extend(body::entries(reply.value()).ok_or_else(|| malformed(&PATHS_INFO))?);
            folders.extend(body::folders(reply.value()));
        }
        let places = Places::of(&mut files.iter().map(|file| file.path.as_str()));
        let written = Places::of(
            &mut expected.iter().filter(|(_, holds)| !matches!(holds, Holds::Nothing)).map(|(path, _)| *path),
        );
        for (path, holds) in &expected {
            let found = places.get(path).and_then(|at| files.get(at));
            let as_expected = match holds {
                // A folder that was deleted may hold what was written into it anew.
                Holds::Nothing if folders.iter().any(|folder| folder == path) => {
                    self.is_all_written(path, &written).await?
                }
                Holds::Nothing => found.is_none(),
                Holds::Content(entry) => found.is_some_and(|found| found.same_content(entry)),
                Holds::Same(revision, from) => {
                    let source = self.paths_info(&[(*from).to_owned()], Some(revision.unwrap_or(parent))).await?;
                    found.zip(source.first()).is_some_and(|(found, source)| found.same_content(source))
                }
            };
            if !as_expected {
                return Ok(None);
            }
        }
        Ok(Some(head.clone()))
    }

    /// What each path of the operations holds after them; None where this runtime cannot tell.
    async fn expected(&self) -> Result<Option<Vec<(&str, Holds<'_>)>>, CallError> {
        let bare = |path: &'_ str| path.len() - usize::from(path.ends_with('/'));
        let mut last = Places::default();
        for (at, operation) in self.operations.iter().enumerate() {
            last.insert(operation.path.get(..bare(&operation.path)).unwrap_or_default(), at);
        }
        let mut expected = Vec::new();
        for path in last.paths() {
            let Some(at) = last.get(path) else { continue };
            let (Some(operation), Some(content)) = (self.operations.get(at), self.contents.get(at)) else { continue };
            let holds = match (&operation.change, content) {
                (_, Content::Ignored) => continue,
                (Change::Delete, _) => Holds::Nothing,
                (Change::Add { .. }, Content::Unchanged) => Holds::Same(None, path),
                (_, Content::Large { oid, size }) => {
                    Holds::Content(Entry { path: String::new(), oid: None, lfs: Some((oid.clone(), *size)) })
                }
                (Change::Add { index, size }, _) => {
                    let content = self.io.read(*index, 0, *size).await?;
                    let Some(oid) = self.io.sha1(&hash::blob(&content)).await? else { return Ok(None) };
                    Holds::Content(Entry { path: String::new(), oid: Some(hash::hex(&oid)), lfs: None })
                }
                (Change::Rename { from }, _) => Holds::Same(None, from),
                (Change::Copy { from, revision }, _) => Holds::Same(revision.as_deref(), from),
            };
            expected.push((path, holds));
            if let Change::Rename { from } = &operation.change
                && last.get(from).is_none()
            {
                expected.push((from, Holds::Nothing));
            }
        }
        Ok(Some(expected))
    }

    /// Whether a folder holds nothing but what was written.
    async fn is_all_written(&self, folder: &str, written: &Places<'_>) -> Result<bool, CallError> {
        let request = self.requests.list(folder)?;
        let reply = self.io.call(CommitCall::ListFiles, &request).await?;
        let files = body::entries(reply.value()).unwrap_or_default();
        // Only the first page is looked at: of a folder that has more, the answer is no.
        Ok(reply.header("link").is_none() && files.iter().all(|file| written.get(&file.path).is_some()))
    }
}
