//! A call under way, as the shell runs it: from promise to promise.
//!
//! A panic is a trap: it throws out of [`Task::resume`] into the one call that is being run, whose future is then
//! never touched again. What calls share, the counts of rate limits, is changed in one step and whole after it.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Where a call says what it waits for, and hears what came of it. A call waits for one promise at a time.
#[derive(Default)]
pub struct Line {
    promise: Cell<Option<Promise>>,
    settled: Cell<Option<Result<JsValue, JsValue>>>,
}

impl Line {
    pub async fn wait(&self, promise: Promise) -> Result<JsValue, JsValue> {
        self.promise.set(Some(promise));
        self.settled.take();
        poll_fn(|_| self.settled.take().map_or(Poll::Pending, Poll::Ready)).await
    }
}

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
    /// Goes on with what the last promise settled to. Gives the next promise to wait for; anything else is the result.
    pub fn resume(&self, fulfilled: bool, value: JsValue) -> Result<JsValue, JsValue> {
        self.line.settled.set(Some(if fulfilled { Ok(value) } else { Err(value) }));
        let Some(mut running) = self.running.take() else { return Ok(JsValue::UNDEFINED) };
        match running.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => result,
            Poll::Pending => {
                self.running.set(Some(running));
                Ok(self.line.promise.take().into())
            }
        }
    }
}
