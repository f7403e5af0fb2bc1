//! Models.

use hf_wasm::endpoints::models as rows;

use super::{info, listing, tags};
use crate::http::call::Call;
use crate::http::response;
use crate::http::route::{Route, handler};
use crate::hub::repos::RepoKind;

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::LIST_MODELS, handler: handler!(list) },
        Route { endpoint: &rows::MODEL_INFO, handler: handler!(info::info) },
        Route { endpoint: &rows::MODEL_TAGS, handler: handler!(tags::model_tags) },
    ]
}

async fn list(call: Call) -> response::Result {
    listing::list(&call, RepoKind::Model)
}
