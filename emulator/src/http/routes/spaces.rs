//! Spaces, and what one runs on.

use hf_wasm::endpoints::{Endpoint, Group, spaces as rows};

use super::{info, listing};
use crate::http::call::Call;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::repos::RepoKind;
use crate::hub::space;

const RUNTIME: Endpoint =
    Endpoint { name: "spaceRuntime", path: "/api/spaces/{repo}/runtime", group: Group::Spaces, ..Endpoint::READ };

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::LIST_SPACES, handler: handler!(list) },
        Route { endpoint: &rows::SPACE_INFO, handler: handler!(info::info) },
        Route { endpoint: &RUNTIME, handler: handler!(runtime) },
    ]
}

async fn list(call: Call) -> response::Result {
    listing::list(&call, RepoKind::Space)
}

async fn runtime(call: Call) -> response::Result {
    Ok(ApiResponse::json(&space::value(call.repo()?, "runtime").unwrap_or_default()))
}
