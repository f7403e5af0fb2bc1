//! The one seam to the outside: send, wait, now, random, and the bytes of files that the caller gave.
//! `web` implements it with `fetch`; tests implement it with the emulator called in-process.

use std::cell::RefCell;
use std::future::Future;

use super::failure::Failure;
use super::headers::Headers;
use super::json::Json;
use super::rate_limit::{Bucket, RateLimits};
use super::request::Request;

/// Why a call ends without a result.
#[derive(Debug)]
pub enum Stop {
    Failed(Failure),
    /// The caller aborted it; the reason stays with the caller's signal.
    Aborted,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(failure)
    }
}

pub trait Io {
    type Reply: Reply;

    /// Address of the Hub or of the router, without a slash at its end.
    fn endpoint(&self) -> &str;
    /// The caller's token at this moment.
    fn token(&self) -> impl Future<Output = Result<Option<String>, Stop>>;
    fn send(&self, request: &Request) -> impl Future<Output = Result<Self::Reply, Stop>>;
    fn wait(&self, ms: f64) -> impl Future<Output = Result<(), Stop>>;
    /// Milliseconds since 1970.
    fn now(&self) -> f64;
    /// In 0..1.
    fn random(&self) -> f64;
    /// Bytes `start..end` of the caller's file.
    fn read(&self, index: usize, start: u64, end: u64) -> impl Future<Output = Result<Vec<u8>, Stop>>;
    fn limits(&self) -> &RefCell<RateLimits>;
    /// Tells the caller's hooks.
    fn notify(&self, notice: Notice<'_>);
}

/// A reply whose body has not been read.
pub trait Reply: Headers {
    type Json: Json;

    fn status(&self) -> u16;
    fn text(self) -> impl Future<Output = Result<String, Stop>>;
    fn bytes(self) -> impl Future<Output = Result<Vec<u8>, Stop>>;
    /// None if the text is not JSON.
    fn parse(text: &str) -> Option<Self::Json>;
}

/// What happens on the way.
#[derive(Debug)]
pub enum Notice<'a> {
    Response {
        endpoint: &'static str,
        request: &'a Request,
        status: u16,
        ms: f64,
        attempt: u32,
        bucket: Bucket,
        request_id: Option<String>,
    },
    Retry {
        failure: &'a Failure,
        wait: f64,
    },
    Progress {
        phase: &'static str,
        path: &'a str,
        loaded: u64,
        total: u64,
    },
}
