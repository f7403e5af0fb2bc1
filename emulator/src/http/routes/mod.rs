//! Which handler serves which endpoint: a module for each file of rows in `src/endpoints`. A endpoint without a handler fails a
//! test.

use std::sync::LazyLock;

use crate::http::control;
use crate::http::path::{self, PathValues};
use crate::http::route::Route;

pub mod account;
pub mod datasets;
pub mod discussions;
pub mod files;
pub mod inference;
mod info;
mod listing;
pub mod models;
mod oauth;
pub mod repos;
pub mod spaces;
mod tags;
pub mod webhooks;

/// Every route: the client's rows, and what official clients need besides.
pub fn routes() -> &'static [Route] {
    static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
        [
            models::routes(),
            datasets::routes(),
            spaces::routes(),
            repos::routes(),
            files::routes(),
            account::routes(),
            discussions::routes(),
            webhooks::routes(),
            oauth::routes(),
            inference::routes(),
            control::routes(),
        ]
        .concat()
    });
    &ROUTES
}

/// The route that serves a request; HEAD is GET without a body where no endpoint says otherwise.
pub fn find(method: &str, raw_path: &str) -> Option<(Route, PathValues)> {
    let pick = |method: &str| {
        routes()
            .iter()
            .filter(|route| route.endpoint.method.as_str() == method)
            .find_map(|route| path::matches(route.endpoint, raw_path).map(|values| (*route, values)))
    };
    pick(method).or_else(|| if method == "HEAD" { pick("GET") } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hf_wasm::endpoints::all;

    #[test]
    fn every_endpoint_has_a_handler() {
        for endpoint in all() {
            assert!(
                routes()
                    .iter()
                    .any(|route| (route.endpoint.host, route.endpoint.name) == (endpoint.host, endpoint.name)),
                "no handler for {}",
                endpoint.name
            );
        }
    }
}
