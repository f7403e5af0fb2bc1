//! Datasets.

use hf_wasm::endpoints::datasets as rows;

use super::{info, listing, tags};
use crate::http::call::Call;
use crate::http::response;
use crate::http::route::{Route, handler};
use crate::hub::repos::RepoKind;

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &rows::LIST_DATASETS, handler: handler!(list) },
        Route { endpoint: &rows::DATASET_INFO, handler: handler!(info::info) },
        Route { endpoint: &rows::DATASET_TAGS, handler: handler!(tags::dataset_tags) },
    ]
}

async fn list(call: Call) -> response::Result {
    listing::list(&call, RepoKind::Dataset)
}
