//! From a request to its response.
//!
//! A request is looked up in the table once; whatever then goes wrong is an [`Error`], which is written here.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, Response};
use hf_wasm::endpoints::{self, Endpoint, Host};

use super::admit::{self, Admission};
use super::faults::Rule;
use super::guard::{self, inert};
use super::usage::Usage;
use super::visit::Visit;
use super::{authentication, cors, dress, outgoing, query};
use crate::http::app::App;
use crate::http::call::Call;
use crate::http::error::Error;
use crate::http::response::{self, ApiResponse};
use crate::http::route::Handler;
use crate::http::{deliveries, routes};
use crate::hub::accounts::Caller;
use crate::hub::webhooks;

/// Longest request body, in bytes.
const LONGEST_BODY: usize = 1 << 30;

/// The whole emulator but for the second origin, for calls in-process or, behind the guard, for sockets.
pub fn service(app: Arc<App>) -> Router {
    inert(Router::new().fallback(respond).with_state(app))
}

async fn respond(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let (handler, found) = routes::find(parts.method.as_str(), parts.uri.path())
        .map(|(route, values)| (route.handler, (route.row, values)))
        .unzip();
    let visit = Visit::new(parts, found);
    if visit.parts.method == Method::OPTIONS {
        return cors::preflight(&app, &visit);
    }
    if visit.is_control() {
        return control(&app, &visit, handler, body).await;
    }
    let caller = authentication::authenticate(&app.hub, &visit.parts.headers).map_err(Error::from);
    let standing = app.gate.limits.count(app.hub.now(), &visit, caller.as_ref().ok());
    let entry = app.gate.log.begin(app.hub.now(), &visit, caller.as_ref());
    let fault = app.gate.faults.draw(visit.parts.method.as_str(), visit.path(), visit.bucket.as_str());
    if let Some(delay) = fault.as_ref().and_then(|rule| rule.delay_ms) {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    let result = match (fault.as_deref().and_then(Rule::instead), standing.error(), caller) {
        (Some(instead), ..) => Ok(instead),
        (None, Some(error), _) | (None, None, Err(error)) => Err(error),
        (None, None, Ok(caller)) => serve(&app, &visit, handler, caller, body).await,
    };
    let mut response = result.map_or_else(|error| dress::refused(&visit, &error), |response| response.http);
    let usage = response.extensions_mut().remove::<Usage>();
    dress::dress(&app, &visit, &standing, &mut response).await;
    if let Some(rule) = &fault {
        rule.replace(&mut response).await;
    }
    if visit.parts.method == Method::HEAD {
        dress::strip(&mut response);
    }
    app.gate.log.update(entry, |entry| {
        entry.status = response.status().as_u16();
        entry.duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        entry.request_id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        entry.fault = fault.is_some();
        entry.usage = usage.map(|usage| usage.0);
    });
    outgoing::watch(&app, entry, fault.as_deref(), response)
}

/// The emulator's own routes: no token, no limit, but a header that no form can send.
async fn control(app: &Arc<App>, visit: &Visit, handler: Option<Handler>, body: Body) -> Response<Body> {
    let result = match guard::control(visit, &body) {
        Ok(()) => serve(app, visit, handler, Caller::Anonymous, body).await,
        Err(error) => Err(error),
    };
    let mut response = result.map_or_else(|error| dress::refused(visit, &error), |response| response.http);
    cors::allow(app, visit, response.headers_mut());
    response
}

async fn serve(
    app: &Arc<App>,
    visit: &Visit,
    handler: Option<Handler>,
    caller: Caller,
    body: Body,
) -> response::Result {
    let (Some((row, values)), Some(handler)) = (&visit.found, handler) else {
        return Err(Error::not_found("Sorry, we can't find the page you are looking for."));
    };
    app.gate.limits.count_action(app.hub.now(), visit, &caller)?;
    let body = read(body).await?;
    let _turn = if changes(row) { Some(app.gate.turn.lock().await) } else { None };
    let query = query::pairs(visit.parts.uri.query().unwrap_or_default());
    let repo = match admit::admit(&app.hub, visit, row, values, &caller, &query)? {
        Admission::Repo(repo) => repo.map(|repo| *repo),
        Admission::Moved(location) => return Ok(ApiResponse::redirect(&location)),
    };
    let call = Call {
        app: Arc::clone(app),
        hub: Arc::clone(&app.hub),
        row,
        caller,
        repo,
        path: values.clone(),
        query,
        headers: visit.parts.headers.clone(),
        body,
    };
    let mut response = handler(call).await?;
    if let (Some(event), Some(change)) = (row.event, response.change.take()) {
        webhooks::emit(&app.hub, event, change);
    }
    deliveries::dispatch(app);
    Ok(response)
}

/// Whether a row changes the Hub. A replay waits for another server, perhaps for this one.
fn changes(row: &Endpoint) -> bool {
    row.method != endpoints::Method::Get
        && row.host == Host::Hub
        && row.name != "replayWebhook"
        && !row.path.starts_with("/_emulator")
}

async fn read(body: Body) -> Result<Bytes, Error> {
    to_bytes(body, LONGEST_BODY).await.map_err(|error| Error::new(413, format!("Request body: {error}")))
}
