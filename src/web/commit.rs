//! What the WebAssembly of commits gives to JavaScript: one commit, as a call in progress.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use js_sys::{Object, Promise, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::args;
use super::call::{Call, rejection};
use super::commit_call::CallRequest;
use super::object;
use super::pending_call::{CallContext, CallDriver, Hook, PendingCall};
use super::sources::{self, Source};
use super::url::WebUrls;
use crate::core::args::Args;
use crate::core::commit::{self, Calling, CommitCall, CommitIo, Outcome, discussion_number};
use crate::core::failure::{ErrorKind, Failure};
use crate::core::headers::{Headers, line};
use crate::core::io::{CallError, Files, Reply, Urls};
use crate::core::origin::origin;
use crate::core::request::Request;
use crate::core::request_body::Body;
use crate::endpoints::Repeat;
use crate::endpoints::repos::COMMIT;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: JsValue;
}

/// What did not happen, for messages.
const NOT_DONE: &str = "a request of the commit was not done within ";
const READ: &str = "a Blob could not be read within ";
const HASH: &str = "SHA-1 was not computed within ";
const KERNELS: &str = "the WebAssembly for large files was not loaded within ";

const NOT_LOADED: &str = "hf-wasm could not load its WebAssembly for large files: ";
const INIT_KERNELS: &str =
    "Call init() with { default, kernels }: where core_bg.wasm and kernels_bg.wasm are, or their bytes.";

/// Carries out a commit. `properties` has names and values of the parameters by turns, unless they are no object.
#[wasm_bindgen]
pub fn commit(settings: JsValue, params: JsValue, properties: Option<Vec<JsValue>>, driver: CallDriver) -> PendingCall {
    let context = CallContext::new(driver);
    let prepared = args::read(properties).and_then(|args| Ok((args, WebCommit::new(&settings, &params, &context)?)));
    PendingCall::new(context.clone(), async move {
        let (args, io) = prepared.map_err(|failure| rejection(&context.driver, &COMMIT, failure.into()))?;
        io.run(&args).await.map_err(|stop| {
            // What else is under way is of no use.
            context.driver.close();
            io.rejection(stop)
        })
    })
}

/// A commit's way to the outside.
struct WebCommit {
    call: Call,
    base_url: String,
    origin: String,
    /// Whether somebody hears of the progress.
    on_progress: bool,
    sources: Vec<Source>,
    operations: RefCell<Vec<commit::Operation>>,
    /// The errors that JavaScript has made of calls that failed.
    errors: RefCell<Vec<JsValue>>,
}

impl WebCommit {
    fn new(settings: &JsValue, params: &JsValue, context: &Rc<CallContext>) -> Result<WebCommit, Box<Failure>> {
        let ms = |name| object::number(settings, name).unwrap_or(f64::INFINITY);
        let base_url = object::string(settings, "baseUrl").unwrap_or_default();
        let origin = origin::<WebUrls>(&base_url).unwrap_or_default();
        let (operations, sources) = sources::read(params)?;
        Ok(WebCommit {
            call: Call::new(context.clone(), ms("idle"), ms("total")),
            base_url,
            origin,
            on_progress: object::get(settings, "onProgress").is_truthy(),
            sources,
            operations: RefCell::new(operations),
            errors: RefCell::default(),
        })
    }

    async fn run(&self, args: &Args) -> Result<JsValue, CallError> {
        result(commit::run(self, args, self.operations.take()).await?)
    }

    /// What the promise rejects with: the error that JavaScript has made already, or a new one.
    fn rejection(&self, stop: CallError) -> JsValue {
        let made = match &stop {
            CallError::Failed(failure) => failure.made.and_then(|number| self.errors.borrow().get(number).cloned()),
            CallError::Aborted => None,
        };
        made.unwrap_or_else(|| self.call.rejection(&COMMIT, stop))
    }

    /// The failure of what the load of the kernels has thrown.
    fn unloaded(&self, error: &JsValue) -> Box<Failure> {
        let words = self.call.driver().network_error(error);
        let mut failure = Failure::new(ErrorKind::Internal, &[NOT_LOADED, &words].concat());
        failure.advice = Some(INIT_KERNELS.into());
        failure
    }

