//! Which handler serves which row. A row without one fails a test.

use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;

use hf_wasm::endpoints::Endpoint;

use crate::answer;
use crate::call::Call;
use crate::control;
use crate::handlers;
use crate::hub::{catalogue, collections, discussions, info, likes, listing, overview, webhooks, whoami};
use crate::route::{self, PathValues};
use crate::router;

pub type Handler = fn(Call) -> Pin<Box<dyn Future<Output = answer::Result> + Send>>;

#[derive(Debug, Clone, Copy)]
pub struct Route {
    pub row: &'static Endpoint,
    pub handler: Handler,
}

/// Wraps an `async fn(Call) -> answer::Result` into a [`Handler`].
macro_rules! handler {
    ($function:path) => {
        |call| Box::pin($function(call))
    };
}
pub(crate) use handler;

/// Every route: the client's rows, and what official clients need besides.
pub fn routes() -> &'static [Route] {
    static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
        [
            info::routes(),
            listing::routes(),
            handlers::routes(),
            catalogue::routes(),
            whoami::routes(),
            overview::routes(),
            collections::routes(),
            discussions::routes(),
            likes::routes(),
            webhooks::routes(),
            router::routes(),
            control::routes(),
        ]
        .concat()
    });
    &ROUTES
}

/// The route that serves a request; HEAD is GET without a body where no row says otherwise.
pub fn find(method: &str, raw_path: &str) -> Option<(Route, PathValues)> {
    let pick = |method: &str| {
        routes()
            .iter()
            .filter(|route| route.row.method.as_str() == method)
            .find_map(|route| route::matches(route.row, raw_path).map(|values| (*route, values)))
    };
    pick(method).or_else(|| if method == "HEAD" { pick("GET") } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hf_wasm::endpoints::all;

    #[test]
    fn every_row_has_a_handler() {
        for row in all() {
            assert!(
                routes().iter().any(|route| (route.row.host, route.row.name) == (row.host, row.name)),
                "no handler for {}",
                row.name
            );
        }
    }
}
