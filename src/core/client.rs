//! A client, and one of its calls from the parameters to the reply.

use std::cell::RefCell;
use std::rc::Rc;

use super::args::{Arg, Args};
use super::call;
use super::failure::{ErrorKind, Failure};
use super::io::{CallError, Io, Read};
use super::options::ClientOptions;
use super::policy::Policy;
use super::rate_limit::RateLimits;
use super::request::{self, Request};
use super::retry::RetryPolicy;
use crate::endpoints::files::RESOLVE;
use crate::endpoints::{Endpoint, Host, Method, ResponseType};

/// A client of the Hub or of the router: what its calls share.
#[derive(Debug)]
pub struct Client {
    pub host: Host,
    pub options: Rc<ClientOptions>,
    pub limits: Rc<RefCell<RateLimits>>,
    /// What calls may do; None allows everything.
    pub policy: Option<Rc<Policy>>,
}

/// One call of an endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    pub endpoint: &'static Endpoint,
    pub args: &'a Args,
    pub retry: RetryPolicy,
    /// The page of a list that was named by the page before.
    pub url: Option<&'a str>,
    /// The reply is read as a stream.
    pub streams: bool,
}

/// What a call comes to.
#[derive(Debug)]
pub enum Outcome<R> {
    /// The response, read as `read` says.
    Reply { request: Request, reply: R, read: Read },
    /// What was to be created exists already, which the caller allows.
    Exists { url: String },
}

impl Client {
    pub fn new(host: Host, options: ClientOptions) -> Client {
        let limits = RateLimits::new(options.pace);
        Client { host, options: Rc::new(options), limits: Rc::new(RefCell::new(limits)), policy: None }
    }

    /// A client that may do what this one may and the policy allows. They share the rate limits.
    pub fn with(&self, policy: Policy) -> Client {
        let policy = Policy { wider: self.policy.clone(), ..policy };
        Client {
            host: self.host,
            options: Rc::clone(&self.options),
            limits: Rc::clone(&self.limits),
            policy: Some(Rc::new(policy)),
        }
    }
}

/// Builds the request of a call and sends it.
pub async fn call<I: Io>(io: &I, call: Call<'_>) -> Result<Outcome<I::Reply>, CallError> {
    let Call { endpoint, args, retry, url, streams } = call;
    let mut request = request::build(endpoint, args, io.base_url())?;
    if let Some(url) = url {
        request.url = url.to_owned();
    }
    if !streams
        && matches!(endpoint.reply, ResponseType::Events(..))
        && !matches!(args.get("stream"), None | Some(Arg::Flag(false)))
    {
        return Err(Failure::invalid("stream", "is what chatCompletionStream is for").into());
    }
    let read = if streams { Read::Nothing } else { how_to_read(endpoint) };
    // The headers of a download are a download to a policy.
    let whole = if endpoint.method == Method::Head { &RESOLVE } else { endpoint };
    match call::send_part(io, endpoint, whole, retry, &request, read).await {
        Ok(reply) => Ok(Outcome::Reply { request, reply, read }),
        Err(CallError::Failed(failure)) if failure.kind == ErrorKind::Conflict && args.flag("existOk") => {
            // Only what exists has a URL; another conflict stays one.
            match failure.url.clone() {
                Some(url) => Ok(Outcome::Exists { url }),
                None => Err(failure.into()),
            }
        }
        Err(stop) => Err(stop),
    }
}

fn how_to_read(endpoint: &Endpoint) -> Read {
    match endpoint.reply {
        _ if endpoint.method == Method::Head => Read::Head,
        ResponseType::Bytes if endpoint.host == Host::Router => Read::Image,
        ResponseType::Bytes => Read::Blob,
        ResponseType::Empty => Read::Text,
        _ => Read::Json,
    }
}
