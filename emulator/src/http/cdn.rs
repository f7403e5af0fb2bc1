//! The second origin: bytes of large files, in and out. A signed URL is all it asks for; an `Authorization` header
//! that comes along is refused, as object stores do, because clients must not send one here.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{ACCESS_CONTROL_EXPOSE_HEADERS, AUTHORIZATION, HeaderValue, ORIGIN};
use axum::http::{Method, Response, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{get, post, put};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncSeekExt, SeekFrom};
use tokio_util::io::ReaderStream;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::http::app::App;
use crate::http::error::ApiError;
use crate::http::layers;
use crate::http::ranges::{self, Wanted};
use crate::http::response::ApiResponse;
use crate::http::routes::files::resolve::disposition;
use crate::http::signature;
use crate::http::upload;
use crate::hub::lfs;

#[derive(Debug, Deserialize)]
struct Download {
    filename: Option<String>,
}

pub fn service(app: Arc<App>) -> Router {
    let service = Router::new()
        .route("/lfs/{oid}", get(download))
        .route("/lfs/{oid}", put(upload::whole))
        .route("/lfs/{oid}", post(upload::complete))
        .route("/lfs/{oid}/{part}", put(upload::part))
        .layer(from_fn_with_state(app.clone(), check))
        .layer(from_fn_with_state(app.clone(), layers::cdn_layer))
        .layer(cors(app.clone()))
        .layer(SetResponseHeaderLayer::overriding(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*")))
        .layer(axum::extract::DefaultBodyLimit::disable())
        .with_state(app);
    layers::inert(service)
}

async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Result<Response<Body>, PlainTextError> {
    if request.headers().contains_key(AUTHORIZATION) {
        let text = "Only one auth mechanism allowed: either the signature in the URL or the Authorization header";
        return Err(PlainTextError(ApiError::bad_request(text)));
    }
    let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
    let url = request.uri().path_and_query().map_or("", |url| url.as_str());
    signature::check(&app.hub, method, url)?;
    Ok(next.run(request).await)
}

/// CORS for trusted origins, without credentials; preflights are answered here. A page that was redirected here from
/// another origin is called "null": the signature in the URL is what lets it in.
fn cors(app: Arc<App>) -> CorsLayer {
    let trusted = move |origin: &HeaderValue, _: &_| {
        origin.to_str().is_ok_and(|name| name == "null" || app.gate.trust.origin(name))
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(trusted))
        .allow_methods([Method::GET, Method::HEAD, Method::PUT, Method::POST, Method::OPTIONS])
        .allow_headers(AllowHeaders::mirror_request())
        .max_age(Duration::from_secs(86_400))
        .vary([ORIGIN])
}

async fn download(
    State(app): State<Arc<App>>,
    Path(oid): Path<String>,
    Query(query): Query<Download>,
    request: Request,
) -> Result<Response<Body>, PlainTextError> {
    let missing = || ApiError::not_found("The object does not exist");
    let size = lfs::stored_size(&app.hub, &oid).ok_or_else(missing)?;
    let etag = format!("\"{oid}\"");
    let (status, first, length, content_range) = match ranges::wanted(request.headers(), &etag, size) {
        _ if ranges::is_known(request.headers(), &etag) => (StatusCode::NOT_MODIFIED, 0, 0, None),
        Wanted::All => (StatusCode::OK, 0, size, None),
        Wanted::Part(first, last) => {
            (StatusCode::PARTIAL_CONTENT, first, last - first + 1, Some(format!("bytes {first}-{last}/{size}")))
        }
        Wanted::Nothing => (StatusCode::OK, 0, 0, Some("bytes */0".to_owned())),
        Wanted::Unsatisfiable => (StatusCode::RANGE_NOT_SATISFIABLE, 0, 0, Some(format!("bytes */{size}"))),
    };
    let mut file = tokio::fs::File::open(lfs::path(&app.hub, &oid)).await.map_err(ApiError::from)?;
    file.seek(SeekFrom::Start(first)).await.map_err(ApiError::from)?;
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(length), 64 * 1024));
    let mut response = ApiResponse::bytes("application/octet-stream", body)
        .status(status)
        .header("etag", etag)
        .header("accept-ranges", "bytes");
    if status != StatusCode::NOT_MODIFIED {
        response = response.header("content-length", length.to_string());
    }
    if let Some(range) = content_range {
        response = response.header("content-range", range);
    }
    if let Some(name) = query.filename {
        response = response.header("content-disposition", disposition("inline", &name));
    }
    Ok(response.http)
}

/// An error as this origin words it: plain text.
pub struct PlainTextError(pub ApiError);

impl<E: Into<ApiError>> From<E> for PlainTextError {
    fn from(error: E) -> Self {
        PlainTextError(error.into())
    }
}

impl axum::response::IntoResponse for PlainTextError {
    fn into_response(self) -> Response<Body> {
        ApiResponse::text(self.0.message).status(self.0.status).http
    }
}
