//! The door and the router: what every answer shares, the emulator's own routes, inference, and a restart.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../support/mod.rs"]
mod support;

mod chat;
mod control;
mod gate;
mod guard;
mod hostile;
mod providers;
mod restart;
mod rights;
mod sockets;
mod tasks;
