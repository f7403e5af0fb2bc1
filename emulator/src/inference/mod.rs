//! The emulator's models: small deterministic programs, named for what they do. They know neither the Hub nor HTTP.

pub mod completion;
pub mod echo;
pub mod error;
pub mod gradient;
pub mod hash_embedding;
pub mod request;
pub mod schema;
pub mod scripted;
mod spoken;
mod tokens;
