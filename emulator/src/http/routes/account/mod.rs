//! Users, their collections, and what they have spent.

use crate::http::route::Route;

mod collections;
mod overview;
mod usage;
mod whoami;

pub fn routes() -> Vec<Route> {
    [whoami::routes(), overview::routes(), collections::routes(), usage::routes()].concat()
}
