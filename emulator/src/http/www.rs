//! The demo page, the built package and the documentation as static files, beside the Hub and outside of its log and its limits.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;

/// Folders to serve: the page below `/www/`, the package below `/pkg/`, the documentation below `/docs/`; `/` leads to the page.
#[derive(Debug, Clone, Default)]
pub struct Folders {
    pub www: Option<PathBuf>,
    pub pkg: Option<PathBuf>,
    pub docs: Option<PathBuf>,
}

/// The Hub's service with the folders before it; without folders it is the Hub's service.
pub fn before(hub: Router, folders: Folders) -> Router {
    let mut files = Router::new();
    if let Some(www) = folders.www {
        files = files.route("/", get(|| async { Redirect::temporary("/www/") })).merge(below("/www/", www));
    }
    if let Some(pkg) = folders.pkg {
        files = files.merge(below("/pkg/", pkg));
    }
    if let Some(docs) = folders.docs {
        files = files.route("/docs", get(|| async { Redirect::temporary("/docs/") })).merge(below("/docs/", docs));
    }
    files.layer(CompressionLayer::new()).fallback_service(hub)
}

fn below(prefix: &str, folder: PathBuf) -> Router {
    let index = |State(folder): State<Arc<PathBuf>>| async move { file(&folder, "index.html").await };
    let any =
        |State(folder): State<Arc<PathBuf>>, UrlPath(name): UrlPath<String>| async move { named(&folder, &name).await };
    Router::new().route(prefix, get(index)).route(&format!("{prefix}{{*name}}"), get(any)).with_state(Arc::new(folder))
}

/// A folder within the folder is its `index.html`.
async fn named(folder: &Path, name: &str) -> Response {
    if name.ends_with('/') { file(folder, &format!("{name}index.html")).await } else { file(folder, name).await }
}

async fn file(folder: &Path, name: &str) -> Response {
    // Nothing above the folder: only plain names may follow each other.
    if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match tokio::fs::read(folder.join(name)).await {
        Ok(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, media_type(name).to_owned()),
                (header::CACHE_CONTROL, "no-cache".to_owned()),
                (header::CONTENT_SECURITY_POLICY, policy(name, &bytes)),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
                (header::REFERRER_POLICY, "no-referrer".to_owned()),
                (HeaderName::from_static("cross-origin-opener-policy"), "same-origin".to_owned()),
            ];
            (headers, bytes).into_response()
        }
        Err(_) => (StatusCode::NOT_FOUND, format!("there is no file {name}")).into_response(),
    }
}

/// The policy that a page states in itself, and what can only be said in a header: nobody frames it. What states none
/// may do nothing.
fn policy(name: &str, bytes: &[u8]) -> String {
    let text =
        if media_type(name).starts_with("text/html") { std::str::from_utf8(bytes).unwrap_or_default() } else { "" };
    let meta = text.split_once("http-equiv=\"Content-Security-Policy\" content=\"").map(|(_, rest)| rest);
    let own = meta.and_then(|rest| rest.split_once('"')).map_or("default-src 'none'; sandbox", |(policy, _)| policy);
    format!("{own}; frame-ancestors 'none'")
}

fn media_type(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    fn service() -> (tempfile::TempDir, Router) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("www")).unwrap();
        std::fs::create_dir(folder.path().join("www/dist")).unwrap();
        std::fs::write(folder.path().join("www/dist/page.css"), "p {}\n".repeat(100)).unwrap();
        std::fs::write(folder.path().join("www/index.html"), "<p>page").unwrap();
        std::fs::write(folder.path().join("www/core.wasm"), b"\0asm").unwrap();
        std::fs::create_dir_all(folder.path().join("docs/api")).unwrap();
        std::fs::write(folder.path().join("docs/api/index.html"), "<p>api").unwrap();
        std::fs::write(folder.path().join("secret"), "no").unwrap();
        let hub = Router::new().fallback(|| async { (StatusCode::IM_A_TEAPOT, "hub") });
        let folders =
            Folders { www: Some(folder.path().join("www")), pkg: None, docs: Some(folder.path().join("docs")) };
        (folder, before(hub, folders))
    }

    async fn response(path: &str) -> (StatusCode, String, String) {
        let (_folder, service) = service();
        let response = service.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let kind = response.headers().get("content-type").map_or("", |kind| kind.to_str().unwrap()).to_owned();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1000).await.unwrap();
        (status, kind, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn serves_the_page_and_the_hub_behind_it() {
        assert_eq!(response("/").await.0, StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(response("/www/").await, (StatusCode::OK, "text/html; charset=utf-8".into(), "<p>page".into()));
        assert_eq!(response("/www/core.wasm").await.1, "application/wasm");
        assert_eq!(response("/docs").await.0, StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(response("/docs/api/").await, (StatusCode::OK, "text/html; charset=utf-8".into(), "<p>api".into()));
        assert_eq!(response("/docs/").await.0, StatusCode::NOT_FOUND, "no documentation was built");
        assert_eq!(response("/api/models").await.0, StatusCode::IM_A_TEAPOT);
    }

    #[tokio::test]
    async fn compresses_files_where_the_browser_takes_it() {
        let (_folder, service) = service();
        let request = Request::get("/www/dist/page.css").header("accept-encoding", "gzip").body(Body::empty()).unwrap();
        let response = service.oneshot(request).await.unwrap();
        assert_eq!(response.headers().get("content-encoding").map(|name| name.as_bytes()), Some("gzip".as_bytes()));
    }

    #[tokio::test]
    async fn serves_nothing_else() {
        assert_eq!(response("/www/absent.js").await.0, StatusCode::NOT_FOUND);
        for path in ["/www/../secret", "/www/%2e%2e/secret", "/www/..%2fsecret", "/www/%2fetc%2fpasswd"] {
            let (status, _, body) = response(path).await;
            assert_ne!(status, StatusCode::OK, "{path}");
            assert_ne!(body, "no", "{path}");
        }
    }
}
