//! The emulator as a provider of sign-in: every `client_id` is known, and redirects go to pages of trusted origins only.

use hf_wasm::endpoints::{Access, Endpoint, Group, Method};
use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::accounts;
use crate::hub::oauth::SCOPES;
use crate::json::at;

mod authorize;
mod token;

const LOOK: Endpoint = Endpoint { permission: None, group: Group::Account, ..Endpoint::READ };
const POST: Endpoint = Endpoint { method: Method::Post, ..LOOK };

static DISCOVERY: Endpoint =
    Endpoint { name: "openidConfiguration", path: "/.well-known/openid-configuration", ..LOOK };
static AUTHORIZE: Endpoint = Endpoint { name: "oauthAuthorize", path: "/oauth/authorize", ..LOOK };
static CONSENT: Endpoint = Endpoint { name: "oauthConsent", path: "/oauth/consent", ..LOOK };
static DEVICE_PAGE: Endpoint = Endpoint { name: "oauthDevicePage", path: "/oauth/device", ..LOOK };
static DEVICE: Endpoint = Endpoint { name: "oauthDevice", path: "/oauth/device", ..POST };
static TOKEN: Endpoint = Endpoint { name: "oauthToken", path: "/oauth/token", ..POST };
static USER_INFO: Endpoint = Endpoint { name: "oauthUserInfo", path: "/oauth/userinfo", access: Access::Token, ..LOOK };

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &DISCOVERY, handler: handler!(discovery) },
        Route { endpoint: &AUTHORIZE, handler: handler!(authorize::page) },
        Route { endpoint: &CONSENT, handler: handler!(authorize::consent) },
        Route { endpoint: &DEVICE_PAGE, handler: handler!(authorize::device_page) },
        Route { endpoint: &DEVICE, handler: handler!(token::device) },
        Route { endpoint: &TOKEN, handler: handler!(token::token) },
        Route { endpoint: &USER_INFO, handler: handler!(user_info) },
    ]
}

async fn discovery(call: Call) -> response::Result {
    let at = |path: &str| format!("{}/oauth/{path}", call.hub.origin);
    Ok(ApiResponse::json(&json!({
        "issuer": call.hub.origin,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "device_authorization_endpoint": at("device"),
        "userinfo_endpoint": at("userinfo"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
    })))
}

async fn user_info(call: Call) -> response::Result {
    let user = call.caller.require()?;
    let account = accounts::by_id(&call.hub, &user.id)?.ok_or_else(|| ApiError::new(401, "Invalid access token"))?;
    let organizations = accounts::organizations(&call.hub, &user.id)?;
    let organization = |(account, role): &(accounts::Account, String)| {
        json!({
            "sub": account.id,
            "name": account.fullname,
            "preferred_username": account.name,
            "picture": at(&account.meta, "avatarUrl"),
            "roleInOrg": role,
        })
    };
    Ok(ApiResponse::json(&json!({
        "sub": account.id,
        "name": account.fullname,
        "preferred_username": account.name,
        "profile": format!("{}/{}", call.hub.origin, account.name),
        "picture": at(&account.meta, "avatarUrl"),
        "isPro": account.is_pro,
        "orgs": organizations.iter().map(organization).collect::<Value>(),
    })))
}

/// An error as RFC 6749 writes it.
fn problem(code: &str, description: &str) -> ApiError {
    ApiError::bad_request(description).extra(json!({ "error": code, "error_description": description }))
}

/// The scopes that are asked for; `openid profile` where none are.
fn scopes(asked: Option<&str>) -> Result<String, ApiError> {
    let asked = asked.filter(|asked| !asked.is_empty()).unwrap_or("openid profile");
    match asked.split(' ').find(|scope| !SCOPES.contains(scope)) {
        Some(unknown) => Err(problem("invalid_scope", &format!("Unknown scope {unknown}"))),
        None => Ok(asked.to_owned()),
    }
}
