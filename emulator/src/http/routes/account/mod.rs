//! Users, and their collections.

use crate::http::route::Route;

mod collections;
mod overview;
mod whoami;

pub fn routes() -> Vec<Route> {
    [whoami::routes(), overview::routes(), collections::routes()].concat()
}
