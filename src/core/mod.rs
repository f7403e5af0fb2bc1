//! HOW a call goes: build, interpret, retry, page, decode events, plan an upload, hash.
//!
//! Pure: no fetch, no clock, no JavaScript type. Time and randomness are arguments, so every test runs natively.

pub mod advice;
pub mod args;
pub mod body;
pub mod call;
pub mod client;
pub mod commit;
pub mod error_body;
pub mod failure;
pub mod hash;
pub mod headers;
pub mod io;
pub mod json;
pub mod link;
pub mod options;
pub mod origin;
pub mod pages;
pub mod permit;
pub mod policy;
pub mod rate_limit;
pub mod reply;
pub mod repo_id;
pub mod request;
pub mod request_body;
pub mod retry;
pub mod sse;
pub mod suggest;
#[cfg(test)]
pub mod testing;
pub mod url;
