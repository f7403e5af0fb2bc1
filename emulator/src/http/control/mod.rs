//! `/_emulator/…`: what the real service does not have. Nothing here is limited, logged or spoiled by a fault.

use std::sync::atomic::Ordering;

use hf_wasm::endpoints::{Endpoint, Method};
use serde_json::{Value, json};

use crate::dates;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::{Route, handler};
use crate::hub::Hub;
use crate::json::at;

mod index;
mod page;
mod script;
mod traffic;

pub use index::tokens;

const LOOK: Endpoint = Endpoint { permission: None, ..Endpoint::READ };
const SET: Endpoint = Endpoint { method: Method::Post, ..LOOK };
const CLEAR: Endpoint = Endpoint { method: Method::Delete, ..LOOK };

static INDEX: Endpoint = Endpoint { name: "index", path: "/_emulator", ..LOOK };
static RESET: Endpoint = Endpoint { name: "reset", path: "/_emulator/reset", ..SET };
static CLOCK: Endpoint = Endpoint { name: "clock", path: "/_emulator/clock", ..LOOK };
static SET_CLOCK: Endpoint = Endpoint { name: "setClock", path: "/_emulator/clock", ..SET };
static FAULTS: Endpoint = Endpoint { name: "faults", path: "/_emulator/faults", ..LOOK };
static ADD_FAULTS: Endpoint = Endpoint { name: "addFaults", path: "/_emulator/faults", ..SET };
static CLEAR_FAULTS: Endpoint = Endpoint { name: "clearFaults", path: "/_emulator/faults", ..CLEAR };
static LOG: Endpoint = Endpoint { name: "log", path: "/_emulator/log", ..LOOK };
static CLEAR_LOG: Endpoint = Endpoint { name: "clearLog", path: "/_emulator/log", ..CLEAR };
static SINK: Endpoint = Endpoint { name: "webhookSink", path: "/_emulator/webhook-sink", ..LOOK };
static PUT_IN_SINK: Endpoint = Endpoint { name: "putInWebhookSink", path: "/_emulator/webhook-sink", ..SET };
static CLEAR_SINK: Endpoint = Endpoint { name: "clearWebhookSink", path: "/_emulator/webhook-sink", ..CLEAR };
static SCRIPT: Endpoint = Endpoint { name: "script", path: "/_emulator/script", ..LOOK };
static SET_SCRIPT: Endpoint = Endpoint { name: "setScript", path: "/_emulator/script", ..SET };
static CLEAR_SCRIPT: Endpoint = Endpoint { name: "clearScript", path: "/_emulator/script", ..CLEAR };
static QUOTAS: Endpoint = Endpoint { name: "quotas", path: "/_emulator/quotas", ..LOOK };
static SET_QUOTAS: Endpoint = Endpoint { name: "setQuotas", path: "/_emulator/quotas", ..SET };
static NETWORK: Endpoint = Endpoint { name: "network", path: "/_emulator/network", ..LOOK };
static SET_NETWORK: Endpoint = Endpoint { name: "setNetwork", path: "/_emulator/network", ..SET };

/// How far the clock may be moved from real time, in milliseconds: about fifty years.
const FURTHEST: i64 = 50 * 365 * 86_400_000;

pub fn routes() -> Vec<Route> {
    vec![
        Route { endpoint: &INDEX, handler: handler!(index::index) },
        Route { endpoint: &RESET, handler: handler!(reset) },
        Route { endpoint: &CLOCK, handler: handler!(clock) },
        Route { endpoint: &SET_CLOCK, handler: handler!(set_clock) },
        Route { endpoint: &FAULTS, handler: handler!(traffic::faults) },
        Route { endpoint: &ADD_FAULTS, handler: handler!(traffic::add_faults) },
        Route { endpoint: &CLEAR_FAULTS, handler: handler!(traffic::clear_faults) },
        Route { endpoint: &LOG, handler: handler!(traffic::log) },
        Route { endpoint: &CLEAR_LOG, handler: handler!(traffic::clear_log) },
        Route { endpoint: &SINK, handler: handler!(traffic::sink) },
        Route { endpoint: &PUT_IN_SINK, handler: handler!(traffic::put_in_sink) },
        Route { endpoint: &CLEAR_SINK, handler: handler!(traffic::clear_sink) },
        Route { endpoint: &SCRIPT, handler: handler!(script::script) },
        Route { endpoint: &SET_SCRIPT, handler: handler!(script::set_script) },
        Route { endpoint: &CLEAR_SCRIPT, handler: handler!(script::clear_script) },
        Route { endpoint: &QUOTAS, handler: handler!(traffic::quotas) },
        Route { endpoint: &SET_QUOTAS, handler: handler!(traffic::set_quotas) },
        Route { endpoint: &NETWORK, handler: handler!(traffic::network) },
        Route { endpoint: &SET_NETWORK, handler: handler!(traffic::set_network) },
    ]
}

/// Makes everything as it was in the beginning.
async fn reset(call: Call) -> response::Result {
    call.app.reset()?;
    Ok(ApiResponse::json(&json!({ "reset": true })))
}

async fn clock(call: Call) -> response::Result {
    Ok(ApiResponse::json(&time(&call.hub)))
}

/// Moves the clock: `{"advance_ms": n}` forward, `{"offset_ms": n}` to that distance from real time.
async fn set_clock(call: Call) -> response::Result {
    let body = call.json()?;
    let offset = &call.hub.clock_offset;
    let moved = |from: i64, by: i64| from.checked_add(by).filter(|moved| (-FURTHEST..=FURTHEST).contains(moved));
    let done = match (at(&body, "advance_ms").as_i64(), at(&body, "offset_ms").as_i64()) {
        (Some(by), None) => offset.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |from| moved(from, by)).is_ok(),
        (None, Some(to)) => moved(0, to).map(|to| offset.store(to, Ordering::Relaxed)).is_some(),
        _ => return Err(ApiError::bad_request("\"advance_ms\" or \"offset_ms\" must be a whole number")),
    };
    if !done {
        return Err(ApiError::bad_request(format!("The clock goes at most {FURTHEST} ms from real time")));
    }
    Ok(ApiResponse::json(&time(&call.hub)))
}

fn time(hub: &Hub) -> Value {
    json!({ "now": dates::iso(hub.now()), "now_ms": hub.now(), "offset_ms": hub.clock_offset.load(Ordering::Relaxed) })
}
