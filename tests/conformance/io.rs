//! The core's seam, made of the emulator: a request goes to the service of its origin, a wait moves the Hub's clock.

use std::cell::{Cell, RefCell};
use std::iter;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use axum::body::Body as HttpBody;
use axum::http::{self, HeaderMap, Response};
use emulator::http::app::App;
use emulator::http::{cdn, layers};
use hf_wasm::core::client::Client;
use hf_wasm::core::failure::{ErrorKind, Failure};
use hf_wasm::core::hash;
use hf_wasm::core::io::{CallError, Files, Io, Notice, Outgoing, Urls};
use hf_wasm::core::options::ClientOptions;
use hf_wasm::core::request_body::{self, Body, Properties, Property};
use hf_wasm::core::retry::RetryPolicy;
use hf_wasm::endpoints::Host;
use serde_json::{Map, Value};
use sha1::{Digest, Sha1};
use tower::ServiceExt;
use url::Url;

use crate::address;
use crate::reply::EmulatorReply;

/// The page that the requests come from, for CORS.
pub const PAGE: &str = "http://localhost:5173";

/// An origin that is neither the Hub's nor its CDN's. It answers everything with an empty list.
pub const FOREIGN: &str = "https://foreign.example";

pub struct EmulatorIo {
    pub app: Arc<App>,
    pub client: Client,
    pub admitted: Cell<bool>,
    /// The caller's parameters, for bodies made of them.
    pub params: Value,
    /// The files of a commit.
    pub sources: Vec<Vec<u8>>,
    pub retry: RetryPolicy,
    /// What the parameters name beside.
    pub named: &'static str,
    /// What the policy said, with its rules.
    pub decisions: RefCell<Vec<(&'static str, String)>>,
    pub exchanges: RefCell<Vec<Exchange>>,
    /// What was waited, in milliseconds.
    pub waits: RefCell<Vec<f64>>,
}

/// The caller's parameters, on their way to a body.
struct Params(Map<String, Value>);

impl Properties for Params {
    fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    fn set(&mut self, name: &str, property: &Property) {
        let value = match property {
            Property::Null => Value::Null,
            Property::String(text) => text.as_str().into(),
            Property::Flag(flag) => (*flag).into(),
        };
        self.0.insert(name.to_owned(), value);
    }
}

/// One request that was sent, and the head of its answer.
pub struct Exchange {
    pub method: String,
    pub url: String,
    pub authorized: bool,
    pub status: u16,
    pub headers: HeaderMap,
}

impl Exchange {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl EmulatorIo {
    pub fn new(app: &Arc<App>, host: Host, token: Option<&'static str>) -> EmulatorIo {
        let base_url = match host {
            Host::Hub => app.hub.origin.clone(),
            Host::Router => format!("{}/router", app.hub.origin),
        };
        let (origin, token) = (app.hub.origin.clone(), token.map(str::to_owned));
        let options = ClientOptions { base_url, origin, token, ..ClientOptions::default() };
        EmulatorIo {
            app: Arc::clone(app),
            client: Client::new(host, options),
            admitted: Cell::default(),
            params: Value::Null,
            sources: Vec::new(),
            retry: RetryPolicy::default(),
            named: "",
            decisions: RefCell::default(),
            exchanges: RefCell::default(),
            waits: RefCell::default(),
        }
    }

    /// Sends to the service of the address's origin.
    async fn exchange(&self, outgoing: Outgoing<'_>) -> Response<HttpBody> {
        let Outgoing { request, url, token, .. } = outgoing;
        let address = Url::parse(url).unwrap();
        let path = &address[url::Position::BeforePath..url::Position::AfterQuery];
        let mut call = http::Request::builder().method(request.method).uri(path).header("origin", PAGE);
        for (name, value) in outgoing.header_lines(iter::empty()).lines().filter_map(|line| line.split_once(": ")) {
            call = call.header(name, value);
        }
        let call = call.body(HttpBody::from(self.body(&request.body))).unwrap();
        let response = match address.origin().ascii_serialization() {
            to if to == self.app.hub.origin => layers::service(Arc::clone(&self.app)).oneshot(call).await.unwrap(),
            to if to == self.app.hub.cdn_origin => cdn::service(Arc::clone(&self.app)).oneshot(call).await.unwrap(),
            to if to.ends_with("//foreign.example") => Response::new(HttpBody::from("[]")),
            to => panic!("a request to {to}"),
        };
        self.exchanges.borrow_mut().push(Exchange {
            method: request.method.to_owned(),
            url: url.to_owned(),
            authorized: token.is_some(),
            status: response.status().as_u16(),
            headers: response.headers().clone(),
        });
        response
    }

