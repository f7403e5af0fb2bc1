//! Repositories, files, uploads and downloads, through the whole service in-process.

mod commits;
mod downloads;
mod large_files;
mod repositories;
mod trees;
mod wire;
