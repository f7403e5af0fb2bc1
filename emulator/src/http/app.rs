//! What all requests share: the Hub, the models behind the router, and what the layers keep.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::http::inference::Inference;
use crate::http::layers::limits::Quotas;
use crate::http::layers::network::Conditions;
use crate::http::layers::state::GateState;
use crate::http::layers::trust::Trust;
use crate::hub::Hub;
use crate::hub::error::Error;
use crate::hub::open;
use crate::hub::webhooks::delivery::Delivery;
use crate::seed;

#[derive(Debug)]
pub struct App {
    pub hub: Arc<Hub>,
    pub inference: Inference,
    pub gate: GateState,
    /// Webhook deliveries that the Hub has written down and nobody has sent yet.
    pub(super) deliveries: Mutex<Receiver<Delivery>>,
}

#[derive(Debug, Clone)]
pub struct Options {
    pub origin: String,
    pub cdn_origin: String,
    /// `None` keeps everything in memory and in a folder that vanishes.
    pub data: Option<PathBuf>,
    /// Bytes of the parts in which large files are uploaded.
    pub part_size: u64,
    /// Whether an empty Hub is filled with the seed data.
    pub seed: bool,
    pub quotas: Quotas,
    /// What the network is like.
    pub network: Conditions,
    /// Whom to respond to besides this machine.
    pub trust: Trust,
    /// URL of an OpenAI-compatible server that serves chat.
    pub inference_upstream: Option<String>,
    /// Pause before each token of a streamed chat.
    pub token_delay: Duration,
}

impl Default for Options {
    /// A filled Hub in memory, with the limits of the real one.
    fn default() -> Self {
        let hub = open::Options::default();
        Options {
            origin: hub.origin,
            cdn_origin: hub.cdn_origin,
            data: hub.data,
            part_size: hub.part_size,
            seed: true,
            quotas: Quotas::default(),
            network: Conditions::default(),
            trust: Trust::default(),
            inference_upstream: None,
            token_delay: Duration::ZERO,
        }
    }
}

impl App {
    pub fn open(options: Options) -> Result<Arc<App>, Error> {
        let fill: Option<open::Fill> = if options.seed { Some(seed::fill) } else { None };
        let (hub, deliveries) = Hub::open(open::Options {
            origin: options.origin,
            cdn_origin: options.cdn_origin,
            data: options.data,
            part_size: options.part_size,
            fill,
        })?;
        Ok(Arc::new(App {
            hub: Arc::new(hub),
            inference: Inference::new(options.inference_upstream, options.token_delay)?,
            gate: GateState::new(options.quotas, options.trust, options.network),
            deliveries: Mutex::new(deliveries),
        }))
    }

    /// Makes everything as it was at the start: the data, the clock, and what the layers keep.
    pub fn reset(&self) -> Result<(), Error> {
        self.gate.reset();
        self.inference.set_script(None);
        self.hub.reset()
    }
}
