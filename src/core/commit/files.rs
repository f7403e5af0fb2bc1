//! The caller's files: how each is sent, and whether it is there already.

use super::places::Places;
use super::requests::{self, malformed};
use super::{BATCH, Change, Commit, CommitCall, CommitIo, Content};
use crate::core::body;
use crate::core::hash;
use crate::core::io::{CallError, Reply};
use crate::endpoints::repos::PREUPLOAD;

/// Bytes that preupload wants to see of each file.
const SAMPLE: u64 = 512;
/// Bytes of the largest file that is sent within the commit. The Hub wants no more than 10 MB there.
const INLINE: u64 = 256 << 20;

impl<I: CommitIo> Commit<'_, I> {
    /// Asks how the files to add are sent, and reads or hashes them.
    pub(super) async fn preupload(&mut self) -> Result<(), CallError> {
        let mut added = Vec::new();
        for at in 0..self.operations.len() {
            if let Some((path, index, size)) = self.added(at) {
                added.push((at, path, index, size));
            }
        }
        let (attributes, ignore) = (self.rules(".gitattributes").await?, self.rules(".gitignore").await?);
        for batch in added.chunks(BATCH) {
            let mut samples = Vec::new();
            for (_, path, index, size) in batch {
                samples.push(requests::sample(path, *size, &self.read(*index, 0, SAMPLE.min(*size)).await?));
            }
            let request = self.requests.preupload(&samples, attributes.as_deref(), ignore.as_deref())?;
            let reply = self.io.call(CommitCall::Preupload, &request).await?.into_value();
            let (files, head) = body::preupload(&reply).ok_or_else(|| malformed(&PREUPLOAD))?;
            self.head = head.or(self.head.take());
            let places = Places::of(&mut files.iter().map(|file| file.path.as_str()));
            for (at, path, index, size) in batch {
                let file = places.get(path).and_then(|at| files.get(at));
                let file = file.ok_or_else(|| malformed(&PREUPLOAD))?;
                let known = file.oid.as_deref();
                let (content, same) = if file.ignored {
                    (Content::Ignored, false)
                // An empty file is never a large one, whatever the reply says.
                } else if file.large && *size > 0 {
                    self.large(path, *index, *size, known).await?
                } else {
                    self.regular(path, *index, *size, known).await?
                };
                self.set(*at, content, same);
            }
        }
        Ok(())
    }

    /// What a file of rules will hold after this commit, which preupload is to follow; None where the commit leaves it.
    async fn rules(&mut self, path: &str) -> Result<Option<String>, CallError> {
        match self.operations.iter().rfind(|operation| operation.path == path).map(|operation| &operation.change) {
            Some(Change::Add { index, size }) => {
                let content = self.read(*index, 0, *size).await?;
                Ok(Some(String::from_utf8_lossy(&content).into_owned()))
            }
            Some(Change::Delete) => Ok(Some(String::new())),
            _ => Ok(None),
        }
    }

    /// A large file, and whether it is the one that is known.
    async fn large(
        &mut self,
        path: &str,
        index: usize,
        size: u64,
        known: Option<&str>,
    ) -> Result<(Content, bool), CallError> {
        let oid = self.io.sha256(index, path).await?;
        let same = known == Some(oid.as_str());
        Ok((Content::Large { oid, size }, same))
    }

    async fn regular(
        &mut self,
        path: &str,
        index: usize,
        size: u64,
        known: Option<&str>,
    ) -> Result<(Content, bool), CallError> {
        if size > INLINE {
            return Err(requests::refused(path, "it wants it within the commit, which is too large for that").into());
        }
        let content = self.read(index, 0, size).await?;
        let mut same = false;
        if let Some(known) = known {
            // Where the runtime has no SHA-1 the file is sent again, which does no harm.
            let oid = self.io.sha1(&hash::blob(&content)).await?;
            same = oid.is_some_and(|oid| hash::hex(&oid) == known);
        }
        Ok((Content::Inline(content), same))
    }
}
