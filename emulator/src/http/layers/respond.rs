//! From a request to its response.
//!
//! A request is looked up in the table once; whatever then goes wrong is an [`ApiError`], which is written here.

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
use super::request_context::RequestContext;
use super::usage::Usage;
use super::{authentication, common_headers, cors, error_response, outgoing, query};
use crate::http::app::App;
use crate::http::call::Call;
use crate::http::error::ApiError;
use crate::http::response::{self, ApiResponse};
use crate::http::route::Handler;
use crate::http::{deliveries, routes};
use crate::hub::accounts::Caller;
use crate::hub::webhooks;

/// Longest request body, in bytes.
const MAX_BODY: usize = 1 << 30;

/// The whole emulator but for the second origin, for calls in-process or, behind the guard, for sockets.
pub fn service(app: Arc<App>) -> Router {
    inert(Router::new().fallback(respond).with_state(app))
}

async fn respond(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let (handler, found) = routes::find(parts.method.as_str(), parts.uri.path())
        .map(|(route, values)| (route.handler, (route.endpoint, values)))
        .unzip();
    let context = RequestContext::new(parts, found);
    if context.parts.method == Method::OPTIONS {
        return cors::preflight(&app, &context);
    }
    if context.is_control() {
        return control(&app, &context, handler, body).await;
    }
    let caller = authentication::authenticate(&app.hub, &context.parts.headers).map_err(ApiError::from);
    let rate_limit = app.gate.limits.count(app.hub.now(), &context, caller.as_ref().ok());
    let entry = app.gate.log.begin(app.hub.now(), &context, caller.as_ref());
    let fault = app.gate.faults.draw(context.parts.method.as_str(), context.path(), context.bucket.as_str());
    if let Some(delay) = fault.as_ref().and_then(|rule| rule.delay_ms) {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    let result = match (fault.as_deref().and_then(Rule::instead), rate_limit.error(), caller) {
        (Some(instead), ..) => Ok(instead),
        (None, Some(error), _) | (None, None, Err(error)) => Err(error),
        (None, None, Ok(caller)) => serve(&app, &context, handler, caller, body).await,
    };
    let mut response = result.map_or_else(|error| error_response::write(&context, &error), |response| response.http);
    let usage = response.extensions_mut().remove::<Usage>();
    common_headers::add(&app, &context, &rate_limit, &mut response).await;
    if let Some(rule) = &fault {
        rule.replace(&mut response).await;
    }
    if context.parts.method == Method::HEAD {
        common_headers::remove_body(&mut response);
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
async fn control(app: &Arc<App>, context: &RequestContext, handler: Option<Handler>, body: Body) -> Response<Body> {
    let result = match guard::control(context, &body) {
        Ok(()) => serve(app, context, handler, Caller::Anonymous, body).await,
        Err(error) => Err(error),
    };
    let mut response = result.map_or_else(|error| error_response::write(context, &error), |response| response.http);
    cors::allow(app, context, response.headers_mut());
    response
}

async fn serve(
    app: &Arc<App>,
    context: &RequestContext,
    handler: Option<Handler>,
    caller: Caller,
    body: Body,
) -> response::Result {
    let (Some((endpoint, values)), Some(handler)) = (&context.found, handler) else {
        return Err(ApiError::not_found("Sorry, we can't find the page you are looking for."));
    };
    app.gate.limits.count_action(app.hub.now(), context, &caller)?;
    let body = read(body).await?;
    let _lock = if changes(endpoint) { Some(app.gate.write_lock.lock().await) } else { None };
    let query = query::pairs(context.parts.uri.query().unwrap_or_default());
    let repo = match admit::admit(&app.hub, context, endpoint, values, &caller, &query)? {
        Admission::Repo(repo) => repo.map(|repo| *repo),
        Admission::Moved(location) => return Ok(ApiResponse::redirect(&location)),
    };
    let call = Call {
        app: Arc::clone(app),
        hub: Arc::clone(&app.hub),
        endpoint,
        caller,
        repo,
        path: values.clone(),
        query,
        headers: context.parts.headers.clone(),
        body,
    };
    let mut response = handler(call).await?;
    if let (Some(event), Some(change)) = (endpoint.event, response.change.take()) {
        webhooks::emit(&app.hub, event, change);
    }
    deliveries::dispatch(app);
    Ok(response)
}

/// Whether a endpoint changes the Hub. A replay waits for another server, perhaps for this one.
fn changes(endpoint: &Endpoint) -> bool {
    endpoint.method != endpoints::Method::Get
        && endpoint.host == Host::Hub
        && endpoint.name != "replayWebhook"
        && !endpoint.path.starts_with("/_emulator")
}

async fn read(body: Body) -> Result<Bytes, ApiError> {
    to_bytes(body, MAX_BODY).await.map_err(|error| ApiError::new(413, format!("Request body: {error}")))
}
