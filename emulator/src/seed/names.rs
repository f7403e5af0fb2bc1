//! Ids that examples and tests rely on, and how every other id of the seed is derived from a name.

use sha2::{Digest, Sha256};

pub const ALICE: &str = "61d2f90c3c2083e1c08af22d";
pub const ACME: &str = "628b753283ef59b5be89e937";
pub const TINY_BERT: &str = "66a1f0c2d9b7a54e0c1b2a33";
pub const WEBHOOKS: [&str; 2] = ["6390e855e30d9209411de93b", "6390e855e30d9209411de93c"];

/// 24 hex characters: the seconds of `created_at`, then a digest of the name.
pub fn id(name: &str, created_at: i64) -> String {
    let digest = hex::encode(Sha256::digest(name.as_bytes()));
    format!("{:08x}{}", (created_at / 1000) & 0xffff_ffff, digest.get(..16).unwrap_or_default())
}
