//! What keeps other people's web pages out. A page in a developer's browser can send requests to this machine: by
//! a form, by `fetch`, as an image, or under a name of its own that leads to 127.0.0.1.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERER, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, Response, Uri};
use axum::middleware::{Next, from_fn_with_state};
use serde_json::json;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use super::network;
use super::request_context::RequestContext;
use super::trust::Trust;
use crate::http::app::App;
use crate::http::error::ApiError;
use crate::http::response::ApiResponse;

/// A header that neither a form nor a request without a preflight can carry.
const CONTROL: &str = "x-emulator-control";

/// For whatever is no page: a browser that shows it runs nothing of it, and frames nothing of it.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox");

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");

/// Answers a service's requests only where they come from this machine or from what it trusts. A handler that panics
/// answers 500. A browser takes no response for a page that does not say that it is one.
pub fn before(service: Router, app: Arc<App>) -> Router {
    Router::new()
        .fallback_service(service)
        .layer(CatchPanicLayer::custom(defect))
        .layer(from_fn_with_state(Arc::clone(&app.gate.network), network::network))
        .layer(from_fn_with_state(app, check))
        .layer(SetResponseHeaderLayer::if_not_present(CONTENT_SECURITY_POLICY, POLICY))
        .layer(SetResponseHeaderLayer::if_not_present(X_CONTENT_TYPE_OPTIONS, NOSNIFF))
        .layer(SetResponseHeaderLayer::if_not_present(REFERRER_POLICY, HeaderValue::from_static("no-referrer")))
}

/// Lets no browser take a response for a page or a script, whatever it says itself.
pub fn inert(service: Router) -> Router {
    service
        .layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, POLICY))
        .layer(SetResponseHeaderLayer::overriding(X_CONTENT_TYPE_OPTIONS, NOSNIFF))
}

async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Response<Body> {
    let (parts, body) = request.into_parts();
    match admit(&app.gate.trust, &parts) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => refuse(&error),
    }
}

/// What a panic's message says is not for the caller.
fn defect(_: Box<dyn Any + Send>) -> Response<Body> {
    refuse(&ApiError::new(500, "Internal Error - the emulator has a defect; see its output"))
}

fn refuse(error: &ApiError) -> Response<Body> {
    ApiResponse::json(&json!({ "error": error.message })).status(error.status).http
}

/// Whether the request is addressed to this machine, and sent by a program or by a page that is trusted.
fn admit(trust: &Trust, parts: &Parts) -> Result<(), ApiError> {
    let mut hosts = texts(parts, HOST);
    let addressed = parts.uri.authority().is_none_or(|authority| trust.host(authority.as_str()));
    let named = hosts.next().is_some_and(|host| host.is_some_and(|host| trust.host(host)));
    if !addressed || !named || hosts.next().is_some() {
        return Err(ApiError::forbidden("\"Host\" does not name this machine; --allow-host NAME allows another name"));
    }
    let mut origins = texts(parts, ORIGIN).peekable();
    let known = origins.peek().is_some();
    // A page that follows a redirect to another origin sends "null"; only a signed URL opens anything there.
    let signed = parts.uri.path().starts_with("/lfs/");
    let trusted = |origin: Option<&str>| origin.is_some_and(|name| trust.origin(name) || (signed && name == "null"));
    if !origins.all(trusted) {
        return Err(ApiError::forbidden("The page's origin is not trusted; --allow-origin ORIGIN allows it"));
    }
    if !known && is(parts, "sec-fetch-site", "cross-site") && !is_navigation(parts) && !is_referred(trust, parts) {
        return Err(ApiError::forbidden("A page of another site may not load this; --allow-origin ORIGIN allows it"));
    }
    if parts.headers.contains_key("service-worker") {
        return Err(ApiError::forbidden("No service worker is served here"));
    }
    Ok(())
}

/// Whether somebody follows a link: the page that it stands on cannot read what comes.
fn is_navigation(parts: &Parts) -> bool {
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    reads && is(parts, "sec-fetch-mode", "navigate") && is(parts, "sec-fetch-dest", "document")
}

/// Whether the page that loads an image or the like is trusted; a page cannot write this header itself.
fn is_referred(trust: &Trust, parts: &Parts) -> bool {
    let referrer = texts(parts, REFERER).next().flatten().and_then(|url| url.parse::<Uri>().ok());
    let origin = referrer.and_then(|url| Some(format!("{}://{}", url.scheme_str()?, url.authority()?)));
    origin.is_some_and(|origin| trust.origin(&origin))
}

fn is(parts: &Parts, name: &'static str, value: &str) -> bool {
    texts(parts, HeaderName::from_static(name)).any(|found| found == Some(value))
}

/// Every value of a header; `None` for one that is not a string.
fn texts(parts: &Parts, name: HeaderName) -> impl Iterator<Item = Option<&str>> {
    parts.headers.get_all(name).into_iter().map(|value| value.to_str().ok())
}

/// Whether a request may use the emulator's own routes.
pub fn control(context: &RequestContext, body: &Body) -> Result<(), ApiError> {
    let json = context.header("content-type").is_some_and(is_json);
    if !body.is_end_stream() && !json {
        return Err(ApiError::new(
            415,
            "A body for the emulator's own routes needs \"Content-Type: application/json\"",
        ));
    }
    // Webhooks are delivered without the header: that the content is JSON keeps forms out.
    let delivery = context.endpoint_name() == "putInWebhookSink" && json;
    // Browsers open a page without the header; another page cannot read what they show.
    let page = context.endpoint_name() == "index"
        && context.header("accept").is_some_and(|accept| accept.starts_with("text/html"));
    if context.parts.headers.contains_key(CONTROL) || delivery || page {
        return Ok(());
    }
    Err(ApiError::forbidden("The emulator's own routes need the header \"X-Emulator-Control: 1\""))
}

fn is_json(media_type: &str) -> bool {
    media_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use tower::ServiceExt;

    use super::*;
    use crate::http::app::Options;

    #[tokio::test]
    async fn a_panic_answers_500_and_the_next_request_is_served() {
        let app = App::open(Options { seed: false, ..Options::default() }).unwrap();
        let defect = Arc::clone(&app);
        let handler = async move |request: Request| {
            let db = defect.hub.db();
            assert!(request.uri().path() != "/defect", "secret words");
            Body::from(db.path().map(str::len).unwrap_or_default().to_string())
        };
        let service = before(Router::new().fallback(handler), app);
        for (path, status) in [("/defect", 500), ("/", 200), ("/defect", 500), ("/", 200)] {
            let request = Request::get(path).header("host", "localhost").body(Body::empty()).unwrap();
            let response = service.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status, "{path}");
            let body = to_bytes(response.into_body(), 1000).await.unwrap();
            assert!(!String::from_utf8_lossy(&body).contains("secret words"));
        }
    }
}
