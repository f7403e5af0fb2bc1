//! A whole call against a server that answers anything: it keeps to its policy, and no failure shows the token.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use hf_wasm::core::args::Args;
use hf_wasm::core::call;
use hf_wasm::core::client::Client;
use hf_wasm::core::failure::{ErrorKind, Failure};
use hf_wasm::core::headers::Headers;
use hf_wasm::core::io::{CallError, Io, Notice, Outgoing, Read, Reply, Response, Urls};
use hf_wasm::core::options::ClientOptions;
use hf_wasm::core::request::{self, Request};
use hf_wasm::core::retry::RetryPolicy;
use hf_wasm::endpoints::{Host, Repeat, account::WHO_AM_I};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;
use url::Url;

use crate::retry_after::tests::{policy, reply};
use crate::seam::{self, Refusal};

const ENDPOINT: &str = "https://hub.example";
const TOKEN: &str = "hf_0123456789abcdefghijklmnopqrstuv";

/// A server, a clock and a die, all of them written down beforehand.
struct Script {
    replies: Vec<Refusal>,
    /// Milliseconds that each reply takes.
    latency: f64,
    /// What another call of the same client is told to wait, each time that this one has waited.
    others: RefCell<Vec<f64>>,
    random: f64,
    now: Cell<f64>,
    /// When each request was sent.
    sent: RefCell<Vec<f64>>,
    client: Client,
    admitted: Cell<bool>,
}

struct Answer {
    refusal: Refusal,
    value: Value,
}

impl Headers for Answer {
    fn header(&self, name: &str) -> Option<String> {
        self.refusal.header(name)
    }
}

impl Reply for Answer {
    type Value = Value;

    fn value(&self) -> &Value {
        &self.value
    }

    fn into_value(self) -> Value {
        self.value
    }

    fn bytes(&self) -> Vec<u8> {
        self.refusal.body.clone().into_bytes()
    }
}

impl Response for Answer {
    fn status(&self) -> u16 {
        self.refusal.status
    }

    fn expect_size(&mut self, _: u64) {}

    async fn read(&mut self, read_mode: Read) -> Result<(), CallError> {
        self.value = match read_mode {
            Read::Text => self.refusal.body.clone().into(),
            _ => serde_json::from_str(&self.refusal.body).unwrap_or_default(),
        };
        Ok(())
    }

    fn parse(&self, text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }
}

impl Urls for Script {
    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
        let base = base.map(Url::parse).transpose().ok()?;
        let url = Url::options().base_url(base.as_ref()).parse(target).ok()?;
        Some((url.to_string(), url.origin().ascii_serialization()))
    }
}

impl Io for Script {
    type Reply = Answer;

    fn date(text: &str) -> Option<f64> {
        seam::date(text)
    }

    fn client(&self) -> &Client {
        &self.client
    }

    fn admitted(&self) -> &Cell<bool> {
        &self.admitted
    }

    async fn token(&self) -> Result<Option<String>, CallError> {
        Ok(Some(TOKEN.to_owned()))
    }

    async fn send(&self, _: Outgoing<'_>) -> Result<Answer, CallError> {
        let reply = self.reply(self.sent.borrow().len()).clone();
        self.sent.borrow_mut().push(self.now.get());
        self.now.set(self.now.get() + self.latency);
        match reply.status {
            0 => Err(Failure::new(ErrorKind::Network, TOKEN).into()),
            1 => Err(Failure::new(ErrorKind::Timeout, "").into()),
            _ => Ok(Answer { refusal: reply, value: Value::Null }),
        }
    }

    async fn wait(&self, ms: f64) -> Result<(), CallError> {
        assert!(ms >= 0.0 && ms.is_finite());
        self.now.set(self.now.get() + ms);
        if let Some(wait) = self.others.borrow_mut().pop() {
            self.client.limits.borrow_mut().hold("api", self.now.get() + wait, self.now.get());
        }
        Ok(())
    }

