//! A call under way, as the shell runs it: the core says what it waits for, the shell waits and says what came of it.
//!
//! A panic is a trap: it throws out of [`Task::resume`] into the one call that is being run, whose future is then
//! never touched again. So does an exception of the caller's own, as of a getter. What calls share, the counts of rate
//! limits, is changed in one step and whole after it.
//!
//! No exported function returns a value of JavaScript, which the build checks: V8 as of Node 20 ends the process when
//! code that calls such a function is thrown away meanwhile. What the core gives it hands to the [`Shell`].

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::Object;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The shell's side of a call (`pkg/src/task.ts`). What begins something is followed by [`Line::wait`].
    #[derive(Debug)]
    pub type Shell;
    /// The caller's, or undefined.
    #[wasm_bindgen(method, structural, getter)]
    pub fn signal(this: &Shell) -> JsValue;
    /// What the call gives.
    #[wasm_bindgen(method, structural, setter)]
    pub fn set_given(this: &Shell, value: &JsValue);
    /// Limits the whole call, from now.
    #[wasm_bindgen(method, structural)]
    pub fn limit(this: &Shell, ms: f64);
    /// Begins to wait for a promise, or for what was given in place of one.
    #[wasm_bindgen(method, structural, js_name = "await")]
    pub fn promised(this: &Shell, promise: &JsValue);
    /// Begins a request. The one before is over, or let go. `confined`: nothing of it may follow a redirect unseen.
    #[wasm_bindgen(method, structural)]
    pub fn send(this: &Shell, url: &str, method: &str, headers: &JsValue, body: &JsValue, home: bool, confined: bool);
    /// Begins to read a body whole.
    #[wasm_bindgen(method, structural)]
    pub fn read(this: &Shell, response: &JsValue, how: u32, most: f64);
    /// Begins to read the next bytes of a body.
    #[wasm_bindgen(method, structural)]
    pub fn piece(this: &Shell, response: &JsValue);
    /// Ends the request under way.
    #[wasm_bindgen(method, structural)]
    pub fn close(this: &Shell);
    #[wasm_bindgen(method, structural)]
    pub fn status(this: &Shell, response: &JsValue) -> f64;
    /// Whether it is a redirect whose target a browser does not show.
    #[wasm_bindgen(method, structural)]
    pub fn opaque(this: &Shell, response: &JsValue) -> bool;
    #[wasm_bindgen(method, structural)]
    pub fn header(this: &Shell, response: &JsValue, name: &str) -> Option<String>;
    /// Decodes UTF-8.
    #[wasm_bindgen(method, structural)]
    pub fn text(this: &Shell, bytes: &[u8]) -> JsValue;
    /// Decodes base64; undefined for what is none.
    #[wasm_bindgen(method, structural)]
    pub fn decode(this: &Shell, base64: &str) -> JsValue;
    /// Undefined for what is not JSON.
    #[wasm_bindgen(method, structural)]
    pub fn parse(this: &Shell, text: &str) -> JsValue;
    /// A text, or name and value of the member that cannot be sent.
    #[wasm_bindgen(method, structural, catch)]
    pub fn json(this: &Shell, members: &Object) -> Result<JsValue, JsValue>;
    /// What the runtime threw last, in its words.
    #[wasm_bindgen(method, structural)]
    pub fn broken(this: &Shell) -> String;
    /// Tells a hook of the caller's, without secrets.
    #[wasm_bindgen(method, structural)]
    pub fn tell(this: &Shell, hook: &JsValue, info: &JsValue);
    /// Makes the error of what is known of a failure, without secrets.
    #[wasm_bindgen(method, structural)]
    pub fn error(this: &Shell, facts: &JsValue) -> JsValue;
}

/// What came of what a call waited for.
pub enum Settled {
    Fulfilled(JsValue),
    Rejected(JsValue),
    /// The time to wait for this passed.
    TimedOut,
    /// The time of the whole call passed.
    Over,
    /// The caller's signal was aborted.
    Aborted,
    /// The shell found an answer that makes no sense; a text.
    Senseless(JsValue),
}

/// Where a call says what it waits for, and hears what came of it. A call waits for one thing at a time.
pub struct Line {
    pub shell: Shell,
    limit: Cell<f64>,
    settled: Cell<Option<Settled>>,
}

impl Line {
    pub fn new(shell: Shell) -> Rc<Line> {
        Rc::new(Line { shell, limit: Cell::default(), settled: Cell::default() })
    }

    /// Waits for what the shell has begun, so many milliseconds; where it has begun nothing, just the time.
    pub async fn wait(&self, limit: f64) -> Settled {
        self.limit.set(limit.max(0.0));
        self.next().await
    }

    /// Gives a part of the result, and goes on when the shell wants more, with what it says of that part.
    pub async fn give(&self, value: &JsValue) -> JsValue {
        self.shell.set_given(value);
        self.limit.set(PART);
        match self.next().await {
            Settled::Fulfilled(said) => said,
            _ => JsValue::UNDEFINED,
        }
    }

    async fn next(&self) -> Settled {
        self.settled.take();
        poll_fn(|_| self.settled.take().map_or(Poll::Pending, Poll::Ready)).await
    }
}

/// What [`Task::resume`] returns in the place of a limit.
const RESULT: f64 = -1.0;
const FAILURE: f64 = -2.0;
const PART: f64 = -3.0;

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
    /// Goes on with what came: 0 fulfilled, 1 rejected, 2 timed out, 3 the whole call's time is over, 4 aborted,
    /// 5 senseless. Returns how many milliseconds to wait for what the shell was given; -1 when that is the result, -2
    /// when it is why the call failed, -3 when it is a part of the result.
    pub fn resume(&self, how: u32, value: JsValue) -> f64 {
        self.line.settled.set(Some(match how {
            0 => Settled::Fulfilled(value),
            1 => Settled::Rejected(value),
            2 => Settled::TimedOut,
            3 => Settled::Over,
            4 => Settled::Aborted,
            _ => Settled::Senseless(value),
        }));
        let Some(mut running) = self.running.take() else { return RESULT };
        let (limit, given) = match running.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(result)) => (RESULT, result),
            Poll::Ready(Err(reason)) => (FAILURE, reason),
            Poll::Pending => {
                self.running.set(Some(running));
                return self.line.limit.get();
            }
        };
        self.line.shell.set_given(&given);
        limit
    }
}