    fn body(&self, body: &Body) -> Vec<u8> {
        match body {
            Body::None | Body::Given { .. } => Vec::new(),
            Body::Text { text, .. } => text.clone().into_bytes(),
            Body::File { index, start, end } => self.sources[*index][*start as usize..*end as usize].to_vec(),
            Body::Params { omit, set } => {
                let mut params = Params(self.params.as_object().cloned().unwrap_or_default());
                request_body::to_body(&mut params, omit, set);
                Value::Object(params.0).to_string().into_bytes()
            }
        }
    }
}

impl Urls for EmulatorIo {
    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
        let base = base.map(Url::parse).transpose().ok()?;
        let url = Url::options().base_url(base.as_ref()).parse(target).ok()?;
        Some((url.to_string(), url.origin().ascii_serialization()))
    }
}

impl Files for EmulatorIo {
    async fn read(&self, index: usize, start: u64, end: u64) -> Result<Vec<u8>, CallError> {
        let missing = || Failure::new(ErrorKind::Internal, "a commit has lost one of its files");
        let file = self.sources.get(index).ok_or_else(missing)?;
        Ok(file.get(start as usize..end as usize).ok_or_else(missing)?.to_vec())
    }

    async fn sha1(&self, bytes: &[u8]) -> Result<Option<Vec<u8>>, CallError> {
        Ok(Some(Sha1::digest(bytes).to_vec()))
    }

    async fn sha256(&self, index: usize, _: &str) -> Result<String, CallError> {
        let missing = || Failure::new(ErrorKind::Internal, "a commit has lost one of its files");
        Ok(hash::hex(&sha2::Sha256::digest(self.sources.get(index).ok_or_else(missing)?)))
    }
}

impl Io for EmulatorIo {
    type Reply = EmulatorReply;

    fn date(text: &str) -> Option<f64> {
        let date = httpdate::parse_http_date(text).ok()?;
        Some(date.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_millis() as f64)
    }

    fn client(&self) -> &Client {
        &self.client
    }

    fn admitted(&self) -> &Cell<bool> {
        &self.admitted
    }

    async fn token(&self) -> Result<Option<String>, CallError> {
        Ok(self.client.options.token.clone())
    }

    async fn send(&self, outgoing: Outgoing<'_>) -> Result<EmulatorReply, CallError> {
        Ok(EmulatorReply::new(self.exchange(outgoing).await))
    }

    async fn wait(&self, ms: f64) -> Result<(), CallError> {
        self.waits.borrow_mut().push(ms);
        self.app.hub.clock_offset.fetch_add(ms as i64, Ordering::Relaxed);
        Ok(())
    }

    fn now(&self) -> f64 {
        self.app.hub.now() as f64
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn asked(&self, method: &str, url: &str) -> String {
        let below = url.strip_prefix(self.base_url()).unwrap_or(Url::parse(url).unwrap().path()).to_owned();
        let found = address::readings(self.client.host, method, &below);
        let lines = found.into_iter().map(|(endpoint, repo)| format!("{} {}", endpoint.name, repo.unwrap_or_default()));
        let lines: Vec<_> = lines.chain(self.named.lines().map(str::to_owned)).collect();
        if lines.is_empty() { "unknown".to_owned() } else { lines.join("\n") }
    }

    fn notify(&self, notice: Notice<'_>) {
        if let Notice::Decision { decision, rule } = notice {
            self.decisions.borrow_mut().push((decision, rule.to_owned()));
        }
    }
}
