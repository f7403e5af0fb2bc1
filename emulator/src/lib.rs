//! A local Hub and inference router to develop and test against.
//!
//! Four rooms, and one direction between them: [`http`] uses [`hub`], [`inference`] and [`seed`]; `seed` uses `hub`;
//! `hub` and `inference` know neither HTTP nor each other.
//!
//! The endpoints are the client's own: what one says of access, permission, bucket and event is enforced in `http` from
//! the same constant, so that client and emulator cannot drift apart.

pub mod dates;
pub mod http;
pub mod hub;
pub mod inference;
pub mod json;
pub mod seed;
