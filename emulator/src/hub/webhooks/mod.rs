//! Webhooks: what a user registers, and the events that it is to receive.

pub mod delivery;
mod emit;
mod payload;
pub mod store;
mod target;

pub use emit::{Change, emit, resume};
pub use payload::repo as repo_payload;
pub use target::Target;
