//! The Hugging Face Hub API and inference router, as data and as pure logic, with one edge that knows JavaScript.
//!
//! Three rooms, one direction: [`web`] -> [`core`] -> [`endpoints`].

pub mod core;
pub mod endpoints;
#[cfg(target_arch = "wasm32")]
mod web;

/// Far smaller than the standard library's allocator.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
