//! The whole client against the whole server, in one process: the core with the emulator behind its one seam. No
//! socket, no sleep; the clock stands where a test puts it, and a wait moves it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod address;
mod calls;
mod commit_order;
mod commits;
mod endpoints;
mod io;
mod moves;
mod paging;
mod parts;
mod policy;
mod reply;
mod retries;
mod streams;
mod trust;
