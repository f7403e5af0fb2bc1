//! A commit, from operations to one NDJSON request: ask how each file is sent, skip what is unchanged, upload what is
//! large, send the rest inline.

mod lines;
mod operation;
mod plan;
mod sources;
mod upload;

pub use operation::{Change, Operation, field};
pub use plan::{Outcome, run};
