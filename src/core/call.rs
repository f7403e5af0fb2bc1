//! One call: send, follow, interpret, and by the rule of [`super::retry`] wait and send again.

use std::pin::Pin;

use super::advice;
use super::error_body::ErrorBody;
use super::failure::{ErrorKind, Failure, Limit};
use super::headers::Headers;
use super::io::{CallError, Io, Notice, Outgoing, Read, Reply, Response};
use super::json::Json;
use super::origin::{absolute, origin, same_origin};
use super::permit;
use super::rate_limit;
use super::reply::{self, Asked, Sent};
use super::request::Request;
use super::retry::{self, RetryPolicy};
use crate::endpoints::{Access, Endpoint, Group, ResponseType};

/// Redirects that one request follows, as many as `fetch` itself would.
const MOST_REDIRECTS: u32 = 20;
/// Bytes of a redirect's own body, which nobody wants.
const SHORT: u64 = 4096;

/// Sends and reads until there is a result, or a failure that is not tried again. A reply that breaks off while it is
/// read counts as a failure of the whole. Nothing leaves before the policies have let it.
pub fn send<'a, I: Io>(
    io: &'a I,
    endpoint: &'static Endpoint,
    policy: RetryPolicy,
    request: &'a Request,
    read_mode: Read,
) -> Pin<Box<dyn Future<Output = Result<I::Reply, CallError>> + 'a>> {
    send_part(io, endpoint, endpoint, policy, request, read_mode)
}

/// Sends what is a part of a call of another endpoint, which the policies decide about.
///
/// Boxed, because every place that waits for it would hold its whole state otherwise.
pub fn send_part<'a, I: Io>(
    io: &'a I,
    endpoint: &'static Endpoint,
    whole: &'static Endpoint,
    policy: RetryPolicy,
    request: &'a Request,
    read_mode: Read,
) -> Pin<Box<dyn Future<Output = Result<I::Reply, CallError>> + 'a>> {
    Box::pin(async move {
        if let Err(stop) = permit::before(io, endpoint, whole, request).await {
            return Err(match stop {
                CallError::Failed(mut failure) => {
                    failure.subject.clone_from(&request.subject);
                    failure.of(whole).into()
                }
                CallError::Aborted => CallError::Aborted,
            });
        }
        attempts(io, endpoint, whole, policy, request, read_mode).await
    })
}

async fn attempts<I: Io>(
    io: &I,
    endpoint: &'static Endpoint,
    whole: &'static Endpoint,
    policy: RetryPolicy,
    request: &Request,
    read_mode: Read,
) -> Result<I::Reply, CallError> {
    let started = io.now();
    let same_origin = is_same_origin(io, &request.url);
    let bucket = if same_origin { endpoint.bucket.as_str() } else { "" };
    let mut attempt = 1;
    let mut lost = false;
    loop {
        let deadline = if policy.attempts > 1 { started + policy.max_elapsed } else { started };
        let done = once(io, (endpoint, whole), request, read_mode, bucket, attempt, deadline).await;
        let mut failure = match done {
            Err(CallError::Failed(mut failure)) => {
                if same_origin
                    && failure.kind == ErrorKind::NotFound
                    && failure.missing.is_none()
                    && failure.is_unsupported()
                {
                    failure.advice = path(io.base_url()).map(advice::of_path).or(failure.advice);
                }
                failure.of(endpoint)
            }
            done => return done,
        };
        failure.attempts = attempt;
        failure.subject.clone_from(&request.subject);
        if lost && failure.kind == ErrorKind::PreconditionFailed {
            failure.advice = Some(advice::LOST.into());
        }
        lost |= !retry::unexecuted(&failure);
        let mut queued = 0.0;
        if let (ErrorKind::RateLimited, Some(wait)) = (failure.kind, failure.retry_after) {
            let name = if failure.limit == Some(Limit::Action) { endpoint.name } else { bucket };
            queued = io.client().limits.borrow_mut().hold(name, io.now() + wait, io.now());
        }
        let elapsed = io.now() - started + queued;
        let wait = retry::delay(policy, request.repeat, &failure, attempt, elapsed, io.random());
        let Some(wait) = wait.map(|wait| wait + queued) else {
            return Err(CallError::Failed(failure));
        };
        io.notify(Notice::Retry { failure: &failure, wait });
        io.wait(wait).await?;
        attempt += 1;
    }
}

