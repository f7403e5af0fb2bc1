//! Addresses that carry their own authorization: until a moment, for one method, one path and one query.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::Sha256;

use crate::http::error::ApiError;
use crate::hub::Hub;

/// How long a signed URL is valid.
pub const SECONDS: i64 = 3600;

/// Drawn when the program starts: a restart ends all signed addresses.
static SECRET: LazyLock<[u8; 64]> = LazyLock::new(|| {
    let mut secret = [0; 64];
    for (number, bytes) in secret.chunks_exact_mut(8).enumerate() {
        bytes.copy_from_slice(&RandomState::new().hash_one(number).to_le_bytes());
    }
    secret
});

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes all but letters, digits and `-._~`.
pub fn escape(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// The signed URL on the second origin.
pub fn sign(hub: &Hub, method: &str, path: &str, query: &[(&str, &str)]) -> String {
    let mut pairs: Vec<String> = query.iter().map(|(key, value)| format!("{key}={}", escape(value))).collect();
    pairs.push(format!("Expires={}", hub.now() / 1000 + SECONDS));
    let unsigned = format!("{path}?{}", pairs.join("&"));
    let signature = hex::encode(mac(method, &unsigned).finalize().into_bytes());
    format!("{}{unsigned}&Signature={signature}", hub.cdn_origin)
}

/// Checks `path?query` as it came.
pub fn check(hub: &Hub, method: &str, path_and_query: &str) -> Result<(), ApiError> {
    let denied = || ApiError::forbidden("Access denied: the signature does not match");
    let (unsigned, signature) = path_and_query.rsplit_once("&Signature=").ok_or_else(denied)?;
    let signature = hex::decode(signature).map_err(|_| denied())?;
    mac(method, unsigned).verify_slice(&signature).map_err(|_| denied())?;
    let expires = unsigned.rsplit_once("Expires=").and_then(|(_, seconds)| seconds.parse::<i64>().ok());
    if expires.is_none_or(|seconds| seconds * 1000 < hub.now()) {
        return Err(ApiError::forbidden("Access denied: the URL has expired"));
    }
    Ok(())
}

fn mac(method: &str, unsigned: &str) -> Hmac<Sha256> {
    // A key of 64 bytes is a block of SHA-256: it is taken as it is.
    let mut mac = Hmac::<Sha256>::new((&*SECRET).into());
    mac.update(format!("{method} {unsigned}").as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::hub::testing;

    #[test]
    fn a_signed_address_holds_until_it_is_changed_or_too_old() {
        let hub = testing::hub();
        let signed = sign(&hub, "GET", "/lfs/ab", &[("name", "a, b")]);
        let rest = signed.strip_prefix("http://127.0.0.1:8788").unwrap();
        assert!(check(&hub, "GET", rest).is_ok());
        assert!(check(&hub, "PUT", rest).is_err());
        assert!(check(&hub, "GET", &rest.replace("/ab", "/cd")).is_err());
        hub.clock_offset.store((SECONDS + 2) * 1000, Ordering::Relaxed);
        assert_eq!(check(&hub, "GET", rest).unwrap_err().status.as_u16(), 403);
    }
}
