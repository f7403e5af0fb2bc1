//! Checks a README's metadata, and a caller's access.

use axum::http::StatusCode;
use hf_wasm::endpoints::{Access, Endpoint, Group, Method};
use serde_json::{Value, json};

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::accounts;
use crate::hub::card;

const VALIDATE_YAML: Endpoint = Endpoint {
    name: "validateYaml",
    method: Method::Post,
    path: "/api/validate-yaml",
    group: Group::Repos,
    permission: None,
    ..Endpoint::READ
};

const AUTH_CHECK: Endpoint =
    Endpoint { name: "authCheck", path: "/api/{repo}/auth-check", group: Group::Repos, ..Endpoint::READ };

const AUTH_CHECK_WRITE: Endpoint = Endpoint {
    name: "authCheckWrite",
    path: "/api/{repo}/auth-check/write",
    access: Access::Write,
    permission: Some("repo.write"),
    ..AUTH_CHECK
};

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &VALIDATE_YAML, handler: handler!(validate) },
        Route { endpoint: &AUTH_CHECK, handler: handler!(check) },
        Route { endpoint: &AUTH_CHECK_WRITE, handler: handler!(check) },
    ]
}

async fn validate(call: Call) -> response::Result {
    let body = call.json()?;
    let content = body.get("content").and_then(Value::as_str);
    let content = content.ok_or_else(|| ApiError::bad_request("\"content\" is required"))?;
    let (error, warning) = match card::read(content) {
        Err(message) => (Some(message), None),
        Ok(None) => (None, Some("empty or missing yaml metadata in repo card".to_owned())),
        Ok(Some(_)) => (None, None),
    };
    let status = if error.is_none() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let response = if call.accepts("text/plain") {
        let lines = [("Error", error), ("Warning", warning)];
        let lines = lines.into_iter().filter_map(|(kind, text)| Some(format!("- {kind}: {}\n", text?)));
        ApiResponse::text(lines.collect::<String>())
    } else {
        let list = |message: Option<String>| message.map(|message| json!({ "message": message })).into_iter();
        ApiResponse::json(
            &json!({ "errors": list(error).collect::<Value>(), "warnings": list(warning).collect::<Value>() }),
        )
    };
    Ok(response.status(status))
}

/// The gate has checked the rest; content of gated repositories asks for a grant.
async fn check(call: Call) -> response::Result {
    let repo = call.repo()?;
    if !accounts::can_read_content(&call.hub, &call.caller, repo)? {
        let name = repo.full_name();
        let text =
            format!("Access to {} {name} is restricted and you are not in the authorized list.", repo.kind.as_str());
        return Err(ApiError::forbidden(text).code("GatedRepo"));
    }
    Ok(ApiResponse::text("OK"))
}
