//! Large files: stored by sha256 on disk, and represented in git by a pointer.
//!
//! Repositories with the same content share the file on disk, but each must have received it: a repository has the
//! objects that were uploaded to it, so that the hash of another one's file is not a way to read that file.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use rusqlite::OptionalExtension;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::Hub;
use crate::hub::error::Error;

pub const SCHEMA: &str = "
create table if not exists lfs_objects (repo_id text not null, oid text not null, primary key (repo_id, oid));
";

/// Longest blob that can be a pointer.
const LONGEST_POINTER: usize = 1024;

/// What a pointer says of a large file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// sha256 of the content, in hex.
    pub oid: String,
    pub size: u64,
}

impl Pointer {
    /// The pointer to this content.
    pub fn of(content: &[u8]) -> Pointer {
        Pointer { oid: hex::encode(Sha256::digest(content)), size: content.len() as u64 }
    }

    pub fn text(&self) -> String {
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n", self.oid, self.size)
    }

    pub fn parse(blob: &[u8]) -> Option<Pointer> {
        let text = std::str::from_utf8(blob.get(..blob.len().min(LONGEST_POINTER))?).ok()?;
        let mut lines = text.lines();
        if blob.len() > LONGEST_POINTER || lines.next() != Some("version https://git-lfs.github.com/spec/v1") {
            return None;
        }
        let oid = lines.next()?.strip_prefix("oid sha256:").filter(|oid| is_oid(oid))?.to_owned();
        let size = lines.next()?.strip_prefix("size ")?.parse().ok()?;
        Some(Pointer { oid, size })
    }
}

/// Whether a string is a SHA-256 in lower-case hex.
pub fn is_oid(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Where the object lies or would lie. `oid` must be one by [`is_oid`].
pub fn path(hub: &Hub, oid: &str) -> PathBuf {
    hub.data.join("lfs").join(oid.get(..2).unwrap_or("00")).join(oid)
}

/// Size of an object that a repository has.
pub fn size_in(hub: &Hub, repo_id: &str, oid: &str) -> Result<Option<u64>, Error> {
    let query = "select 1 from lfs_objects where repo_id = ? and oid = ?";
    let has = hub.db().query_row(query, [repo_id, oid], |_| Ok(())).optional()?;
    Ok(has.and_then(|()| stored_size(hub, oid)))
}

/// Size of an object that is on disk, whichever repository it came to.
pub fn stored_size(hub: &Hub, oid: &str) -> Option<u64> {
    if !is_oid(oid) {
        return None;
    }
    fs::metadata(path(hub, oid)).ok().map(|meta| meta.len())
}

/// Stores an object of a repository, and returns its sha256.
pub fn put(hub: &Hub, repo_id: &str, bytes: &[u8]) -> Result<String, Error> {
    let mut incoming = Incoming::new(hub)?;
    incoming.write(bytes)?;
    Ok(incoming.keep(hub, repo_id)?.oid)
}

/// Removes an object from a repository. The file on disk stays, because others may have it too.
pub fn remove(hub: &Hub, repo_id: &str, oid: &str) -> Result<(), Error> {
    hub.db().execute("delete from lfs_objects where repo_id = ? and oid = ?", [repo_id, oid])?;
    Ok(())
}

/// Gives a repository all that another one has.
pub fn share(hub: &Hub, from_id: &str, to_id: &str) -> Result<(), Error> {
    let query = "insert or ignore into lfs_objects (repo_id, oid) select ?2, oid from lfs_objects where repo_id = ?1";
    hub.db().execute(query, [from_id, to_id])?;
    Ok(())
}

/// Removes all objects of a repository.
pub fn remove_all(hub: &Hub, repo_id: &str) -> Result<(), Error> {
    hub.db().execute("delete from lfs_objects where repo_id = ?", [repo_id])?;
    Ok(())
}

/// Removes what came in part: files without a place yet, and the parts of uploads.
pub fn sweep(hub: &Hub) -> Result<(), Error> {
    for entry in fs::read_dir(hub.data.join("lfs"))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        } else if entry.file_name() == "parts" {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// An object that is being received, hashed while it is written.
#[derive(Debug)]
pub struct Incoming {
    file: NamedTempFile,
    hash: Sha256,
    pub size: u64,
}

impl Incoming {
    pub fn new(hub: &Hub) -> Result<Incoming, Error> {
        let folder = hub.data.join("lfs");
        fs::create_dir_all(&folder)?;
        Ok(Incoming { file: NamedTempFile::new_in(folder)?, hash: Sha256::new(), size: 0 })
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// sha256 of what was written so far.
    pub fn oid(&self) -> String {
        hex::encode(self.hash.clone().finalize())
    }

    /// Moves the object to its place, for one repository. Without this it vanishes.
    pub fn keep(self, hub: &Hub, repo_id: &str) -> Result<Pointer, Error> {
        let pointer = Pointer { oid: self.oid(), size: self.size };
        let place = path(hub, &pointer.oid);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        self.move_to(&place)?;
        let query = "insert or ignore into lfs_objects (repo_id, oid) values (?, ?)";
        hub.db().execute(query, [repo_id, &pointer.oid])?;
        Ok(pointer)
    }

    /// Moves what came to another place.
    pub fn move_to(mut self, place: &Path) -> Result<(), Error> {
        self.file.flush()?;
        self.file.persist(place).map_err(|error| error.error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::testing;

    #[test]
    fn a_pointer_is_read_back_and_nothing_else_is_one() {
        let pointer = Pointer { oid: "ab".repeat(32), size: 17_731_412 };
        assert_eq!(pointer.text().len(), 133);
        assert_eq!(Pointer::parse(pointer.text().as_bytes()), Some(pointer));
        for other in ["", "version https://git-lfs.github.com/spec/v1\n", "hello\nworld\nsize 1\n"] {
            assert_eq!(Pointer::parse(other.as_bytes()), None);
        }
    }

    #[test]
    fn an_object_is_stored_by_its_sha256_for_one_repository() {
        let hub = testing::hub();
        let oid = put(&hub, "1", b"abc").unwrap();
        assert_eq!(oid, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(fs::read(path(&hub, &oid)).unwrap(), b"abc");
        assert_eq!(size_in(&hub, "1", &oid).unwrap(), Some(3));
        assert_eq!(size_in(&hub, "2", &oid).unwrap(), None);
        assert_eq!(stored_size(&hub, "../../etc/passwd"), None);
        remove(&hub, "1", &oid).unwrap();
        assert_eq!((size_in(&hub, "1", &oid).unwrap(), stored_size(&hub, &oid)), (None, Some(3)));
    }
}
