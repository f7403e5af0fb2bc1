//! One loop over every endpoint, in the order of the catalogue, on one Hub: what it sends, who may, what comes back, which headers, which event.

use std::sync::Arc;

use emulator::http::app::App;
use emulator::hub::webhooks::Target;
use emulator::hub::webhooks::store::{self, Webhook};
use hf_wasm::core::failure::{ErrorKind, Failure};
use hf_wasm::core::headers::Headers;
use hf_wasm::core::io::{Io, Reply as _};
use hf_wasm::endpoints::discussions::MERGE_PULL_REQUEST;
use hf_wasm::endpoints::repos::COMMIT;
use hf_wasm::endpoints::{Access, CATALOGUE, Endpoint, FILES, Host, ResponseType};
use serde_json::{Value, json};

use crate::calls::{EXPIRED, READ, WRITE, app, commit, examples, send};
use crate::io::{EmulatorIo, Exchange, PAGE};

/// A fine-grained token of alice that may do nothing.
const POWERLESS: &str = "hf_powerless";

#[tokio::test]
async fn the_endpoints_of_the_catalogue_keep_their_word() {
    assert_eq!(keep_their_word(&CATALOGUE).await.len(), CATALOGUE.len());
}

#[tokio::test]
async fn the_endpoints_of_files_keep_their_word() {
    assert_eq!(keep_their_word(&FILES).await, ["pathsInfo", "downloadFile", "lfsBatch"]);
}

