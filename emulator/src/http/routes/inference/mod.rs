//! The inference router: chat, models, embeddings, images.
//!
//! A model of the Hub that some provider serves is played by the program of its task. What providers a model has, says
//! its repository.

use serde_json::Value;

use crate::http::response::ApiResponse;
use crate::http::route::Route;

mod catalogue;
mod chat;
mod embeddings;
mod images;
mod models;
mod stream;
mod task;
mod upstream;

pub fn routes() -> Vec<Route> {
    [chat::routes(), models::routes(), embeddings::routes(), images::routes(), task::routes()].concat()
}

/// JSON as the router sends it: without a charset.
fn json_response(value: &Value, provider: &str) -> ApiResponse {
    ApiResponse::bytes("application/json", value.to_string()).header("x-inference-provider", provider)
}
