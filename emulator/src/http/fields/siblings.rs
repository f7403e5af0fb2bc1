//! The files of a repository as `siblings`, and the space that they use.

use git2::Oid;
use serde_json::{Value, json};

use crate::http::error::ApiError;
use crate::hub::Hub;
use crate::hub::git::{self, snapshot::Snapshot};
use crate::hub::lfs::Pointer;
use crate::hub::repos::Repo;

#[derive(Debug)]
pub struct Files<'a> {
    hub: &'a Hub,
    repo: &'a Repo,
    sha: Option<&'a str>,
}

struct File {
    path: String,
    size: u64,
    blob: Oid,
    lfs: Option<Pointer>,
}

impl<'a> Files<'a> {
    /// The files of a commit, or of the main branch.
    pub fn new(hub: &'a Hub, repo: &'a Repo, sha: Option<&'a str>) -> Self {
        Files { hub, repo, sha }
    }

    pub fn siblings(&self, blobs: bool) -> Result<Value, ApiError> {
        if !blobs {
            return Ok(self.paths()?.into_iter().map(|path| json!({ "rfilename": path })).collect());
        }
        Ok(self.files()?.into_iter().map(sibling).collect())
    }

    /// Bytes, as the seed says for repositories whose weights exist in name alone, else the sum of all files.
    pub fn used_storage(&self) -> Result<u64, ApiError> {
        match self.repo.meta("usedStorage").as_u64() {
            Some(bytes) => Ok(bytes),
            None => Ok(self.files()?.iter().map(|file| file.size).sum()),
        }
    }

    /// A repository that nobody has opened yet is not made for the sake of a list.
    fn paths(&self) -> Result<Vec<String>, ApiError> {
        if self.sha.is_none() && !git::path(self.hub, self.repo).exists() {
            let mut paths: Vec<String> = git::listing_files(self.repo).into_iter().map(|(path, _)| path).collect();
            paths.sort();
            return Ok(paths);
        }
        Ok(self.snapshot()?.1.entries.into_keys().collect())
    }

    fn files(&self) -> Result<Vec<File>, ApiError> {
        let (git, snapshot) = self.snapshot()?;
        let files = snapshot.entries.into_iter().map(|(path, entry)| {
            let blob = git.find_blob(entry.oid)?;
            let lfs = Pointer::parse(blob.content());
            let size = lfs.as_ref().map_or(blob.size() as u64, |pointer| pointer.size);
            Ok(File { path, size, blob: entry.oid, lfs })
        });
        files.collect()
    }

    fn snapshot(&self) -> Result<(git2::Repository, Snapshot), ApiError> {
        let git = git::open(self.hub, self.repo)?;
        let commit = git::revision(&git, self.sha.unwrap_or("HEAD"))?;
        let snapshot = Snapshot::of(&git, commit)?;
        Ok((git, snapshot))
    }
}

fn sibling(file: File) -> Value {
    let mut sibling = json!({ "rfilename": file.path, "blobId": file.blob.to_string(), "size": file.size });
    if let (Some(pointer), Some(sibling)) = (file.lfs, sibling.as_object_mut()) {
        let lfs = json!({ "sha256": pointer.oid, "size": pointer.size, "pointerSize": pointer.text().len() });
        sibling.insert("lfs".to_owned(), lfs);
    }
    sibling
}
