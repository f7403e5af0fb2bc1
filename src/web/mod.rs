//! The edge: the only code that knows `fetch`, streams and `JsValue`.
//!
//! Laws: what JavaScript gave is read here and nowhere else; a call fails with what the driver's `error` made of a
//! [`Failure`](crate::core::failure::Failure), or with the caller's own abort reason.

mod args;
mod call;
mod client;
mod commit;
mod download;
mod events;
mod images;
mod io;
mod object;
mod options;
mod pages;
mod pending_call;
mod response;
mod url;
