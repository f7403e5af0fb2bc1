//! What holds whatever comes in. A file states the laws of one parser, and how bytes become its input: `proptest` tries
//! the laws on values that it makes up, and a target of `fuzz/`, whose library this is, on bytes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

pub mod error_body;
pub mod input;
pub mod lines;
pub mod link;
pub mod rate_limit;
pub mod repo_id;
pub mod retry_after;
pub mod seam;
pub mod sse;
pub mod url;

#[cfg(test)]
mod calls;
#[cfg(test)]
mod seeds;

/// How often proptest tries a law; `PROPTEST_CASES` names another number. A case that it finds becomes a test by hand.
#[cfg(test)]
fn config() -> proptest::test_runner::Config {
    proptest::test_runner::Config { failure_persistence: None, ..Default::default() }
}
