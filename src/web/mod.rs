//! The edge: the only code that knows `fetch`, streams and `JsValue`.
//!
//! Laws: what JavaScript gave is read here and nowhere else; an exported function rejects with what the shell's `fail`
//! made of a [`Failure`](crate::core::failure::Failure), or with the caller's own abort reason.

mod args;
mod call;
mod client;
mod commit;
mod events;
mod io;
mod object;
mod options;
mod pages;
mod reply;
mod task;
mod url;
