//! Ids that examples and tests rely on.

pub use crate::hub::ids::derived as id;

pub const ALICE: &str = "61d2f90c3c2083e1c08af22d";
pub const ACME: &str = "628b753283ef59b5be89e937";
pub const TINY_BERT: &str = "66a1f0c2d9b7a54e0c1b2a33";
pub const WEBHOOKS: [&str; 2] = ["6390e855e30d9209411de93b", "6390e855e30d9209411de93c"];
