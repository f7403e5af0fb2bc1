//! What the layers keep between requests.

use super::faults::Faults;
use super::limits::{Limits, Quotas};
use super::log::Log;
use super::sink::Sink;
use super::trust::Trust;

/// What is kept between requests.
#[derive(Debug)]
pub struct GateState {
    pub limits: Limits,
    pub faults: Faults,
    pub log: Log,
    pub sink: Sink,
    pub trust: Trust,
    /// Held while a request changes the Hub: what a handler has found stays true until it is done.
    pub(super) turn: tokio::sync::Mutex<()>,
}

impl GateState {
    pub fn new(quotas: Quotas, trust: Trust) -> GateState {
        GateState {
            limits: Limits::new(quotas),
            faults: Faults::default(),
            log: Log::default(),
            sink: Sink::default(),
            trust,
            turn: tokio::sync::Mutex::default(),
        }
    }

    pub fn reset(&self) {
        self.limits.reset();
        self.faults.clear();
        self.log.clear();
        self.sink.clear();
    }
}
