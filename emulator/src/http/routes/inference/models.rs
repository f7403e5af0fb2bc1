//! `GET /v1/models`, and one of them.

use hf_wasm::endpoints::{Endpoint, inference};
use serde_json::{Value, json};

use super::catalogue;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};

static ROUTER_MODEL: Endpoint =
    Endpoint { name: "routerModel", path: "/v1/models/{model}", ..inference::LIST_ROUTER_MODELS };

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &inference::LIST_ROUTER_MODELS, handler: handler!(list) },
        Route { endpoint: &ROUTER_MODEL, handler: handler!(one) },
    ]
}

async fn list(call: Call) -> response::Result {
    let models: Vec<Value> = catalogue::all(&call.hub)?.iter().map(catalogue::Model::describe).collect();
    Ok(plain(&json!({ "object": "list", "data": models })))
}

async fn one(call: Call) -> response::Result {
    let id = call.path_value("model").unwrap_or_default();
    let model = catalogue::find(&call.hub, id)?.filter(catalogue::Model::is_served).ok_or_else(|| {
        ApiError::openai(404, format!("The model '{id}' does not exist."), Some("model"), Some("model_not_found"))
    })?;
    Ok(plain(&model.describe()))
}

fn plain(value: &Value) -> ApiResponse {
    ApiResponse::bytes("application/json", value.to_string())
}
