//! What the second origin shares with the first: the log and the faults. Both call its bucket `files`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, Response};
use axum::middleware::Next;

use super::faults::Rule;
use super::outgoing;
use super::request_context::RequestContext;
use crate::http::app::App;
use crate::http::routes;
use crate::hub::accounts::Caller;

const BUCKET: &str = "files";

pub async fn cdn_layer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response<Body> {
    if request.method() == Method::OPTIONS {
        return next.run(request).await;
    }
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let found = routes::find(parts.method.as_str(), parts.uri.path()).map(|(route, values)| (route.endpoint, values));
    let context = RequestContext::new(parts.clone(), found);
    let entry = app.gate.log.begin(app.hub.now(), &context, Ok(&Caller::Anonymous));
    let fault = app.gate.faults.draw(context.parts.method.as_str(), context.path(), BUCKET);
    if let Some(delay) = fault.as_ref().and_then(|rule| rule.delay_ms) {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    let mut response = match fault.as_deref().and_then(Rule::instead) {
        Some(instead) => instead.http,
        None => next.run(Request::from_parts(parts, body)).await,
    };
    if let Some(rule) = &fault {
        rule.replace(&mut response).await;
    }
    app.gate.log.update(entry, |entry| {
        entry.bucket = BUCKET;
        entry.status = response.status().as_u16();
        entry.duration_ms = started.elapsed().as_secs_f64() * 1000.0;
        entry.fault = fault.is_some();
    });
    outgoing::watch(&app, entry, fault.as_deref(), response)
}
