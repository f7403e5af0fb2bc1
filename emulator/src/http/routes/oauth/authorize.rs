//! The pages on which a person agrees. A decision is a link with a ticket that works once, which pages of other origins
//! cannot read, and so cannot follow for the person.

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::{problem, scopes};
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::signature::escape as percent;
use crate::hub::Hub;
use crate::hub::oauth::{self, Kind};
use crate::json::at;

/// Seconds for which a person may think, and a code is good.
const PATIENCE: i64 = 300;
const CODE_LIFE: i64 = 60;

/// Asks a person whether a page may act for them.
pub async fn page(call: Call) -> response::Result {
    let given = |name: &str| call.query_value(name).unwrap_or_default();
    // Where these are wrong nobody may be sent anywhere.
    let redirect = Url::parse(given("redirect_uri")).map_err(|_| problem("invalid_request", "Invalid redirect_uri"))?;
    let trusted = call.app.gate.trust.origin(&redirect.origin().ascii_serialization());
    if !trusted || redirect.fragment().is_some() {
        return Err(problem(
            "invalid_request",
            "redirect_uri is no page of this machine; --allow-origin allows others",
        ));
    }
    if given("client_id").is_empty() {
        return Err(problem("invalid_client", "client_id is missing"));
    }
    let back = |code: &str, description: &str| {
        Ok(redirected(&redirect, &[("error", code), ("error_description", description), ("state", given("state"))]))
    };
    if given("response_type") != "code" {
        return back("unsupported_response_type", "Only response_type=code is known");
    }
    if given("code_challenge_method") != "S256" || given("code_challenge").is_empty() {
        return back("invalid_request", "code_challenge with code_challenge_method=S256 is required");
    }
    let Ok(scope) = scopes(call.query_value("scope")) else {
        return back("invalid_scope", "A scope is not known");
    };
    let request = json!({
        "client_id": given("client_id"),
        "redirect_uri": redirect.as_str(),
        "given_redirect_uri": given("redirect_uri"),
        "state": given("state"),
        "scope": scope,
        "challenge": given("code_challenge"),
    });
    ask(&call.hub, &request)
}

/// Asks a person whether a device may act for them, or which device.
pub async fn device_page(call: Call) -> response::Result {
    let waiting = oauth::waiting(&call.hub)?;
    let code = call.query_value("user_code").map(|code| code.trim().to_ascii_uppercase());
    let Some(code) = code else {
        let links = waiting.iter().map(|(_, device)| {
            let code = at(device, "user_code").as_str().unwrap_or_default();
            (format!("/oauth/device?user_code={}", percent(code)), code.to_owned())
        });
        return Ok(html("Devices that wait", "Which code does your device show?", links));
    };
    let device = waiting.into_iter().find(|(_, device)| at(device, "user_code") == code.as_str());
    let (key, device) = device.ok_or_else(|| ApiError::not_found("No device waits with this code"))?;
    let request = json!({ "client_id": at(&device, "client_id"), "scope": at(&device, "scope"), "device_code": key });
    ask(&call.hub, &request)
}

/// What the person decided: `user` agrees, without one nobody does.
pub async fn consent(call: Call) -> response::Result {
    let hub = &call.hub;
    let ticket = call.query_value("ticket").unwrap_or_default();
    let request = oauth::take(hub, Kind::Request, ticket)?;
    let mut request = request.ok_or_else(|| ApiError::bad_request("This request has expired or was decided before"))?;
    let user = call.query_value("user").map(str::to_owned);
    if user.as_ref().is_some_and(|user| !oauth::users(hub).is_ok_and(|users| users.contains(user))) {
        return Err(ApiError::bad_request("No such user"));
    }
    if let Some(properties) = request.as_object_mut() {
        // An empty name says that the person refused.
        properties.insert("user".to_owned(), user.clone().unwrap_or_default().into());
    }
    let text = |name: &str| at(&request, name).as_str().unwrap_or_default().to_owned();
    let device = text("device_code");
    if !device.is_empty() {
        if oauth::take(hub, Kind::Device, &device)?.is_some() {
            oauth::put(hub, Kind::Device, &device, &request, PATIENCE)?;
        }
        let title = if user.is_some() { "The device is signed in" } else { "The device was refused" };
        return Ok(html(title, "You may close this page.", []));
    }
    let redirect = Url::parse(&text("redirect_uri")).map_err(|_| problem("invalid_request", "Invalid redirect_uri"))?;
    if user.is_none() {
        let denied =
            [("error", "access_denied"), ("error_description", "The person refused"), ("state", &text("state"))];
        return Ok(redirected(&redirect, &denied));
    }
    let code = oauth::secret();
    oauth::put(hub, Kind::Code, &code, &request, CODE_LIFE)?;
    Ok(redirected(&redirect, &[("code", &code), ("state", &text("state"))]))
}

/// A page with a link for each user who may agree.
fn ask(hub: &Hub, request: &Value) -> response::Result {
    let ticket = oauth::secret();
    oauth::put(hub, Kind::Request, &ticket, request, PATIENCE)?;
    let (client, scope) = (at(request, "client_id"), at(request, "scope"));
    let text = format!(
        "{} asks to act for you, with these scopes: {}.",
        client.as_str().unwrap_or_default(),
        scope.as_str().unwrap_or_default()
    );
    let users = oauth::users(hub)?.into_iter();
    let allow = users
        .map(|user| (format!("/oauth/consent?ticket={ticket}&user={}", percent(&user)), format!("Allow as {user}")));
    let deny = (format!("/oauth/consent?ticket={ticket}"), "Refuse".to_owned());
    Ok(html("Sign in", &text, allow.chain([deny])))
}

fn redirected(redirect: &Url, params: &[(&str, &str)]) -> ApiResponse {
    let mut url = redirect.clone();
    let given = params.iter().filter(|(_, value)| !value.is_empty());
    url.query_pairs_mut().extend_pairs(given);
    ApiResponse::text("").status(StatusCode::SEE_OTHER).header("location", url.as_str())
}

fn html(title: &str, text: &str, links: impl IntoIterator<Item = (String, String)>) -> ApiResponse {
    let links: String = links
        .into_iter()
        .map(|(address, name)| format!("<li><a href=\"{}\">{}</a></li>", escape(&address), escape(&name)))
        .collect();
    let page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{title}</title><style>body{{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;\
         padding:0 1rem;color-scheme:light dark}}</style><main><h1>{title}</h1><p>{}</p><ul>{links}</ul></main></html>",
        escape(text)
    );
    ApiResponse::bytes("text/html; charset=utf-8", page)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
