//! Requests that are answered before their body was read, as with 401, 404 or a redirect.
//!
//! The rest of the body is read and dropped, so that the connection can be used again. Where it is too long or too slow,
//! the response says that the connection closes: a client that does not know would send its next request into it.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::Response;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::middleware::{Next, from_fn};
use bytes::Buf;
use http_body::Frame;

/// What is read of a body that nobody wants.
const MAX_BYTES: usize = 4 << 20;
const MAX_TIME: Duration = Duration::from_secs(1);

/// Drains what `service` leaves unread.
pub fn before(service: Router) -> Router {
    Router::new().fallback_service(service).layer(from_fn(drained))
}

async fn drained(request: Request, next: Next) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let shared = Shared(Arc::new(Mutex::new(body)));
    let mut response = next.run(Request::from_parts(parts, Body::new(shared.clone()))).await;
    let is_read = tokio::time::timeout(MAX_TIME, shared.rest()).await.unwrap_or(false);
    if !is_read {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A body that the handler reads, and the drain after it.
#[derive(Clone)]
struct Shared(Arc<Mutex<Body>>);

impl Shared {
    /// Reads what is left; false where it is too much, or breaks off.
    async fn rest(mut self) -> bool {
        let mut left = MAX_BYTES;
        while let Some(frame) = poll_fn(|context| Pin::new(&mut self).poll_frame(context)).await {
            let Ok(frame) = frame else { return false };
            let size = frame.data_ref().map_or(0, Buf::remaining);
            match left.checked_sub(size) {
                Some(rest) => left = rest,
                None => return false,
            }
        }
        true
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }
}
