//! A call in progress: a future that JavaScript polls.
//!
//! What the core asks the [`CallDriver`] for comes back through [`PendingCall::settle`]. A `JsFuture` would do the same
//! with eight crossings more out of the WebAssembly and five more into it; it serves the promises that commits wait for.
//!
//! A panic is a trap: it throws out of [`PendingCall::poll`] into the [`CallDriver`], which rejects that one call and
//! never polls its future again. What calls share, the counts of rate limits, is changed in one step and whole after it.
//! So is an exception of the caller's own, as of a getter of the options.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use js_sys::Object;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::RequestInit;

#[wasm_bindgen(typescript_custom_section)]
const IMPORTS: &str = "import type { CallDriver } from \"./call-driver.js\";";

/// The caller's hooks.
#[wasm_bindgen]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    Response,
    Retry,
    Progress,
}

/// How JavaScript reads a body whole.
#[wasm_bindgen]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadMode {
    Json,
    Text,
    Bytes,
    Blob,
}

/// Why a call stops waiting for what it waits for.
#[wasm_bindgen]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupt {
    /// The time for this wait is over.
    TimedOut,
    /// The time for the whole call is over.
    DeadlineExceeded,
    /// The caller's signal was aborted.
    Aborted,
}

#[wasm_bindgen]
extern "C" {
    /// The JavaScript side of a call (`pkg/src/call-driver.ts`).
    #[wasm_bindgen(typescript_type = "CallDriver")]
    #[derive(Debug)]
    pub type CallDriver;

    // What these give, or why they fail, [`CallContext::settled`] has. For a call that was aborted they do nothing.

    /// Calls the client's token function.
    #[wasm_bindgen(method)]
    pub fn token(this: &CallDriver);
    /// Calls the client's `fetch`, with a signal that [`CallDriver::close`] aborts, and gives what has at least a status.
    /// Headers are lines of `name: value`, of which the last of a name counts. `same_origin`: to the endpoint's own origin.
    #[wasm_bindgen(method)]
    pub fn fetch(this: &CallDriver, url: &str, headers: &str, init: RequestInit, same_origin: bool);
    /// Reads a body whole: at once if it is known to have no more than `at_once` bytes, else in pieces. Each piece that
    /// comes begins the wait anew.
    #[wasm_bindgen(method)]
    pub fn read(this: &CallDriver, response: &JsValue, mode: ReadMode, max_bytes: f64, at_once: f64);
    /// Reads the next bytes of a body; undefined at its end.
    #[wasm_bindgen(method, js_name = readChunk)]
    pub fn read_chunk(this: &CallDriver, response: &JsValue);
    /// Hands over a part of the result. Gives what JavaScript has to say of it, when the next part is wanted.
    #[wasm_bindgen(method)]
    pub fn emit(this: &CallDriver, part: JsValue);
    /// Begins a SHA-256. What computes it is loaded at the first.
    #[wasm_bindgen(method)]
    pub fn sha256(this: &CallDriver);
    /// Hashes a Blob or bytes by it, in pieces, each of which begins the wait anew; gives the hash in hexadecimal.
    #[wasm_bindgen(method)]
    pub fn hash(this: &CallDriver, sha256: &JsValue, content: &JsValue, path: &str);
    /// Asks a person, because of a rule of a policy. Gives true if the call was approved, else why it was not.
    #[wasm_bindgen(method)]
    pub fn approve(this: &CallDriver, rule: &str);

    /// Tells what the policies say of the call.
    #[wasm_bindgen(method)]
    pub fn decided(this: &CallDriver, decision: &str, rule: &str);
    /// Makes one of the calls that a commit consists of, and gives its response or its failure. Several may be under way.
    #[wasm_bindgen(method)]
    pub fn call(this: &CallDriver, request: JsValue, body: JsValue) -> js_sys::Promise;

    /// What the call asks for beside its own ([`crate::core::io::Io::asked`]).
    #[wasm_bindgen(method)]
    pub fn asked(this: &CallDriver, method: &str, url: &str) -> String;
    /// Whether the caller's signal was aborted.
    #[wasm_bindgen(method, getter)]
    pub fn aborted(this: &CallDriver) -> bool;
    /// The caller's signal, or undefined.
    #[wasm_bindgen(method, getter)]
    pub fn signal(this: &CallDriver) -> JsValue;
    /// Polls this call again soon.
    #[wasm_bindgen(method)]
    fn wake(this: &CallDriver);
    /// Sets the time for the whole call, in milliseconds from now.
    #[wasm_bindgen(method, js_name = setDeadline)]
    pub fn set_deadline(this: &CallDriver, ms: f64);
    /// From now on interrupts the call after so many milliseconds, when its deadline has passed, or on an abort. Says
    /// so at once if the call was aborted before.
    #[wasm_bindgen(method, js_name = beginWait)]
    fn begin_wait(this: &CallDriver, ms: f64) -> Option<Interrupt>;
    #[wasm_bindgen(method, js_name = endWait)]
    fn end_wait(this: &CallDriver);

    /// The call has succeeded.
    #[wasm_bindgen(method)]
    fn resolve(this: &CallDriver, value: JsValue);
    /// The call has failed.
    #[wasm_bindgen(method)]
    fn reject(this: &CallDriver, reason: JsValue);

    /// The headers that the core reads, as lines of `name: value`.
    #[wasm_bindgen(method)]
    pub fn headers(this: &CallDriver, response: &JsValue) -> String;
    /// Ends the request in progress.
    #[wasm_bindgen(method)]
    pub fn close(this: &CallDriver);

    /// Writes parameters as JSON: the text, or name and value of a property that holds a lone surrogate.
    #[wasm_bindgen(method, catch)]
    pub fn json(this: &CallDriver, properties: &Object) -> Result<JsValue, JsValue>;
    /// Decodes UTF-8.
    #[wasm_bindgen(method, js_name = decodeText)]
    pub fn decode_text(this: &CallDriver, bytes: &[u8]) -> JsValue;
    /// Decodes base64; undefined for what is none.
    #[wasm_bindgen(method, js_name = decodeBase64)]
    pub fn decode_base64(this: &CallDriver, text: &str) -> JsValue;

    /// What is wrong with a response that makes no sense; undefined for any other error.
    #[wasm_bindgen(method, js_name = malformedResponse)]
    pub fn malformed_response(this: &CallDriver, error: &JsValue) -> Option<String>;
    /// The message of an error that `fetch` or a body has thrown; it becomes the cause of the call's own.
    #[wasm_bindgen(method, js_name = networkError)]
    pub fn network_error(this: &CallDriver, error: &JsValue) -> String;
    /// Makes the error that the caller gets, without secrets.
    #[wasm_bindgen(method)]
    pub fn error(this: &CallDriver, facts: &JsValue) -> JsValue;
    /// Calls a hook of the caller's, without secrets.
    #[wasm_bindgen(method)]
    pub fn notify(this: &CallDriver, hook: Hook, info: &JsValue);
}

