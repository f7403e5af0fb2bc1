//! What programs ask without a person: device codes, and tokens for codes.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{problem, scopes};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::hub::Hub;
use crate::hub::oauth::{self, Kind};
use crate::json::at;

/// Seconds for which a device may wait.
const DEVICE_LIFE: i64 = 300;

/// Seconds for which a code that is used again is known.
const MEMORY: i64 = 3600;

type Form = HashMap<String, String>;

/// A code for a device, and one for the person.
pub async fn device(call: Call) -> response::Result {
    let form = form(&call);
    let client_id = value(&form, "client_id")?;
    let scope = scopes(form.get("scope").map(String::as_str))?;
    let device_code = oauth::secret();
    let user_code = user_code();
    let device = json!({ "client_id": client_id, "scope": scope, "user_code": user_code });
    oauth::put(&call.hub, Kind::Device, &device_code, &device, DEVICE_LIFE)?;
    let page = format!("{}/oauth/device", call.hub.origin);
    Ok(ApiResponse::json(&json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "expires_in": DEVICE_LIFE,
    })))
}

pub async fn token(call: Call) -> response::Result {
    let form = form(&call);
    let hub = &call.hub;
    let grant = match value(&form, "grant_type")? {
        "authorization_code" => code(hub, &form)?,
        "urn:ietf:params:oauth:grant-type:device_code" => device_code(hub, &form)?,
        "refresh_token" => refresh(hub, &form)?,
        _ => return Err(problem("unsupported_grant_type", "This grant type is not known")),
    };
    let text = |name: &str| at(&grant, name).as_str().unwrap_or_default();
    let tokens = oauth::issue(hub, text("user"), text("client_id"), text("scope"))?;
    if let Some(code) = form.get("code") {
        let gave = json!({ "access": tokens.access, "refresh": tokens.refresh });
        oauth::put(hub, Kind::Spent, code, &gave, MEMORY)?;
    }
    let body = json!({
        "access_token": tokens.access,
        "token_type": "bearer",
        "expires_in": oauth::LIFE,
        "scope": text("scope"),
        "refresh_token": tokens.refresh,
    });
    Ok(ApiResponse::json(&body).header("cache-control", "no-store"))
}

/// A code is good once, for the program and the page that asked for it. One that comes again was stolen: what it gave
/// is taken back.
fn code(hub: &Hub, form: &Form) -> Result<Value, ApiError> {
    let code = value(form, "code")?;
    let invalid = |why: &str| problem("invalid_grant", why);
    if let Some(gave) = oauth::find(hub, Kind::Spent, code)? {
        oauth::revoke(hub, at(&gave, "access").as_str().unwrap_or_default())?;
        oauth::take(hub, Kind::Refresh, at(&gave, "refresh").as_str().unwrap_or_default())?;
        return Err(invalid("The code was used before"));
    }
    let grant = oauth::take(hub, Kind::Code, code)?.ok_or_else(|| invalid("The code is not known or has expired"))?;
    // The official JavaScript client leaves out the client, which the code tells.
    if form.get("client_id").is_some_and(|client| at(&grant, "client_id") != client.as_str()) {
        return Err(invalid("The code was given to another client"));
    }
    if at(&grant, "given_redirect_uri") != value(form, "redirect_uri")? {
        return Err(invalid("redirect_uri is not the one that the code was asked for with"));
    }
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(value(form, "code_verifier")?));
    if at(&grant, "challenge") != challenge.as_str() {
        return Err(invalid("code_verifier does not fit the challenge"));
    }
    Ok(grant)
}

fn device_code(hub: &Hub, form: &Form) -> Result<Value, ApiError> {
    let (key, client) = (value(form, "device_code")?, value(form, "client_id")?);
    let device = oauth::find(hub, Kind::Device, key)?.filter(|device| at(device, "client_id") == client);
    let device = device.ok_or_else(|| problem("expired_token", "The device code is not known or has expired"))?;
    match at(&device, "user").as_str() {
        None => Err(problem("authorization_pending", "Nobody has agreed yet")),
        Some(user) => {
            oauth::take(hub, Kind::Device, key)?;
            if user.is_empty() { Err(problem("access_denied", "The person refused")) } else { Ok(device) }
        }
    }
}

/// A refresh token works once, and ends the access token that came with it.
fn refresh(hub: &Hub, form: &Form) -> Result<Value, ApiError> {
    let grant = oauth::take(hub, Kind::Refresh, value(form, "refresh_token")?)?;
    let grant = grant.ok_or_else(|| problem("invalid_grant", "The refresh token is not known or was used before"))?;
    if form.get("client_id").is_some_and(|client| at(&grant, "client_id") != client.as_str()) {
        return Err(problem("invalid_grant", "The refresh token was given to another client"));
    }
    oauth::revoke(hub, at(&grant, "access").as_str().unwrap_or_default())?;
    Ok(grant)
}

fn form(call: &Call) -> Form {
    form_urlencoded::parse(&call.body).into_owned().collect()
}

fn value<'a>(form: &'a Form, name: &str) -> Result<&'a str, ApiError> {
    let found = form.get(name).filter(|value| !value.is_empty());
    found.map(String::as_str).ok_or_else(|| problem("invalid_request", &format!("{name} is missing")))
}

/// Eight letters that are hard to confuse, such as `BCDF-GHJK`.
fn user_code() -> String {
    let letters: String = oauth::secret()
        .bytes()
        .take(8)
        .map(|digit| {
            char::from(match digit {
                b'0'..=b'9' => b'P' + (digit - b'0'),
                _ => b'B' + (digit - b'a'),
            })
        })
        .collect();
    let (head, tail) = letters.split_at(4);
    format!("{head}-{tail}")
}
