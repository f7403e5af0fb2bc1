//! A endpoint of the API with the handler that serves it.

use std::future::Future;
use std::pin::Pin;

use hf_wasm::endpoints::Endpoint;

use crate::http::call::Call;
use crate::http::response;

pub type Handler = fn(Call) -> Pin<Box<dyn Future<Output = response::Result> + Send>>;

#[derive(Debug, Clone, Copy)]
pub struct Route {
    pub endpoint: &'static Endpoint,
    pub handler: Handler,
}

/// Wraps an `async fn(Call) -> response::Result` into a [`Handler`].
macro_rules! handler {
    ($function:path) => {
        |call| Box::pin($function(call))
    };
}
pub(crate) use handler;
