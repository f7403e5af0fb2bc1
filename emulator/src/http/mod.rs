//! HTTP: sockets, layers, and one handler for each endpoint.
//!
//! A request goes one way: [`server`] (sockets) -> [`layers`] (what every response shares: request id, CORS, limits,
//! token, permission, redirects, webhook events, log) -> [`path`] (which endpoint) -> the handler of that endpoint in [`routes`].

pub mod app;
pub mod call;
pub mod cdn;
pub mod control;
mod deliveries;
mod drain;
pub mod error;
pub mod fields;
pub mod inference;
pub mod layers;
pub mod links;
pub mod path;
pub mod ranges;
pub mod response;
pub mod route;
pub mod routes;
pub mod server;
pub mod signature;
pub mod upload;
pub mod www;