    async fn begin(&self, call: CommitCall, request: &Request) -> Result<CommitReply, CallError> {
        let (media_type, body, size) = match &request.body {
            Body::Text { media_type, text } => {
                (Some((*media_type).to_owned()), JsValue::from_str(text), text.len() as u64)
            }
            Body::File { index, start, end } => {
                let file = self.sources.get(*index).map(|source| source.slice(*start, *end)).transpose()?;
                (None, file.unwrap_or_default(), end - start)
            }
            Body::None | Body::Given { .. } | Body::Params { .. } => (None, JsValue::UNDEFINED, 0),
        };
        let headers = request.headers.iter().map(|(name, value)| (name.clone().into_owned(), value.clone()));
        let request = object::encode(&CallRequest {
            call: call.name(),
            url: request.url.clone(),
            headers: headers.collect(),
            media_type,
            size,
            authorized: request.authorized,
            is_idempotent: request.repeat == Repeat::Idempotent,
            subject: request.subject.clone(),
            repo: request.repos.first().cloned().unwrap_or_default(),
            admitted: false,
            file: if let Body::File { index, .. } = &request.body { Some(*index) } else { None },
        });
        let outcome = match JsFuture::from(self.call.driver().call(request, body)).await {
            Ok(outcome) => outcome,
            Err(_) if self.call.driver().aborted() => return Err(CallError::Aborted),
            Err(error) => return Err(self.failed(&JsValue::UNDEFINED, error).into()),
        };
        match object::get(&outcome, "error") {
            none if none.is_undefined() => {}
            error => return Err(self.failed(&outcome, error).into()),
        }
        let headers = object::string(&outcome, "headers").unwrap_or_default();
        Ok(CommitReply { headers, value: object::get(&outcome, "value") })
    }

    /// What a commit has to know of a call that failed, or of what was thrown in its place.
    fn failed(&self, outcome: &JsValue, error: JsValue) -> Box<Failure> {
        let text = |name| object::string(outcome, name);
        let kind = text("kind").unwrap_or_default();
        let kind = ErrorKind::ALL.into_iter().find(|known| known.as_str() == kind).unwrap_or(ErrorKind::Internal);
        let mut made = Failure::new(kind, &text("reason").unwrap_or_default());
        made.status = object::number(outcome, "status").map(|status| status as u16);
        made.code = text("code");
        made.advice = object::string(&error, "advice");
        made.made = Some(self.errors.borrow().len());
        self.errors.borrow_mut().push(error);
        made
    }
}

/// The result of a commit as callers get it.
fn result(outcome: Outcome<JsValue>) -> Result<JsValue, CallError> {
    let texts = |texts: &[String]| JsValue::from(texts.iter().map(JsValue::from).collect::<js_sys::Array>());
    let result = outcome.reply.unwrap_or_else(|| {
        object::of(&[("success", true.into()), ("commitOid", outcome.commit_oid.as_deref().into())])
    });
    let result_object: &Object = result.unchecked_ref();
    if let Some(url) = &outcome.commit_url {
        object::set(result_object, "commitUrl", &url.into());
    }
    object::set(result_object, "skipped", &texts(&outcome.skipped));
    object::set(result_object, "ignored", &texts(&outcome.ignored));
    object::set(result_object, "warnings", &texts(&outcome.warnings));
    let url = object::string(&result, "pullRequestUrl").unwrap_or_default();
    if let Some(num) = discussion_number(&url) {
        let pull_request = object::of(&[("num", num.into()), ("url", url.into())]);
        object::set(result_object, "pullRequest", &pull_request);
    }
    Ok(result)
}

impl Urls for WebCommit {
    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
        WebUrls::resolve(target, base)
    }
}

impl CommitIo for WebCommit {
    type Reply = CommitReply;

    fn base_url(&self) -> &str {
        &self.base_url
    }

    fn origin(&self) -> &str {
        &self.origin
    }

