//! Ids of 24 hex characters that follow from a name, so that the same history leads to the same ids.

use sha2::{Digest, Sha256};

/// The seconds of `created_at`, then a digest of the name.
pub fn derived(name: &str, created_at: i64) -> String {
    let digest = hex::encode(Sha256::digest(name.as_bytes()));
    format!("{:08x}{}", (created_at / 1000) & 0xffff_ffff, digest.get(..16).unwrap_or_default())
}
