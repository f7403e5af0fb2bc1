//! A Hub in a folder that vanishes, for tests.

use std::ops::Deref;
use std::sync::Mutex;
use std::sync::atomic::AtomicI64;

use rusqlite::Connection;
use tempfile::TempDir;

use super::repos::{self, NewRepo, Repo, RepoKind};
use super::{Hub, accounts};

pub struct TestHub {
    hub: Hub,
    _folder: TempDir,
}

impl Deref for TestHub {
    type Target = Hub;

    fn deref(&self) -> &Hub {
        &self.hub
    }
}

pub fn hub() -> TestHub {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open_in_memory().unwrap();
    for schema in [repos::SCHEMA, accounts::SCHEMA] {
        db.execute_batch(schema).unwrap();
    }
    let hub = Hub {
        origin: "http://127.0.0.1:8787".to_owned(),
        cdn_origin: "http://127.0.0.1:8788".to_owned(),
        data: folder.path().to_owned(),
        db: Mutex::new(db),
        clock_offset: AtomicI64::new(0),
    };
    TestHub { hub, _folder: folder }
}

/// A model `acme/x` with a README.
pub fn repo(hub: &Hub) -> Repo {
    let files = vec![("README.md".to_owned(), b"# x\n".to_vec())];
    repos::create(hub, NewRepo { files, ..NewRepo::new(hub, RepoKind::Model, "acme", "x") }).unwrap()
}