impl Wake for CallDriver {
    fn wake(self: Arc<CallDriver>) {
        CallDriver::wake(&self);
    }

    fn wake_by_ref(self: &Arc<CallDriver>) {
        CallDriver::wake(self);
    }
}

/// What the future of a call and the object that JavaScript polls have in common.
#[derive(Debug)]
pub struct CallContext {
    pub driver: Arc<CallDriver>,
    /// When JavaScript polled, in milliseconds since 1970: no time passes in a poll.
    pub now: Cell<f64>,
    /// Why JavaScript polls, if not because something is ready.
    interrupt: Cell<Option<Interrupt>>,
    /// What the driver was asked for.
    settled: RefCell<Option<Result<JsValue, JsValue>>>,
}

impl CallContext {
    pub fn new(driver: CallDriver) -> Rc<CallContext> {
        Rc::new(CallContext {
            driver: Arc::new(driver),
            now: Cell::default(),
            interrupt: Cell::default(),
            settled: RefCell::default(),
        })
    }

    /// Waits for what the driver was asked for last.
    pub async fn settled(&self) -> Result<JsValue, JsValue> {
        poll_fn(|_| self.settled.take().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// Waits for a future, so many milliseconds at most.
    pub async fn wait<T>(&self, ms: f64, future: impl Future<Output = T>) -> Result<T, Interrupt> {
        if let Some(interrupt) = self.driver.begin_wait(ms) {
            return Err(interrupt);
        }
        let mut future = pin!(future);
        let outcome = poll_fn(|context| match self.interrupt.take() {
            Some(interrupt) => Poll::Ready(Err(interrupt)),
            None => future.as_mut().poll(context).map(Ok),
        });
        let outcome = outcome.await;
        self.driver.end_wait();
        outcome
    }
}

type CallFuture = Pin<Box<dyn Future<Output = ()>>>;

/// A call in progress.
#[wasm_bindgen]
pub struct PendingCall {
    context: Rc<CallContext>,
    waker: Waker,
    /// None while it is polled, and after its end.
    future: Cell<Option<CallFuture>>,
}

impl PendingCall {
    pub fn new(
        context: Rc<CallContext>,
        call: impl Future<Output = Result<JsValue, JsValue>> + 'static,
    ) -> PendingCall {
        let driver = context.driver.clone();
        let waker = Waker::from(driver.clone());
        let future = async move {
            match call.await {
                Ok(value) => driver.resolve(value),
                Err(reason) => driver.reject(reason),
            }
        };
        PendingCall { context, waker, future: Cell::new(Some(Box::pin(future))) }
    }
}

#[wasm_bindgen]
impl PendingCall {
    /// Lets the call go on: to its end, which [`CallDriver`] hears of, or until it has to wait. `now` is in milliseconds
    /// since 1970.
    pub fn poll(&self, interrupt: Option<Interrupt>, now: f64) {
        self.context.interrupt.set(interrupt);
        self.resume(now);
    }

    /// Hands over what the core has asked for, or the reason why it failed, and lets the call go on.
    pub fn settle(&self, value: JsValue, fulfilled: bool, now: f64) {
        self.context.settled.replace(Some(if fulfilled { Ok(value) } else { Err(value) }));
        self.resume(now);
    }
}

impl PendingCall {
    fn resume(&self, now: f64) {
        self.context.now.set(now);
        let Some(mut future) = self.future.take() else { return };
        if future.as_mut().poll(&mut Context::from_waker(&self.waker)).is_pending() {
            self.future.set(Some(future));
        }
    }
}
