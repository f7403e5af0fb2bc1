//! Discussions and pull requests of a repository: one sequence of numbers, each with its list of events.
//!
//! A pull request has a git reference besides, `refs/pr/N`. Comments are events too; what was edited keeps its history.

pub mod diff;
pub mod events;
pub mod payload;
pub mod pull_requests;
pub mod store;
