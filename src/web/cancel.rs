//! The end of a call before its result: the caller's signal, or the time limit.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, AbortSignal};

use super::task::Line;
use super::timer::Timer;
use crate::core::failure::{Failure, Kind};
use crate::core::io::Stop;

/// Stops a call. Dropping it lets go of the caller's signal and of the timer.
pub struct Cancel {
    pub line: Rc<Line>,
    controller: AbortController,
    /// Resolves when the call is stopped.
    stopped: Promise,
    caller: Option<(AbortSignal, Closure<dyn FnMut()>)>,
    timed_out: Rc<Cell<bool>>,
    timer: RefCell<Option<Timer>>,
    limit: Option<f64>,
}

impl Cancel {
    /// Fails at once if the signal was aborted before.
    pub fn new(signal: &JsValue, limit: Option<f64>) -> Result<Cancel, Stop> {
        let controller =
            AbortController::new().map_err(|_| Failure::new(Kind::Internal, "this runtime has no AbortController"))?;
        let own = controller.signal();
        let stopped = Promise::new(&mut |resolve, _| {
            let once = web_sys::AddEventListenerOptions::new();
            once.set_once(true);
            let _ = own.add_event_listener_with_callback_and_add_event_listener_options("abort", &resolve, &once);
        });
        let caller = match signal.is_undefined() || signal.is_null() {
            true => None,
            false => Some(listen(signal, &controller)?),
        };
        let line = Rc::default();
        let cancel =
            Cancel { line, controller, stopped, caller, timed_out: Rc::default(), timer: RefCell::default(), limit };
        cancel.arm();
        Ok(cancel)
    }

    /// Starts the time limit anew.
    pub fn arm(&self) {
        let Some(limit) = self.limit else { return };
        let (controller, timed_out) = (self.controller.clone(), self.timed_out.clone());
        let timer = Timer::new(limit, move || {
            timed_out.set(true);
            controller.abort();
        });
        self.timer.replace(Some(timer));
    }

    /// Ends the time limit.
    pub fn disarm(&self) {
        self.timer.replace(None);
    }

    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    pub fn abort(&self) {
        self.controller.abort();
    }

    /// Why the call was stopped, if it was.
    pub fn stop(&self) -> Option<Stop> {
        if self.timed_out.get() {
            let limit = self.limit.unwrap_or_default() as u64;
            return Some(
                Failure::new(Kind::Timeout, &["no answer within ", &limit.to_string(), " ms"].concat()).into(),
            );
        }
        self.controller.signal().aborted().then_some(Stop::Aborted)
    }

    /// Waits for a promise, or for the call to be stopped; then the promise is left alone.
    pub async fn race(&self, promise: &Promise) -> Result<Result<JsValue, JsValue>, Stop> {
        let settled = self.line.wait(Promise::race(&Array::of2(promise, &self.stopped))).await;
        self.stop().map_or(Ok(settled), Err)
    }
}

fn listen(signal: &JsValue, controller: &AbortController) -> Result<(AbortSignal, Closure<dyn FnMut()>), Stop> {
    let is_signal = super::object::function(signal, "addEventListener").is_some();
    if !is_signal {
        return Err(Failure::invalid("signal", "must be an AbortSignal").into());
    }
    let signal: AbortSignal = signal.clone().unchecked_into();
    if signal.aborted() {
        return Err(Stop::Aborted);
    }
    let controller = controller.clone();
    let listener = Closure::<dyn FnMut()>::new(move || controller.abort());
    let _ = signal.add_event_listener_with_callback("abort", listener.as_ref().unchecked_ref());
    Ok((signal, listener))
}

impl Drop for Cancel {
    fn drop(&mut self) {
        if let Some((signal, listener)) = &self.caller {
            let _ = signal.remove_event_listener_with_callback("abort", listener.as_ref().unchecked_ref());
        }
    }
}