/// Waits until the rate limits let a request through; for one that was hit, not past the deadline.
async fn admitted<I: Io>(io: &I, endpoint: &Endpoint, bucket: &str, deadline: f64) -> Result<(), CallError> {
    loop {
        let now = io.now();
        let wait = io.client().limits.borrow_mut().admit(bucket, endpoint.name, now, deadline - now);
        if wait <= 0.0 {
            return Ok(());
        }
        io.wait(wait).await?;
    }
}

/// Sends once, and follows where the response redirects to.
async fn once<I: Io>(
    io: &I,
    (endpoint, whole): (&'static Endpoint, &'static Endpoint),
    request: &Request,
    read_mode: Read,
    bucket: &'static str,
    attempt: u32,
    deadline: f64,
) -> Result<I::Reply, CallError> {
    let mut url = request.url.clone();
    // A bucket is known of the endpoint's own origin only.
    let mut same_origin = !bucket.is_empty();
    let mut linked_size = None;
    for _ in 0..=MOST_REDIRECTS {
        let own_bucket = if same_origin { bucket } else { "" };
        admitted(io, endpoint, own_bucket, deadline).await?;
        // After the wait, in which a token may have expired.
        let token = if same_origin && request.authorized { token(io).await } else { Ok(None) };
        let token = token.inspect_err(|_| io.client().limits.borrow_mut().release(own_bucket, io.now()))?;
        let outgoing = Outgoing { request, url: &url, token: token.as_deref(), same_origin };
        match exchange(io, endpoint, outgoing, read_mode, bucket, attempt).await {
            Ok(Step::Done(mut reply)) => {
                if let Some(size) = linked_size {
                    reply.expect_size(size);
                }
                return Ok(reply);
            }
            Ok(Step::Redirect(next, size)) => {
                linked_size = size.or(linked_size);
                same_origin = is_same_origin(io, &next);
                if same_origin {
                    permit::elsewhere(io, endpoint, whole, request, &next)?;
                }
                url = next;
            }
            Err(stop) => return Err(stop),
        }
    }
    Err(Failure::protocol("too many redirects").into())
}

/// Where one exchange leads.
enum Step<R> {
    Done(R),
    /// The next URL, and the size of the file there, where the redirect tells.
    Redirect(String, Option<u64>),
}

async fn exchange<I: Io>(
    io: &I,
    endpoint: &'static Endpoint,
    outgoing: Outgoing<'_>,
    read_mode: Read,
    bucket: &'static str,
    attempt: u32,
) -> Result<Step<I::Reply>, CallError> {
    let before = io.now();
    let sent = io.send(outgoing).await;
    note(io, endpoint, outgoing, sent.as_ref().ok(), bucket, before, attempt);
    let mut reply = sent?;
    let status = reply.status();
    if let Some(next) = redirection::<I>(outgoing, &reply) {
        let next = next?;
        // The redirect to a file's bytes describes the file; where they are need not answer a HEAD.
        if read_mode == Read::Head
            && !(reply.header("x-linked-etag").is_none() && same_origin::<I>(&next, outgoing.url))
        {
            return Ok(Step::Done(reply));
        }
        // Read, so that the connection can be used again; what is not short is let go.
        let size = reply.header("content-length").and_then(|text| text.parse::<u64>().ok());
        if size.is_some_and(|size| size <= SHORT)
            && let Err(CallError::Aborted) = reply.read(Read::Text).await
        {
            return Err(CallError::Aborted);
        }
        let linked_size = reply.header("x-linked-size").and_then(|text| text.parse().ok());
        return Ok(Step::Redirect(next, linked_size));
    }
    let mut text = String::new();
    let error_body = if (200..300).contains(&status) {
        reply.read(read_mode).await?;
        let reported = if matches!(read_mode, Read::Json | Read::Image) { reported(endpoint, &reply)? } else { None };
        match reported {
            Some(error_body) => error_body,
            None => return Ok(Step::Done(reply)),
        }
    } else {
        // An error whose body cannot be read is still that error.
        match reply.read(Read::Text).await {
            Err(CallError::Aborted) => return Err(CallError::Aborted),
            Err(_) => {}
            Ok(()) => text = reply.value().string().unwrap_or_default(),
        }
        reply.parse(&text).map(|body| ErrorBody::read(&body)).unwrap_or_default()
    };
    // Only the Hub hides things from those without a token.
    let sent = if outgoing.same_origin && outgoing.token.is_none() { Sent::NoToken } else { Sent::Token };
    let asked = Asked { endpoint, sent, subject: &outgoing.request.subject };
    Err(reply::failure(asked, status, &reply, &text, error_body, io.now(), I::date).into())
}

