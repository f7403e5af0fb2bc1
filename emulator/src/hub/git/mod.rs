//! Real git repositories, one bare one for each row: object ids are git's own, and `git` reads them.
//!
//! Writes take turns; reads need none. What changes the main branch also updates `sha` and `last_modified` of the row.

mod commit;
pub mod large;
mod listing;
pub mod log;
mod merge;
mod metadata;
mod objects;
mod refs;
mod repository;
pub mod snapshot;
pub mod tree;

pub use commit::{Commit, Operation, commit, write_commit};
pub use listing::{listing_files, listing_sha};
pub use merge::{Merge, merge};
pub use objects::{Author, GIT_ATTRIBUTES, MAIN};
pub use refs::{create_tag, empty_branch, references, squash};
pub use repository::{
    Pushed, branch_reference, delete_reference, follow_main, init, open, path, remove, revision, set_reference,
};

#[cfg(test)]
mod tests;
