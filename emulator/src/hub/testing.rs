//! A Hub in a folder that vanishes, for tests: no account, no repository.

use std::sync::Arc;

use super::Hub;
use super::open::Options;
use super::repos::{self, NewRepo, Repo, RepoKind};

pub fn hub() -> Arc<Hub> {
    Arc::new(Hub::open(Options::default()).unwrap().0)
}

/// A model `acme/x` with a README.
pub fn repo(hub: &Hub) -> Repo {
    let files = vec![("README.md".to_owned(), b"# x\n".to_vec())];
    repos::create(hub, NewRepo { files, ..NewRepo::new(hub, RepoKind::Model, "acme", "x") }).unwrap()
}