/// What a success reports of a failure. A chat has choices and an embedding is a list, or they have failed.
fn reported<R: Reply>(endpoint: &Endpoint, reply: &R) -> Result<Option<ErrorBody>, CallError> {
    let body = reply.value();
    let error_body = ErrorBody::of_success(body);
    let (has_result, result) = match endpoint.reply {
        ResponseType::Events(..) => (body.get("choices").is_some_and(|list| list.items().is_some()), "choices"),
        ResponseType::Json(_) if endpoint.group == Group::Inference && endpoint.access == Access::Write => {
            (body.items().is_some(), "list")
        }
        _ => (true, ""),
    };
    if error_body.is_some() || has_result {
        return Ok(error_body);
    }
    let error_body = ErrorBody::read(body);
    if error_body.message.is_none() && error_body.status.is_none() {
        return Err(Failure::protocol(&format!("the response has no {result}")).into());
    }
    Ok(Some(error_body))
}

/// The path of an address, if it has one.
fn path(address: &str) -> Option<&str> {
    let (at, _) = address.bytes().enumerate().filter(|(_, byte)| *byte == b'/').nth(2)?;
    address.get(at..)
}

/// Whether an address is of the endpoint's own origin.
fn is_same_origin<I: Io>(io: &I, address: &str) -> bool {
    // What begins with the endpoint is of its origin; anything else the runtime reads.
    let below = address.strip_prefix(io.base_url()).is_some_and(|path| path.starts_with('/'));
    below || origin::<I>(address).is_some_and(|origin| origin == io.origin())
}

/// Where a response redirects to. A read may be led anywhere, but not from https down to http; what a write carries
/// stays within its origin.
fn redirection<I: Io>(outgoing: Outgoing<'_>, reply: &I::Reply) -> Option<Result<String, Box<Failure>>> {
    let status = reply.status();
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let next = absolute::<I>(outgoing.url, &reply.header("location")?);
    let next = next.filter(|next| match outgoing.request.method {
        "GET" | "HEAD" => !outgoing.url.starts_with("https:") || next.starts_with("https:"),
        _ => status >= 307 && same_origin::<I>(next, outgoing.url),
    });
    Some(next.ok_or_else(|| Failure::protocol("the server redirected to a URL that this call must not follow")))
}

/// Counts the request, and tells the caller's hook of its response.
fn note<I: Io>(
    io: &I,
    endpoint: &'static Endpoint,
    outgoing: Outgoing<'_>,
    reply: Option<&I::Reply>,
    bucket: &'static str,
    before: f64,
    attempt: u32,
) {
    let now = io.now();
    let bucket = if outgoing.same_origin { bucket } else { "" };
    let reading = reply.and_then(rate_limit::read);
    // Copied, since a hook may look at the limits itself.
    let bucket = io.client().limits.borrow_mut().record(bucket, reading.as_ref(), now).clone();
    let Some(reply) = reply else { return };
    let bare = if outgoing.same_origin && outgoing.request.authorized { None } else { outgoing.url.split_once('?') };
    io.notify(Notice::Response {
        endpoint: endpoint.name,
        method: outgoing.request.method,
        url: bare.map_or(outgoing.url, |(bare, _)| bare),
        status: reply.status(),
        ms: now - before,
        attempt,
        bucket: &bucket,
        headers: reply,
    });
}

/// The caller's token at this moment.
async fn token<I: Io>(io: &I) -> Result<Option<String>, CallError> {
    let given = io.token().await?.unwrap_or_default();
    // A file that it was read from ends with a line break.
    let token = given.trim_ascii();
    if token.is_empty() {
        return Ok(None);
    }
    let problem = match token.as_bytes() {
        [b'B' | b'b', b'e' | b'E', b'a' | b'A', b'r' | b'R', b'e' | b'E', b'r' | b'R', b' ' | b':', ..] => {
            "begins with \"Bearer\": pass the token alone"
        }
        [b'"' | b'\'', ..] => "stands in quotes: pass the token alone",
        bytes if !bytes.iter().all(u8::is_ascii_graphic) => "holds characters that a header cannot carry",
        _ => return Ok(Some(token.to_owned())),
    };
    Err(Failure::invalid("token", problem).into())
}
