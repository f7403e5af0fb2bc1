//! Who sends a request, by its `Authorization` header.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::hub::Hub;
use crate::hub::accounts::{self, Caller, INVALID_TOKEN};
use crate::hub::error::Error;

/// Reads `Authorization`: absent means anonymous; a token that is unknown or past its date is a 401.
pub fn authenticate(hub: &Hub, headers: &HeaderMap) -> Result<Caller, Error> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Ok(Caller::Anonymous);
    };
    let token = header.to_str().ok().and_then(credentials);
    accounts::by_token(hub, &token.ok_or_else(|| Error::unauthenticated(INVALID_TOKEN))?)
}

fn credentials(header: &str) -> Option<String> {
    let (scheme, value) = header.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(value.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
    pair.split_once(':').map(|(_, password)| password.to_owned())
}
