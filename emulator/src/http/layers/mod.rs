//! What every response shares: request id, CORS, limits, token, permission, redirects, webhook events, faults, log.

mod admit;
mod authentication;
mod cdn_layer;
mod common_headers;
mod cors;
mod error_response;
mod faults;
mod guard;
pub mod limits;
mod log;
pub mod network;
mod outgoing;
mod query;
mod request_context;
mod respond;
pub mod state;
pub mod trust;
pub mod usage;
mod webhook_sink;

pub use cdn_layer::cdn_layer;
pub use faults::{Faults, Rule};
pub use guard::{before, inert};
pub use limits::{Limits, Quotas};
pub use log::Log;
pub use network::Conditions;
pub use respond::service;
pub use state::GateState;
pub use trust::Trust;
pub use usage::Usage;
pub use webhook_sink::WebhookSink;
