//! Repositories, files, uploads and downloads, through the whole service in-process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod commits;
mod downloads;
mod duplicates;
mod large_files;
mod likes;
mod repositories;
mod trees;
mod wire;
