//! One request on its way through the layers.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use hf_wasm::endpoints::{Bucket, Endpoint};

use crate::http::path::{PathValues, ROUTER_PREFIX};

#[derive(Debug)]
pub struct RequestContext {
    pub parts: Parts,
    /// The endpoint that serves it, and the values in the path.
    pub found: Option<(&'static Endpoint, PathValues)>,
    pub bucket: Bucket,
    /// Address of the sender.
    pub client: String,
}

impl RequestContext {
    pub fn new(parts: Parts, found: Option<(&'static Endpoint, PathValues)>) -> RequestContext {
        let bucket = found.as_ref().map_or_else(|| bucket_of(parts.uri.path()), |(endpoint, _)| endpoint.bucket);
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let client = address.map_or_else(|| "in-process".to_owned(), |address| address.0.ip().to_string());
        RequestContext { found, bucket, client, parts }
    }

    pub fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// Whether it is for the emulator itself, under `/_emulator`.
    pub fn is_control(&self) -> bool {
        // The endpoint decides: `//_emulator/log` finds the same endpoint as `/_emulator/log`.
        let path = self.found.as_ref().map_or_else(|| self.path(), |(endpoint, _)| endpoint.path);
        path == "/_emulator" || path.starts_with("/_emulator/")
    }

    /// Name of the endpoint; empty when there is none.
    pub fn endpoint_name(&self) -> &'static str {
        self.found.as_ref().map_or("", |(endpoint, _)| endpoint.name)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The bucket of a path that no endpoint serves.
fn bucket_of(path: &str) -> Bucket {
    if path.contains("/resolve/") {
        Bucket::Resolvers
    } else if path.starts_with("/api/") {
        Bucket::Api
    } else if path.starts_with("/v1/") || path.starts_with(ROUTER_PREFIX) {
        Bucket::Router
    } else {
        Bucket::Pages
    }
}