/// Tries every endpoint, and gives their names.
async fn keep_their_word(endpoints: &[&'static Endpoint]) -> Vec<&'static str> {
    let app = app();
    watch(&app);
    let insert = "insert into tokens (token, user_id, display_name, role, fine_grained, created_at)
                  select ?1, id, 'powerless', 'fineGrained', '{\"global\":[],\"scoped\":[]}', 0 from accounts where name = 'alice'";
    app.hub.db().execute(insert, [POWERLESS]).unwrap();
    let mut named = Vec::new();
    for endpoint in endpoints {
        let before = delivered(&app);
        refusals(&app, endpoint).await;
        assert_eq!(delivered(&app), before, "{}: a refused call set off an event", endpoint.name);
        success(&app, endpoint).await;
        assert_eq!(delivered(&app), [expected(endpoint), before].concat(), "{}", endpoint.name);
        named.push(endpoint.name);
        println!("{:>2} {:<6} {:<19} {}", named.len(), endpoint.method.as_str(), endpoint.name, endpoint.path);
    }
    named
}

/// Who may not call the endpoint is told so in the endpoint's own terms, and told what to do about it.
async fn refusals(app: &Arc<App>, endpoint: &'static Endpoint) {
    let lacks = endpoint.access != Access::Open && endpoint.permission.is_some();
    // A token that only reads may run inference, as on the real router.
    let reader_lacks =
        endpoint.access == Access::Write && !endpoint.permission.is_some_and(|name| name.starts_with("inference."));
    let cases = [
        (None, (endpoint.access != Access::Open).then_some(ErrorKind::Unauthorized)),
        (Some(EXPIRED), Some(ErrorKind::Unauthorized)),
        (Some(POWERLESS), lacks.then_some(ErrorKind::Forbidden)),
        (Some(READ), reader_lacks.then_some(ErrorKind::Forbidden)),
    ];
    for (token, expected) in cases {
        let Some(expected) = expected else {
            if endpoint.access != Access::Write {
                attempt(app, endpoint, token)
                    .await
                    .0
                    .unwrap_or_else(|failure| panic!("{} {token:?}: {failure:?}", endpoint.name));
            }
            continue;
        };
        let failure = attempt(app, endpoint, token).await.0.expect_err(endpoint.name);
        assert_eq!(failure.kind, expected, "{} {token:?}: {failure:?}", endpoint.name);
        assert!(failure.request_id.is_some() && failure.advice.is_some(), "{}: {failure:?}", endpoint.name);
        assert!(!format!("{failure:?}").contains("hf_emulator"), "{}: a token in a text", endpoint.name);
    }
}

async fn success(app: &Arc<App>, endpoint: &'static Endpoint) {
    let before = app.gate.log.since(0).last().map_or(0, |entry| entry.id);
    let (result, io) = attempt(app, endpoint, Some(WRITE)).await;
    let answer = result.unwrap_or_else(|failure| panic!("{}: {failure:?}", endpoint.name));
    shape(endpoint, &answer);
    let exchanges = io.exchanges.borrow();
    let last = exchanges.last().unwrap();
    assert!(exchanges.iter().all(|exchange| exchange.authorized), "{}", endpoint.name);
    headers(endpoint, last);
    let limits = io.client.limits.borrow();
    let bucket = limits.buckets(io.now()).find(|bucket| bucket.name == endpoint.bucket.as_str()).expect(endpoint.name);
    assert_eq!((bucket.sent > 0, bucket.from_headers), (true, endpoint.host == Host::Hub), "{}", endpoint.name);
    // The emulator found the same endpoint by method and address alone; a redirect may have followed.
    let mut log = app.gate.log.since(before).into_iter();
    assert!(log.any(|entry| (entry.endpoint, entry.token) == (endpoint.name, "write")), "{}", endpoint.name);
}

/// What a success holds.
#[derive(Debug)]
struct Answer {
    value: Value,
    bytes: Vec<u8>,
    media_type: String,
}

async fn attempt(
    app: &Arc<App>,
    endpoint: &'static Endpoint,
    token: Option<&'static str>,
) -> (Result<Answer, Box<Failure>>, EmulatorIo) {
    let mut io = EmulatorIo::new(app, endpoint.host, token);
    let params = examples(endpoint);
    let result = if endpoint.name == COMMIT.name {
        commit(&mut io, params).await.map(|outcome| {
            let value = outcome.reply.expect("the example changes something");
            Answer { value, bytes: Vec::new(), media_type: String::new() }
        })
    } else {
        send(&mut io, endpoint, params).await.map(|reply| Answer {
            bytes: reply.bytes(),
            media_type: reply.header("content-type").unwrap_or_default(),
            value: reply.into_value(),
        })
    };
    (result, io)
}

/// A success is what the endpoint's reply says.
fn shape(endpoint: &Endpoint, answer: &Answer) {
    let Answer { value, bytes, media_type } = answer;
    let good = match endpoint.reply {
        ResponseType::Json("Embeddings") => {
            value[0].as_array().is_some_and(|numbers| numbers.iter().all(Value::is_number))
        }
        ResponseType::Json(name) if name.ends_with("[]") => value.as_array().is_some_and(|list| !list.is_empty()),
        ResponseType::Json(_) => value.as_object().is_some_and(|properties| !properties.is_empty()),
        ResponseType::Pages(_) => {
            value.as_array().is_some_and(|list| list.iter().all(Value::is_object) && !list.is_empty())
        }
        ResponseType::Numbered(_, key) => {
            value[key].as_array().is_some_and(|list| !list.is_empty()) && value["count"].is_number()
        }
        ResponseType::Events(..) => value["choices"][0]["message"]["content"].is_string() && value["usage"].is_object(),
        ResponseType::Bytes => !bytes.is_empty() && !media_type.starts_with("application/json"),
        ResponseType::Empty => true,
    };
    assert!(good, "{} answers {value} ({media_type}, {} bytes)", endpoint.name, bytes.len());
}

fn headers(endpoint: &Endpoint, exchange: &Exchange) {
    let name = endpoint.name;
    assert!((200..300).contains(&exchange.status), "{name}: {}", exchange.status);
    assert!(exchange.header("x-request-id").starts_with("Root=1-"), "{name}");
    let limit = match endpoint.host {
        Host::Hub => format!("\"{}\";r=", endpoint.bucket.as_str()),
        Host::Router => String::new(),
    };
    assert_eq!(exchange.header("access-control-allow-origin"), PAGE, "{name}");
    assert!(exchange.header("ratelimit").starts_with(&limit), "{name}: {}", exchange.header("ratelimit"));
    assert_eq!(exchange.header("ratelimit").is_empty(), endpoint.host == Host::Router, "{name}");
    let exposed = exchange.header("access-control-expose-headers").to_lowercase();
    assert!(exposed.contains("x-request-id") && !exposed.contains("ratelimit"), "{name}: {exposed}");
}

/// Lets the seed's active webhook watch all that the examples change. It starts a Job, which the emulator logs and does
/// not run: no socket is opened. However often that fails, it is not suspended.
fn watch(app: &App) {
    let webhook = store::find(&app.hub, "6390e855e30d9209411de93b").unwrap().unwrap();
    let watched = json!([{ "type": "user", "name": "alice" }, { "type": "org", "name": "acme" }]);
    let target = Target::Job(json!({ "dockerImage": "python:3.12" }));
    store::save(&app.hub, &Webhook { target, watched, failures: i64::MIN, ..webhook }).unwrap();
}

/// The events in the log of deliveries, newest first.
fn delivered(app: &App) -> Vec<Value> {
    store::deliveries(&app.hub, None).unwrap().into_iter().map(|delivery| delivery.body["event"].clone()).collect()
}

/// What an endpoint with an event leads to: one delivery, and one more for a merge, which moves the branch too.
fn expected(endpoint: &Endpoint) -> Vec<Value> {
    let event = endpoint.event.map(|event| json!({ "action": event.action, "scope": event.scope }));
    let moved =
        (endpoint.name == MERGE_PULL_REQUEST.name).then(|| json!({ "action": "update", "scope": "repo.content" }));
    event.into_iter().chain(moved).collect()
}
