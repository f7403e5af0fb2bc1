//! Collections: named lists of repositories and papers that a user or organization keeps.

pub mod item_forms;
pub mod store;
