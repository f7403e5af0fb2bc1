//! What every answer shares: request id, CORS, limits, token, permission, redirects, webhook events, faults, log.
//!
//! A request is looked up in the table once; whatever then goes wrong is a [`Refusal`], which is written here.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Response};
use hf_wasm::endpoints::{self, Bucket, Endpoint, Host};
use serde_json::Value;

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::hub::Hub;
use crate::hub::accounts::{self, Caller};
use crate::hub::webhooks;
use crate::refusal::Refusal;
use crate::route::PathValues;
use crate::table::{self, Route};

mod admit;
mod aside;
mod cors;
mod dress;
mod faults;
mod guard;
mod limits;
mod log;
mod outgoing;
mod query;
mod sink;
mod trust;

pub use aside::aside;
pub use faults::{Faults, Rule};
pub use guard::{before, inert};
pub use limits::{Limits, Quotas};
pub use log::Log;
pub use sink::Sink;
pub use trust::Trust;

use admit::Admission;

/// Longest request body, in bytes.
const LONGEST_BODY: usize = 1 << 30;

/// What is kept between requests.
#[derive(Debug)]
pub struct Door {
    pub limits: Limits,
    pub faults: Faults,
    pub log: Log,
    pub sink: Sink,
    pub trust: Trust,
    /// Held while a request changes the Hub: what a handler has found stays true until it is done.
    turn: tokio::sync::Mutex<()>,
}

impl Door {
    pub fn new(quotas: Quotas, trust: Trust) -> Door {
        Door {
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

/// What an inference cost and whom, for the log: an extension of the answer.
#[derive(Debug, Clone)]
pub struct Usage(pub Value);

/// One request on its way through the gate.
#[derive(Debug)]
pub struct Visit {
    pub parts: Parts,
    /// The row that serves it, its handler, and the values in the path.
    pub found: Option<(Route, PathValues)>,
    pub bucket: Bucket,
    /// Address of the sender.
    pub client: String,
}

/// The whole emulator but for the second origin, for calls in-process or, with [`before`], for sockets.
pub fn service(hub: Arc<Hub>) -> Router {
    inert(Router::new().fallback(answer).with_state(hub))
}

async fn answer(State(hub): State<Arc<Hub>>, request: Request) -> Response<Body> {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let visit = Visit::new(parts);
    if visit.parts.method == Method::OPTIONS {
        return cors::preflight(&hub, &visit);
    }
    if visit.is_control() {
        return control(&hub, &visit, body).await;
    }
    let caller = accounts::authenticate(&hub, &visit.parts.headers);
    let standing = hub.door.limits.count(hub.now(), &visit, caller.as_ref().ok());
    let entry = hub.door.log.begin(hub.now(), &visit, caller.as_ref());
    let fault = hub.door.faults.draw(visit.parts.method.as_str(), visit.path(), visit.bucket.as_str());
    if let Some(delay) = fault.as_ref().and_then(|rule| rule.delay_ms) {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    let result = match (fault.as_deref().and_then(Rule::instead), standing.refusal(), caller) {
        (Some(answer), ..) => Ok(answer),
        (None, Some(refusal), _) | (None, None, Err(refusal)) => Err(refusal),
        (None, None, Ok(caller)) => serve(&hub, &visit, caller, body).await,
    };
    let mut response = result.map_or_else(|refusal| dress::refused(&visit, &refusal), |answer| answer.http);
    let usage = response.extensions_mut().remove::<Usage>();
    dress::dress(&hub, &visit, &standing, &mut response).await;
    if let Some(rule) = &fault {
        rule.replace(&mut response).await;
    }
    if visit.parts.method == Method::HEAD {
        dress::strip(&mut response);
    }
    hub.door.log.update(entry, |entry| {
        entry.status = response.status().as_u16();
        entry.duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        entry.request_id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        entry.fault = fault.is_some();
        entry.usage = usage.map(|usage| usage.0);
    });
    outgoing::watch(&hub, entry, fault.as_deref(), response)
}

/// The emulator's own routes: no token, no limit, but a header that no form can send.
async fn control(hub: &Arc<Hub>, visit: &Visit, body: Body) -> Response<Body> {
    let result = match guard::control(visit, &body) {
        Ok(()) => serve(hub, visit, Caller::Anonymous, body).await,
        Err(refusal) => Err(refusal),
    };
    let mut response = result.map_or_else(|refusal| dress::refused(visit, &refusal), |answer| answer.http);
    cors::allow(hub, visit, response.headers_mut());
    response
}

async fn serve(hub: &Arc<Hub>, visit: &Visit, caller: Caller, body: Body) -> answer::Result {
    let Some((route, values)) = &visit.found else {
        return Err(Refusal::new(404, "Sorry, we can't find the page you are looking for."));
    };
    hub.door.limits.count_action(hub.now(), visit, &caller)?;
    let body = read(body).await?;
    let _turn = if changes(route.row) { Some(hub.door.turn.lock().await) } else { None };
    let query = query::pairs(visit.parts.uri.query().unwrap_or_default());
    let repo = match admit::admit(hub, visit, route.row, values, &caller, &query)? {
        Admission::Repo(repo) => repo.map(|repo| *repo),
        Admission::Moved(location) => return Ok(Answer::redirect(&location)),
    };
    let call = Call {
        hub: Arc::clone(hub),
        row: route.row,
        caller,
        repo,
        path: values.clone(),
        query,
        headers: visit.parts.headers.clone(),
        body,
    };
    let mut answer = (route.handler)(call).await?;
    if let (Some(event), Some(change)) = (route.row.event, answer.change.take()) {
        webhooks::emit(hub, event, change);
    }
    Ok(answer)
}

/// Whether a row changes the Hub. A replay waits for another server, perhaps for this one.
fn changes(row: &Endpoint) -> bool {
    row.method != endpoints::Method::Get
        && row.host == Host::Hub
        && row.name != "replayWebhook"
        && !row.path.starts_with("/_emulator")
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    to_bytes(body, LONGEST_BODY).await.map_err(|error| Refusal::new(413, format!("Request body: {error}")))
}

impl Visit {
    fn new(parts: Parts) -> Visit {
        let path = parts.uri.path();
        let found = table::find(parts.method.as_str(), path);
        let bucket = found.as_ref().map_or_else(|| bucket_of(path), |(route, _)| route.row.bucket);
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let client = address.map_or_else(|| "in-process".to_owned(), |address| address.0.ip().to_string());
        Visit { found, bucket, client, parts }
    }

    pub fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// Whether it is for the emulator itself, under `/_emulator`.
    pub fn is_control(&self) -> bool {
        // The row that answers decides: `//_emulator/log` finds the same row as `/_emulator/log`.
        let path = self.found.as_ref().map_or_else(|| self.path(), |(route, _)| route.row.path);
        path == "/_emulator" || path.starts_with("/_emulator/")
    }

    /// Name of the row; empty when there is none.
    pub fn row_name(&self) -> &'static str {
        self.found.as_ref().map_or("", |(route, _)| route.row.name)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The bucket of a path that no row serves.
fn bucket_of(path: &str) -> Bucket {
    if path.contains("/resolve/") {
        Bucket::Resolvers
    } else if path.starts_with("/api/") {
        Bucket::Api
    } else if path.starts_with("/v1/") || path.starts_with(crate::route::ROUTER_PREFIX) {
        Bucket::Router
    } else {
        Bucket::Pages
    }
}