    fn now(&self) -> f64 {
        self.now.get()
    }

    fn random(&self) -> f64 {
        self.random
    }

    fn notify(&self, _: Notice<'_>) {}
}

impl Script {
    fn reply(&self, at: usize) -> &Refusal {
        &self.replies[at % self.replies.len()]
    }
}

fn client() -> Client {
    let options = ClientOptions { base_url: ENDPOINT.into(), origin: ENDPOINT.into(), ..ClientOptions::default() };
    Client::new(Host::Hub, options)
}

/// Nothing here is ever waited for.
fn done<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("not done at once"),
    }
}

fn holds(script: Script, policy: RetryPolicy, repeat: Repeat) {
    let start = script.now();
    let request = Request { repeat, ..request::build(&WHO_AM_I, &Args::default(), ENDPOINT).unwrap() };
    let end = done(call::send(&script, &WHO_AM_I, policy, &request, Read::Json));
    let sent = script.sent.borrow();
    assert!((1..=policy.attempts.max(1) as usize).contains(&sent.len()), "{} requests", sent.len());
    for (at, time) in sent.iter().enumerate().skip(1) {
        assert!(*time - start <= policy.max_elapsed, "sent after {} ms, {policy:?}", time - start);
        let last = script.reply(at - 1);
        let unexecuted =
            last.status == 429 || last.status == 503 && seam::failure(last, sent[at - 1]).retry_after.is_some();
        assert!(repeat == Repeat::Idempotent || unexecuted, "repeated after {last:?}");
    }
    match end {
        Ok(answer) => assert!((200..300).contains(&answer.refusal.status)),
        Err(CallError::Aborted) => panic!("aborted by nobody"),
        Err(CallError::Failed(failure)) => {
            assert_eq!(failure.attempts as usize, sent.len());
        }
    }
}

/// A reply whose texts may hold the token.
fn telling() -> impl Strategy<Value = Refusal> {
    let body = (0..1010usize, "( |x|\")?", any::<bool>()).prop_map(|(before, around, json)| {
        let text = format!("{}{around}{TOKEN}{around}{TOKEN}", "a".repeat(before));
        if json { serde_json::json!({ "error": { "message": text, "code": text } }).to_string() } else { text }
    });
    (reply(), body, 0..4u8).prop_map(|(reply, body, kind)| {
        let mut reply = Refusal { body, ..reply };
        match kind {
            0 => reply.headers.push(("x-error-message", reply.body.clone())),
            1 => reply.headers.extend(["x-request-id", "x-error-code"].map(|name| (name, format!("a {TOKEN}")))),
            2 => reply.status = 200,
            _ => {}
        }
        reply
    })
}

/// 14 November 2023, in milliseconds since 1970.
const NOW: f64 = 1_700_000_000_000.0;

#[test]
fn a_wait_behind_others_ends_in_time() {
    let headers = vec![("retry-after-ms", "0".to_owned())];
    let script = Script {
        replies: vec![Refusal { status: 429, headers, body: String::new() }],
        latency: 0.0,
        others: RefCell::new(vec![3000.0]),
        random: 0.0,
        now: Cell::new(NOW),
        sent: RefCell::default(),
        client: client(),
        admitted: Cell::default(),
    };
    holds(script, RetryPolicy { attempts: 9, max_delay: 0.0, max_elapsed: 0.0 }, Repeat::Idempotent);
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_call_keeps_to_its_policy(replies in vec(telling(), 1..6), policy in policy(), latency in prop_oneof![Just(0.0), 0.0..9000.0],
        others in vec(0.0..5000.0, 0..9), random in 0.0..1.0, always in any::<bool>()) {
        let script = Script {
            replies, latency, random,
            others: RefCell::new(others),
            now: Cell::new(NOW),
            sent: RefCell::default(),
            client: client(),
        admitted: Cell::default(),
        };
        holds(script, policy, if always { Repeat::Idempotent } else { Repeat::NotIdempotent });
    }
}
