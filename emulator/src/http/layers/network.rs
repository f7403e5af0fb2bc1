//! A network between client and emulator: each request waits as long as a way there and back takes, and the bytes of all
//! bodies together are no more than a line carries, in each direction.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use axum::middleware::Next;
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// What the network is like; an absent property is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Conditions {
    /// Bytes a second, in each direction.
    pub bandwidth: Option<u64>,
    /// Milliseconds from a request to its response.
    pub latency: Option<u64>,
}

#[derive(Debug)]
pub struct Network {
    /// What it is like at the start, and again after a reset.
    initial: Conditions,
    conditions: Mutex<Conditions>,
    up: Line,
    down: Line,
}

/// One direction: when it will have carried what was given to it.
#[derive(Debug, Default)]
struct Line(Mutex<Option<Instant>>);

impl Network {
    pub fn new(initial: Conditions) -> Network {
        Network { initial, conditions: Mutex::new(initial), up: Line::default(), down: Line::default() }
    }

    pub fn conditions(&self) -> Conditions {
        *self.conditions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set(&self, conditions: Conditions) {
        *self.conditions.lock().unwrap_or_else(PoisonError::into_inner) = conditions;
    }

    pub fn reset(&self) {
        self.set(self.initial);
    }
}

impl Line {
    /// When these bytes have passed, after all that were given before.
    fn carried(&self, now: Instant, bytes: usize, bandwidth: u64) -> Instant {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = free.map_or(now, |free| free.max(now));
        let ends = begins + Duration::from_secs_f64(bytes as f64 / bandwidth.max(1) as f64);
        *free = Some(ends);
        ends
    }
}

/// Lets requests and responses pass the network; what belongs to the emulator itself, or to a page, does not.
pub async fn network(State(network): State<Arc<Network>>, request: Request, next: Next) -> Response<Body> {
    let Conditions { bandwidth, latency } = network.conditions();
    let path = request.uri().path();
    if (bandwidth, latency) == (None, None) || ["/_emulator", "/www/", "/pkg/"].iter().any(|own| path.starts_with(own))
    {
        return next.run(request).await;
    }
    if let Some(latency) = latency {
        sleep(Duration::from_millis(latency)).await;
    }
    let Some(bandwidth) = bandwidth else { return next.run(request).await };
    let slow = |body: Body, line: fn(&Network) -> &Line| {
        Body::from_stream(Slow {
            body: body.into_data_stream(),
            bandwidth,
            line,
            network: Arc::clone(&network),
            held: None,
        })
    };
    let request = request.map(|body| slow(body, |network| &network.up));
    next.run(request).await.map(|body| slow(body, |network| &network.down))
}

struct Slow {
    body: BodyDataStream,
    bandwidth: u64,
    line: fn(&Network) -> &Line,
    network: Arc<Network>,
    /// Bytes on their way.
    held: Option<(Pin<Box<Sleep>>, Bytes)>,
}

impl Stream for Slow {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.held.is_none() {
            match ready!(Pin::new(&mut this.body).poll_next(context)) {
                Some(Ok(bytes)) => {
                    let carried = (this.line)(&this.network).carried(Instant::now(), bytes.len(), this.bandwidth);
                    this.held = Some((Box::pin(sleep_until(carried)), bytes));
                }
                other => return Poll::Ready(other),
            }
        }
        if let Some((carried, _)) = &mut this.held {
            ready!(carried.as_mut().poll(context));
        }
        Poll::Ready(this.held.take().map(|(_, bytes)| Ok(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_carries_one_after_the_other() {
        let (line, start) = (Line::default(), Instant::now());
        assert_eq!(line.carried(start, 500, 1000) - start, Duration::from_millis(500));
        assert_eq!(line.carried(start, 1000, 1000) - start, Duration::from_millis(1500));
        let later = start + Duration::from_secs(10);
        assert_eq!(line.carried(later, 1000, 1000) - start, Duration::from_secs(11));
    }
}
