//! What renames and copies write.

use super::places::Places;
use super::requests::{self, malformed};
use super::{Change, Commit, CommitCall, CommitIo, Content, FILE_COST};
use crate::core::body::{self, Entry};
use crate::core::failure::ErrorKind;
use crate::core::io::{CallError, Reply};
use crate::endpoints::files::{MOST_PATHS, PATHS_INFO};

impl<I: CommitIo> Commit<'_, I> {
    /// Finds out what renames and copies write: by reference where the file is large, else its bytes.
    pub(super) async fn read_sources(&mut self) -> Result<(), CallError> {
        let mut entries = Vec::new();
        for (revision, paths) in self.wanted() {
            for entry in self.paths_info(&paths, revision.as_deref()).await? {
                entries.push((key(revision.as_deref(), &entry.path), entry));
            }
        }
        let places = Places::of(&mut entries.iter().map(|(key, _)| key.as_str()));
        let find = |revision: Option<&str>, path: &str| {
            places.get(&key(revision, path)).and_then(|at| Some((at, &entries.get(at)?.1)))
        };
        // The first operation that has read each file.
        let mut read: Vec<Option<usize>> = vec![None; entries.len()];
        for at in 0..self.operations.len() {
            self.take_turn(FILE_COST).await?;
            let Some(operation) = self.operations.get(at) else { continue };
            let Some((from, revision)) = operation.source() else { continue };
            let (place, entry) = find(revision, from).ok_or_else(|| requests::missing(at, from))?;
            let step = self.step(at);
            let same = find(None, &operation.path).is_some_and(|(_, target)| target.same_content(entry));
            let content = match &entry.lfs {
                _ if same && self.stays(step) => Content::Unchanged,
                Some((oid, size)) => Content::Large { oid: oid.clone(), size: *size },
                // The server moves the file itself.
                None if step.moves => Content::None,
                None => match read.get(place).and_then(|other| self.contents.get((*other)?)) {
                    Some(Content::Inline(content)) => Content::Inline(content.clone()),
                    _ => {
                        let request = self.requests.download(from, revision)?;
                        read.iter_mut().skip(place).take(1).for_each(|slot| *slot = Some(at));
                        Content::Inline(self.io.call(CommitCall::Download, &request).await?.bytes())
                    }
                },
            };
            self.set(at, content, same);
        }
        Ok(())
    }

    /// The paths to ask about, by revision, each once.
    fn wanted(&self) -> Vec<(Option<String>, Vec<String>)> {
        let mut wanted: Vec<(Option<&str>, Places)> = Vec::new();
        let mut want = |revision, path| match wanted.iter_mut().find(|(known, _)| *known == revision) {
            Some((_, paths)) => drop(paths.insert(path, 0)),
            None => wanted.push((revision, Places::of(&mut [path].into_iter()))),
        };
        for operation in &self.operations {
            let Some((from, revision)) = operation.source() else { continue };
            want(revision, from);
            if let Change::Copy { .. } = operation.change {
                // A copy onto a file of the same content changes nothing.
                want(None, &operation.path);
            }
        }
        let owned = |paths: Places| paths.paths().map(str::to_owned).collect();
        wanted.into_iter().map(|(revision, paths)| (revision.map(str::to_owned), owned(paths))).collect()
    }

    /// Describes the files at these paths. A server that does not know paths-info is asked for each.
    pub(super) async fn paths_info(&self, paths: &[String], revision: Option<&str>) -> Result<Vec<Entry>, CallError> {
        let mut entries = Vec::new();
        for batch in paths.chunks(MOST_PATHS) {
            let request = self.requests.paths_info(batch, revision)?;
            match self.io.call(CommitCall::PathsInfo, &request).await {
                Ok(reply) => entries.extend(body::entries(reply.value()).ok_or_else(|| malformed(&PATHS_INFO))?),
                Err(CallError::Failed(failure))
                    if failure.is_unsupported() || matches!(failure.status, Some(400 | 422)) =>
                {
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
    async fn head(&self, path: &str, revision: Option<&str>) -> Result<Option<Entry>, CallError> {
        let request = self.requests.head(path, revision)?;
        match self.io.call(CommitCall::FileHeaders, &request).await {
            Ok(reply) => Ok(Some(Entry::of_headers(path, &reply))),
            Err(CallError::Failed(failure)) if failure.kind == ErrorKind::NotFound => Ok(None),
            Err(stop) => Err(stop),
        }
    }
}

/// A path of a revision, as one string.
fn key(revision: Option<&str>, path: &str) -> String {
    format!("{}:{path}", revision.unwrap_or_default())
}
