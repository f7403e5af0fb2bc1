//! One call: send, interpret, and by the rule of [`super::retry`] wait and send again.

use std::pin::Pin;

use super::body::ErrorBody;
use super::failure::Failure;
use super::headers::Headers;
use super::io::{Io, Notice, Read, Reply, Stop};
use super::json::Json;
use super::origin::same_origin;
use super::rate_limit;
use super::reply::{self, Sent};
use super::request::Request;
use super::retry::{self, Policy};
use crate::endpoints::Endpoint;

/// Sends and reads until there is a result, or a failure that is not tried again. A reply that breaks off while it is
/// read counts as a failure of the whole.
///
/// Boxed, because every place that waits for it would hold its whole state otherwise.
pub fn send<'a, I: Io>(
    io: &'a I,
    row: &'static Endpoint,
    policy: Policy,
    request: &'a Request,
    how: Read,
) -> Pin<Box<dyn Future<Output = Result<I::Reply, Stop>> + 'a>> {
    Box::pin(attempts(io, row, policy, request, how))
}

async fn attempts<I: Io>(
    io: &I,
    row: &'static Endpoint,
    policy: Policy,
    request: &Request,
    how: Read,
) -> Result<I::Reply, Stop> {
    let started = io.now();
    let mut attempt = 1;
    loop {
        let mut failure = match once(io, row, request, how, attempt).await {
            Err(Stop::Failed(failure)) => failure.of(row),
            done => return done,
        };
        failure.attempts = attempt;
        let Some(wait) = retry::delay(policy, row.repeat, &failure, attempt, io.now() - started, io.random()) else {
            return Err(Stop::Failed(failure));
        };
        io.notify(Notice::Retry { failure: &failure, wait });
        io.wait(wait).await?;
        attempt += 1;
    }
}

async fn once<I: Io>(
    io: &I,
    row: &'static Endpoint,
    request: &Request,
    how: Read,
    attempt: u32,
) -> Result<I::Reply, Stop> {
    let authorization = authorization(io, request).await?;
    let before = io.now();
    let mut reply = io.send(request, authorization.as_deref()).await?;
    note(io, row, request, &reply, before, attempt);
    if (200..300).contains(&reply.status()) {
        reply.read(how).await?;
        return Ok(reply);
    }
    // An error whose body cannot be read is still that error.
    let text = match reply.read(Read::Text).await {
        Err(Stop::Aborted) => return Err(Stop::Aborted),
        Err(_) => String::new(),
        Ok(()) => reply.value().text().unwrap_or_default(),
    };
    let said = <I::Reply as Reply>::parse(&text).map(|body| ErrorBody::read(&body)).unwrap_or_default();
    let sent = if authorization.is_some() { Sent::Token } else { Sent::NoToken };
    Err(reply::failure(row, sent, reply.status(), &reply, &text, said, io.now(), I::date).into())
}

/// Counts the request, and tells the caller's hook of it.
fn note<I: Io>(io: &I, row: &'static Endpoint, request: &Request, reply: &I::Reply, before: f64, attempt: u32) {
    let now = io.now();
    // Copied, since a hook may look at the limits itself.
    let bucket = io.limits().borrow_mut().record(row.bucket.as_str(), rate_limit::read(reply).as_ref(), now).clone();
    io.notify(Notice::Response {
        endpoint: row.name,
        request,
        status: reply.status(),
        ms: now - before,
        attempt,
        bucket: &bucket,
        request_id: reply.header("x-request-id"),
    });
}

/// The token's header, only for an address of the endpoint's own origin.
async fn authorization<I: Io>(io: &I, request: &Request) -> Result<Option<String>, Stop> {
    if !request.authorized || !same_origin::<I>(&request.url, io.endpoint()) {
        return Ok(None);
    }
    let Some(token) = io.token().await?.filter(|token| !token.is_empty()) else { return Ok(None) };
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Failure::invalid("token", "holds characters that a header cannot carry").into());
    }
    Ok(Some(["Bearer ", &token].concat()))
}
