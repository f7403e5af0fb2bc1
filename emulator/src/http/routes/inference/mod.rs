//! The inference router: chat, models, embeddings, images.
//!
//! A model of the Hub that some provider serves is played by the program of its task. What providers a model has, says
//! its repository.

use serde_json::Value;

use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::ApiResponse;
use crate::http::route::Route;
use crate::hub::credits::{self, Payer};

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

/// Who is billed: the organization that the caller names, else the caller.
fn payer(call: &Call) -> Result<Payer, ApiError> {
    Ok(credits::payer(&call.hub, &call.caller, header(call, "x-hf-bill-to"))?)
}

/// Books the cost in US dollars, under the session that the caller names.
fn charge(call: &Call, payer: &Payer, cost: f64) -> Result<(), ApiError> {
    Ok(payer.charge(&call.hub, cost, header(call, "x-hf-session-id"))?)
}

/// Books a request to a model that costs nothing.
fn served_free(call: &Call) -> Result<(), ApiError> {
    charge(call, &payer(call)?, 0.0)
}

fn header<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.headers.get(name).and_then(|value| value.to_str().ok()).filter(|value| !value.is_empty())
}

/// JSON as the router sends it: without a charset.
fn json_response(value: &Value, provider: &str) -> ApiResponse {
    ApiResponse::bytes("application/json", value.to_string()).header("x-inference-provider", provider)
}
