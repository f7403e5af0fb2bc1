//! The body of a response on its way out: counted for the log, cut or stalled by a fault.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use axum::http::Response;
use axum::http::header::CONTENT_LENGTH;
use futures_util::Stream;

use super::faults::Rule;
use crate::http::app::App;

struct Outgoing {
    body: BodyDataStream,
    sent: u64,
    cut_at: Option<u64>,
    stall_at: Option<u64>,
    /// Whether what comes before the cut was handed to the socket.
    flushed: bool,
    ended: bool,
    app: Arc<App>,
    entry: u64,
}

/// Sends the body through; its length stays announced.
pub fn watch(app: &Arc<App>, entry: u64, fault: Option<&Rule>, response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let length = body.size_hint().exact();
    if length == Some(0) {
        app.gate.log.update(entry, |entry| entry.body = "complete");
        return Response::from_parts(parts, body);
    }
    if let Some(length) = length {
        parts.headers.insert(CONTENT_LENGTH, length.into());
        app.gate.log.update(entry, |entry| entry.length = Some(length));
    }
    let stream = Outgoing {
        body: body.into_data_stream(),
        sent: 0,
        cut_at: fault.and_then(|rule| if rule.no_answer { Some(0) } else { rule.cut_after_bytes }),
        stall_at: fault.and_then(|rule| rule.stall_after_bytes),
        flushed: fault.is_some_and(|rule| rule.no_answer),
        ended: false,
        app: Arc::clone(app),
        entry,
    };
    Response::from_parts(parts, Body::from_stream(stream))
}

impl Stream for Outgoing {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.stall_at.is_some_and(|at| self.sent >= at) {
            // Nothing wakes it: it ends when the caller goes away.
            return Poll::Pending;
        }
        if self.cut_at.is_some_and(|at| self.sent >= at) {
            if !self.flushed {
                self.flushed = true;
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            return Poll::Ready(Some(Err(axum::Error::new(io::Error::from(io::ErrorKind::ConnectionReset)))));
        }
        match Pin::new(&mut self.body).poll_next(context) {
            Poll::Ready(Some(Ok(mut bytes))) => {
                let end = self.cut_at.into_iter().chain(self.stall_at).min().unwrap_or(u64::MAX);
                bytes.truncate(usize::try_from(end - self.sent).unwrap_or(usize::MAX));
                self.sent += bytes.len() as u64;
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Ready(None) => {
                self.ended = true;
                Poll::Ready(None)
            }
            other => other,
        }
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        let (sent, ended) = (self.sent, self.ended);
        self.app.gate.log.update(self.entry, |entry| {
            entry.response_bytes = sent;
            // A body of announced length is not asked for its end once all of it was sent.
            let whole = ended || entry.length == Some(sent);
            entry.body = if whole { "complete" } else { "broken" };
        });
    }
}
