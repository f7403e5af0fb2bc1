//! A local Hub and inference router to develop and test against.
//!
//! A request goes one way: [`server`] (sockets) -> [`gate`] (what every answer shares: request id, CORS, limits,
//! token, permission, redirects, webhook events, log) -> [`route`] (which row) -> the handler of that row in [`table`].
//! The rows are the client's own: what a row says of access, permission, bucket and event is enforced here from the
//! same constant, so that client and emulator cannot drift apart.

pub mod answer;
pub mod call;
pub mod cdn;
pub mod control;
pub mod dates;
mod drain;
pub mod gate;
pub mod handlers;
pub mod hub;
pub mod json;
pub mod links;
pub mod ranges;
pub mod refusal;
pub mod route;
pub mod router;
pub mod seed;
pub mod server;
pub mod signature;
pub mod table;
pub mod upload;
pub mod www;
