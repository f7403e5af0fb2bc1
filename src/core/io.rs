//! The one seam to the outside: send, wait, now, random, and the bytes of files that the caller gave.
//! `web` implements it with `fetch`; tests implement it with the emulator called in-process.

use std::cell::Cell;
use std::future::Future;

use super::client::Client;
use super::failure::Failure;
use super::headers::Headers;
use super::json::Json;
use super::rate_limit::Bucket;
use super::request::Request;
use super::request_body::Body;

/// Why a call ends without a result.
#[derive(Debug)]
pub enum CallError {
    Failed(Box<Failure>),
    /// The caller aborted it; the reason stays with the caller's signal.
    Aborted,
}

impl From<Box<Failure>> for CallError {
    fn from(failure: Box<Failure>) -> CallError {
        CallError::Failed(failure)
    }
}

/// URLs as the runtime reads them, which will read them again to send a request.
pub trait Urls {
    /// The URL that `target` means on a page at `base`, and its origin; None if it is none.
    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)>;
}

pub trait Io: Urls {
    type Reply: Response;

    /// An HTTP date in milliseconds since 1970.
    fn date(text: &str) -> Option<f64>;
    /// The client whose call this is.
    fn client(&self) -> &Client;
    /// Whether the policies have let the call through; they decide about a call once.
    fn admitted(&self) -> &Cell<bool>;
    /// The caller's token at this moment.
    fn token(&self) -> impl Future<Output = Result<Option<String>, CallError>>;
    /// Sends, without following redirects where the runtime allows to.
    fn send(&self, outgoing: Outgoing<'_>) -> impl Future<Output = Result<Self::Reply, CallError>>;
    fn wait(&self, ms: f64) -> impl Future<Output = Result<(), CallError>>;
    /// Milliseconds since 1970.
    fn now(&self) -> f64;
    /// In 0..1.
    fn random(&self) -> f64;
    /// What the call asks for beside its own: the repositories that its parameters name, and what an address of the
    /// endpoint means. Lines of an endpoint and, where it is about one, a repository: `listFiles models/acme/x`.
    fn asked(&self, _method: &str, _url: &str) -> String {
        String::new()
    }
    /// Asks a person, because of a rule. Gives why the call was declined, or None if it was approved.
    fn approve(&self, _rule: &str) -> impl Future<Output = Result<Option<String>, CallError>> {
        async { Ok(Some("nobody can be asked: there is no approve option".to_owned())) }
    }
    /// Tells the caller's hooks.
    fn notify(&self, notice: Notice<'_>);

    /// Address of the Hub or of the router, without a slash at its end.
    fn base_url(&self) -> &str {
        &self.client().options.base_url
    }
    /// The endpoint's own origin.
    fn origin(&self) -> &str {
        &self.client().options.origin
    }
}

/// The caller's files, and their hashes.
pub trait Files {
    /// Bytes `start..end` of a file.
    fn read(&self, index: usize, start: u64, end: u64) -> impl Future<Output = Result<Vec<u8>, CallError>>;
    /// SHA-1; None where the runtime has none, as browsers do on pages without TLS.
    fn sha1(&self, bytes: &[u8]) -> impl Future<Output = Result<Option<Vec<u8>>, CallError>>;
    /// SHA-256 of a whole file, in hexadecimal. Reports its progress by the path.
    fn sha256(&self, index: usize, path: &str) -> impl Future<Output = Result<String, CallError>>;
}

/// A request on its way to an address: its own, or where it was redirected to.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    pub request: &'a Request,
    pub url: &'a str,
    /// Apart from the request, which holds no secret.
    pub token: Option<&'a str>,
    /// The address is of the endpoint's own origin.
    pub same_origin: bool,
}

impl Outgoing<'_> {
    /// The headers, as lines of `name: value`: those of the caller, and over them the request's own.
    pub fn header_lines<'a>(&self, callers: impl Iterator<Item = &'a (String, String)>) -> String {
        let mut lines = String::new();
        let mut set = |name: &str, value: &[&str]| {
            lines.extend([name, ": "].iter().chain(value).chain(&["\n"]).copied());
        };
        for (name, value) in callers {
            set(name, &[value]);
        }
        for (name, value) in &self.request.headers {
            set(name, &[value]);
        }
        if let Some(token) = self.token {
            set("authorization", &["Bearer ", token]);
        }
        match &self.request.body {
            Body::Params { .. } => set("content-type", &["application/json"]),
            Body::Text { media_type, .. } => set("content-type", &[media_type]),
            Body::Given { media_type: Some(media_type), .. } => set("content-type", &[media_type]),
            Body::None | Body::Given { .. } | Body::File { .. } => {}
        }
        lines
    }
}

/// How the body of a reply is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    Json,
    Text,
    Bytes,
    /// Bytes with their media type, as the caller gets them.
    Blob,
    /// Bytes where the response says that it is an image, or may be one; else JSON or text.
    Image,
    /// Left unread, for a stream.
    Nothing,
    /// Left unread: the headers of the response that describes a file, which may redirect to its bytes.
    Head,
}

/// A response whose body was read.
pub trait Reply: Headers {
    type Value: Json;

    fn value(&self) -> &Self::Value;
    fn into_value(self) -> Self::Value;
    fn bytes(&self) -> Vec<u8>;
}

/// A response, its body read or not.
pub trait Response: Reply {
    fn status(&self) -> u16;
    /// Notes how many bytes the file has that the redirect to this response described.
    fn expect_size(&mut self, size: u64);
    /// Reads the body; afterwards [`Reply::value`] has it.
    fn read(&mut self, read_mode: Read) -> impl Future<Output = Result<(), CallError>>;
    /// None if the text is not JSON.
    fn parse(&self, text: &str) -> Option<Self::Value>;
}

/// What happens on the way.
pub enum Notice<'a> {
    /// What the policies say of the call: `allowed`, `denied`, `asked`, `approved`, `declined` or `would-deny`.
    Decision {
        decision: &'static str,
        rule: &'a str,
    },
    Response {
        endpoint: &'static str,
        method: &'static str,
        /// Without its query where that may hold a right of its own.
        url: &'a str,
        status: u16,
        ms: f64,
        attempt: u32,
        bucket: &'a Bucket,
        headers: &'a dyn Headers,
    },
    Retry {
        failure: &'a Failure,
        wait: f64,
    },
}
