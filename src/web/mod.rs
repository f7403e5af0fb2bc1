//! The edge: the only code that knows `fetch`, streams and `JsValue`.
//!
//! Laws: what JavaScript gave is read here and nowhere else; a call fails with what the driver's `error` made of a
//! [`Failure`](crate::core::failure::Failure), or with the caller's own abort reason.

// Of both WebAssemblies.
mod args;
mod call;
mod commit_call;
mod json;
mod object;
mod pending_call;
mod url;

// Of the core.
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod download;
#[cfg(feature = "client")]
mod events;
#[cfg(feature = "client")]
mod exchange;
#[cfg(feature = "client")]
mod images;
#[cfg(feature = "client")]
mod io;
#[cfg(feature = "client")]
mod options;
#[cfg(feature = "client")]
mod pages;
#[cfg(feature = "client")]
mod policy;
#[cfg(feature = "client")]
mod response;

// Of commits.
#[cfg(feature = "commit")]
mod commit;
#[cfg(feature = "commit")]
mod sources;
