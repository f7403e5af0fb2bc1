//! People and metadata: lists, infos, rights, discussions, collections, webhooks, through the whole service in-process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, dead_code)]

#[path = "../support/mod.rs"]
mod support;

mod collections;
mod deliveries;
mod discussions;
mod infos;
mod lists;
mod rights;
mod webhooks;

pub const BOB: (&str, &str) = ("authorization", "Bearer hf_emulator_bob");
pub const FINE: (&str, &str) = ("authorization", "Bearer hf_emulator_fine");
