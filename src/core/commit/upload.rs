//! Uploads of large files, before the commit that names them.

use super::places::Places;
use super::requests::{self, malformed};
use super::{BATCH, Commit, CommitCall, CommitIo, Content};
use crate::core::body;
use crate::core::io::{CallError, Reply};
use crate::core::json::Json;
use crate::endpoints::files::LFS_BATCH;

/// A large file to upload.
struct Object {
    oid: String,
    size: u64,
    path: String,
    /// The caller's file that holds it.
    index: usize,
}

impl<I: CommitIo> Commit<'_, I> {
    /// Uploads each large file that the Hub does not have yet, once.
    pub(super) async fn upload(&mut self) -> Result<(), CallError> {
        let objects = self.objects();
        for batch in objects.chunks(BATCH) {
            let asked: Vec<_> = batch.iter().map(|object| requests::object(&object.oid, object.size)).collect();
            let request = self.requests.lfs_batch(&asked)?;
            let reply = self.io.call(CommitCall::LfsBatch, &request).await?.into_value();
            if let Some(transfer) = reply.text_of("transfer").filter(|transfer| transfer != "basic") {
                return Err(requests::not_offered(&transfer).into());
            }
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
                    self.io.call(CommitCall::Upload, &request).await?;
                }
                if let Some(action) = &actions.verify {
                    let request = self.requests.verify::<I>(action, requests::object(oid, *size))?;
                    self.io.call(CommitCall::Verify, &request).await?;
                }
                self.progress("upload", path, *size, *size);
            }
        }
        Ok(())
    }

    /// The large files that are added, each content once.
    fn objects(&self) -> Vec<Object> {
        let mut seen = Places::default();
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
}
