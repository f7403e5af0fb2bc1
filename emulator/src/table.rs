//! Which handler serves which row. A row without one fails a test.

use std::future::Future;
use std::pin::Pin;

use hf_wasm::endpoints::{Endpoint, all};

use crate::answer;
use crate::call::Call;
use crate::route::{self, PathValues};

pub type Handler = fn(Call) -> Pin<Box<dyn Future<Output = answer::Result> + Send>>;

#[derive(Clone, Copy)]
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

/// Every route: the client's rows, then what official clients need besides (`crate::extra::ROWS`).
pub fn routes() -> Vec<Route> {
    Vec::new()
}

pub fn find(method: &str, raw_path: &str) -> Option<(Route, PathValues)> {
    routes()
        .into_iter()
        .filter(|route| route.row.method.as_str() == method || (method == "HEAD" && route.row.method.as_str() == "GET"))
        .find_map(|route| route::matches(route.row, raw_path).map(|values| (route, values)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[ignore = "until the handlers stand"]
    fn every_row_has_a_handler() {
        for row in all() {
            assert!(routes().iter().any(|route| std::ptr::eq(route.row, row)), "no handler for {}", row.name);
        }
    }
}
