//! The second origin, which large files are redirected to.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;

use crate::hub::Hub;

pub fn service(hub: Arc<Hub>) -> Router {
    Router::new().fallback(async || StatusCode::NOT_FOUND).with_state(hub)
}
