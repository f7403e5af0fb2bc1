//! What the layers keep between requests.

use std::sync::Arc;

use super::faults::Faults;
use super::limits::{Limits, Quotas};
use super::log::Log;
use super::network::{Conditions, Network};
use super::trust::Trust;
use super::webhook_sink::WebhookSink;

/// What is kept between requests.
#[derive(Debug)]
pub struct GateState {
    pub limits: Limits,
    pub faults: Faults,
    pub log: Log,
    pub network: Arc<Network>,
    pub webhook_sink: WebhookSink,
    pub trust: Trust,
    /// Held while a request changes the Hub: what a handler has found stays true until it is done.
    pub(super) write_lock: tokio::sync::Mutex<()>,
}

impl GateState {
    pub fn new(quotas: Quotas, trust: Trust, network: Conditions) -> GateState {
        GateState {
            limits: Limits::new(quotas),
            faults: Faults::default(),
            log: Log::default(),
            network: Arc::new(Network::new(network)),
            webhook_sink: WebhookSink::default(),
            trust,
            write_lock: tokio::sync::Mutex::default(),
        }
    }

    pub fn reset(&self) {
        self.limits.reset();
        self.faults.clear();
        self.log.clear();
        self.network.reset();
        self.webhook_sink.clear();
    }
}
