//! A call under way, as the shell runs it: the core says what it waits for, the shell waits and says what came of it.
//!
//! A panic is a trap: it throws out of [`Task::resume`] into the one call that is being run, whose future is then
//! never touched again. So does an exception of the caller's own, as of a getter. What calls share, the counts of rate limits, is changed in one step and whole after it.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What came of what a call waited for.
pub enum Settled {
    Fulfilled(JsValue),
    Rejected(JsValue),
    TimedOut,
    /// The caller's signal was aborted.
    Aborted,
}

/// Where a call says what it waits for, and hears what came of it. A call waits for one thing at a time.
#[derive(Default)]
pub struct Line {
    awaited: Cell<JsValue>,
    limit: Cell<f64>,
    settled: Cell<Option<Settled>>,
}

impl Line {
    /// Waits for a promise, so many milliseconds; for undefined, just the time.
    pub async fn wait(&self, promise: JsValue, limit: f64) -> Settled {
        self.awaited.set(promise);
        self.limit.set(limit.max(0.0));
        self.settled.take();
        poll_fn(|_| self.settled.take().map_or(Poll::Pending, Poll::Ready)).await
    }
}

/// What [`Task::limit`] gives at the end.
const RESULT: f64 = -1.0;
const FAILURE: f64 = -2.0;

type Running = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// A call under way.
#[wasm_bindgen]
pub struct Task {
    line: Rc<Line>,
    /// None while it runs, and after its end.
    running: Cell<Option<Running>>,
}

impl Task {
    pub fn new(line: Rc<Line>, call: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Task {
        Task { line, running: Cell::new(Some(Box::pin(call))) }
    }
}

#[wasm_bindgen]
impl Task {
    /// Goes on with what came: 0 fulfilled, 1 rejected, 2 timed out, 3 aborted. Gives what to wait for next, or what the
    /// call ends with: [`Task::limit`] tells which.
    pub fn resume(&self, how: u32, value: JsValue) -> JsValue {
        self.line.settled.set(Some(match how {
            0 => Settled::Fulfilled(value),
            1 => Settled::Rejected(value),
            2 => Settled::TimedOut,
            _ => Settled::Aborted,
        }));
        let Some(mut running) = self.running.take() else { return JsValue::UNDEFINED };
        match running.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(result)) => {
                self.line.limit.set(RESULT);
                result
            }
            Poll::Ready(Err(reason)) => {
                self.line.limit.set(FAILURE);
                reason
            }
            Poll::Pending => {
                self.running.set(Some(running));
                self.line.awaited.take()
            }
        }
    }

    /// How many milliseconds to wait; -1 when the call has its result, -2 when it has failed.
    pub fn limit(&self) -> f64 {
        self.line.limit.get()
    }
}
