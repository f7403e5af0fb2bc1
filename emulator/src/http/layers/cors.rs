//! Which scripts may read what. Trusted origins are echoed, others hear nothing; a fixed list of headers is shown to
//! scripts, without the rate limits.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response};

use super::request_context::RequestContext;
use crate::http::app::App;

const EXPOSED: &str = "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";

/// Methods that a preflight may ask for.
const METHODS: &str = "GET,HEAD,PUT,PATCH,POST,DELETE";

/// Answers a preflight: whatever a trusted origin asks for is allowed.
pub fn preflight(app: &App, context: &RequestContext) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    allow(app, context, response.headers_mut());
    set(response.headers_mut(), ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    if let Some(asked) = context.parts.headers.get("access-control-request-headers") {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    if context.parts.headers.contains_key("access-control-request-private-network") {
        set(response.headers_mut(), HeaderName::from_static("access-control-allow-private-network"), "true");
    }
    response
}

/// Sets what every response carries.
pub fn allow(app: &App, context: &RequestContext, headers: &mut HeaderMap) {
    if !headers.contains_key(VARY) {
        set(headers, VARY, "Origin");
    }
    let origin = context.header("origin").unwrap_or(&app.hub.origin);
    if !app.gate.trust.origin(origin) {
        return;
    }
    set(headers, ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    set(headers, ACCESS_CONTROL_EXPOSE_HEADERS, if context.is_control() { "*" } else { EXPOSED });
    set(headers, ACCESS_CONTROL_MAX_AGE, "86400");
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
