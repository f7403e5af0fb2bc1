//! What every response shares: request id, CORS, limits, token, permission, redirects, webhook events, faults, log.

mod admit;
mod aside;
mod authentication;
mod cors;
mod dress;
mod faults;
mod guard;
pub mod limits;
mod log;
mod outgoing;
mod query;
mod respond;
mod sink;
pub mod state;
pub mod trust;
pub mod usage;
mod visit;

pub use aside::aside;
pub use faults::{Faults, Rule};
pub use guard::{before, inert};
pub use limits::{Limits, Quotas};
pub use log::Log;
pub use respond::service;
pub use sink::Sink;
pub use state::GateState;
pub use trust::Trust;
pub use usage::Usage;