    fn start<'a>(&'a self, call: CommitCall, request: &'a Request) -> Calling<'a, CommitReply> {
        Box::pin(self.begin(call, request))
    }

    /// Each call has its own limits of time; these are those of the whole commit.
    async fn waiting<T>(&self, calls: impl Future<Output = T>) -> Result<T, CallError> {
        self.call.within(f64::INFINITY, NOT_DONE, calls).await
    }

    async fn yield_now(&self) -> Result<(), CallError> {
        self.call.pause(0.0).await
    }

    fn progress(&self, phase: &'static str, path: &str, loaded: u64, total: u64) {
        if self.on_progress {
            let progress = object::encode(&Progress { phase, path, loaded, total });
            self.call.driver().notify(Hook::Progress, &progress);
        }
    }
}

/// Progress of a commit, as `Progress` in `pkg/src/client.ts`.
#[derive(Serialize)]
struct Progress<'a> {
    phase: &'static str,
    path: &'a str,
    loaded: u64,
    total: u64,
}

/// The response to a call, as the core has read it.
struct CommitReply {
    headers: String,
    value: JsValue,
}

impl Headers for CommitReply {
    fn header(&self, name: &str) -> Option<String> {
        line(&self.headers, name)
    }
}

impl Reply for CommitReply {
    type Value = JsValue;

    fn value(&self) -> &JsValue {
        &self.value
    }

    fn into_value(self) -> JsValue {
        self.value
    }

    fn bytes(&self) -> Vec<u8> {
        self.value.unchecked_ref::<Uint8Array>().to_vec()
    }
}

impl Files for WebCommit {
    async fn read(&self, index: usize, start: u64, end: u64) -> Result<Vec<u8>, CallError> {
        let Some(source) = self.sources.get(index) else { return Err(lost().into()) };
        let slice = source.slice(start, end)?;
        let Some(read) = object::function(&slice, "arrayBuffer") else {
            return Ok(slice.unchecked_ref::<Uint8Array>().to_vec());
        };
        let unreadable = |error: JsValue| source.unreadable(&self.call.driver().network_error(&error));
        let promise = Promise::resolve(&read.call0(&slice).map_err(unreadable)?);
        let buffer = self.call.within(self.call.idle, READ, JsFuture::from(promise)).await?.map_err(unreadable)?;
        let complete = object::number(&buffer, "byteLength") == Some((end - start) as f64);
        if !complete {
            return Err(source.unreadable("").into());
        }
        Ok(Uint8Array::new(&buffer).to_vec())
    }

    async fn sha1(&self, bytes: &[u8]) -> Result<Option<Vec<u8>>, CallError> {
        let subtle = GLOBAL.with(|global| object::get(&object::get(global, "crypto"), "subtle"));
        let Some(digest) = object::function(&subtle, "digest") else { return Ok(None) };
        let Ok(promise) = digest.call2(&subtle, &"SHA-1".into(), &Uint8Array::from(bytes)) else { return Ok(None) };
        let hash = self.call.within(self.call.idle, HASH, JsFuture::from(Promise::resolve(&promise))).await?;
        Ok(hash.ok().map(|hash| Uint8Array::new(&hash).to_vec()))
    }

    /// In JavaScript: the bytes of a file do not pass by this memory.
    async fn sha256(&self, index: usize, path: &str) -> Result<String, CallError> {
        let Some(source) = self.sources.get(index) else { return Err(lost().into()) };
        self.call.driver().sha256();
        let sha256 = self.call.settled(self.call.idle, KERNELS).await?.map_err(|error| self.unloaded(&error))?;
        self.call.driver().hash(&sha256, &source.slice(0, source.size)?, path);
        let unreadable = |error: JsValue| source.unreadable(&self.call.driver().network_error(&error));
        let oid = self.call.settled(self.call.idle, READ).await?.map_err(unreadable)?;
        Ok(oid.as_string().unwrap_or_default())
    }
}

fn lost() -> Box<Failure> {
    Failure::new(ErrorKind::Internal, "a commit has lost one of its files")
}
