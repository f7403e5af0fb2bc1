//! One call: send, interpret, and by the rule of [`super::retry`] wait and send again.

use super::body::ErrorBody;
use super::failure::Failure;
use super::headers::Headers;
use super::io::{Io, Notice, Reply, Stop};
use super::origin::same_origin;
use super::rate_limit;
use super::reply::{self, Sent};
use super::request::Request;
use super::retry::{self, Policy};
use crate::endpoints::Endpoint;

/// Sends and reads until there is a result, or a failure that is not tried again. A reply that breaks off while it is
/// read counts as a failure of the whole.
pub async fn send<I: Io, T>(
    io: &I,
    row: &'static Endpoint,
    policy: Policy,
    request: &Request,
    read: impl AsyncFn(I::Reply) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let started = io.now();
    let mut attempt = 1;
    loop {
        let done = match once(io, row, request, attempt).await {
            Ok(reply) => read(reply).await,
            Err(stop) => Err(stop),
        };
        let failure = match done {
            Err(Stop::Failed(failure)) => Failure { attempts: attempt, ..failure.of(row) },
            done => return done,
        };
        let Some(wait) = retry::delay(policy, row.repeat, &failure, attempt, io.now() - started, io.random()) else {
            return Err(Stop::Failed(failure));
        };
        io.notify(Notice::Retry { failure: &failure, wait });
        io.wait(wait).await?;
        attempt += 1;
    }
}

async fn once<I: Io>(io: &I, row: &'static Endpoint, request: &Request, attempt: u32) -> Result<I::Reply, Stop> {
    let mut request = request.clone();
    let sent = authorize(io, &mut request).await?;
    let before = io.now();
    let reply = io.send(&request).await?;
    let status = reply.status();
    let bucket = {
        let reading = rate_limit::read(&reply);
        io.limits().borrow_mut().record(row.bucket.as_str(), reading.as_ref(), io.now()).clone()
    };
    let request_id = reply.header("x-request-id");
    let ms = io.now() - before;
    io.notify(Notice::Response { endpoint: row.name, request: &request, status, ms, attempt, bucket, request_id });
    if (200..300).contains(&status) {
        return Ok(reply);
    }
    let facts = Facts::of(&reply);
    // An error whose body cannot be read is still that error.
    let text = match reply.text().await {
        Err(Stop::Aborted) => return Err(Stop::Aborted),
        text => text.unwrap_or_default(),
    };
    let said = I::Reply::parse(&text).map(|body| ErrorBody::read(&body)).unwrap_or_default();
    Err(reply::failure(row, sent, status, &facts, &text, said, io.now()).into())
}

/// Adds the token, only for an address of the endpoint's own origin.
async fn authorize<I: Io>(io: &I, request: &mut Request) -> Result<Sent, Stop> {
    if !request.authorized || !same_origin(&request.url, io.endpoint()) {
        return Ok(Sent::NoToken);
    }
    let Some(token) = io.token().await?.filter(|token| !token.is_empty()) else {
        return Ok(Sent::NoToken);
    };
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::invalid("token", "holds characters that a header cannot carry").into());
    }
    request.headers.push(("authorization", format!("Bearer {token}")));
    Ok(Sent::Token)
}

/// The headers that explain an error, kept while the body is read.
struct Facts(Vec<(&'static str, String)>);

impl Facts {
    const NAMES: [&'static str; 10] = [
        "x-error-code", "x-error-message", "x-request-id", "x-amzn-trace-id", "x-amz-cf-id", "content-type",
        "retry-after", "retry-after-ms", "ratelimit", "ratelimit-policy",
    ];

    fn of(headers: &impl Headers) -> Facts {
        Facts(Self::NAMES.into_iter().filter_map(|name| Some((name, headers.header(name)?))).collect())
    }
}

impl Headers for Facts {
    fn header(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())
    }
}
