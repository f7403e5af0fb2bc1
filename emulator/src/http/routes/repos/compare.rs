//! What one revision changes against another: `a..b`, or since they parted `a...b`.

use hf_wasm::endpoints::{Endpoint, Group};
use serde_json::Value;

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::discussions::diff;
use crate::hub::git;

const COMPARE: Endpoint =
    Endpoint { name: "compare", path: "/api/{repo}/compare/{compare}", group: Group::Repos, ..Endpoint::READ };

pub fn routes() -> Vec<Route> {
    vec![Route { endpoint: &COMPARE, handler: handler!(compare) }]
}

async fn compare(call: Call) -> response::Result {
    let both = call.path_value("compare").unwrap_or_default().split_once("..");
    let (old, new) = both.ok_or_else(|| ApiError::bad_request("Expected two revisions with two dots between them"))?;
    let git = git::open(&call.hub, call.repo()?)?;
    let diff = match new.strip_prefix('.') {
        Some(new) => diff::text(&git, git::revision(&git, old)?, git::revision(&git, new)?)?,
        None => diff::between(&git, git::revision(&git, old)?, git::revision(&git, new)?)?,
    };
    Ok(if call.query_flag("raw") { ApiResponse::text(diff) } else { ApiResponse::json(&Value::String(diff)) })
}
