//! Options of a client and of a call, as `pkg/src/options.ts` has checked them: what is here has the right type. They are
//! read property by property, since a decoder of serde's would cost 15 kB in what every call loads.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::RequestRedirect;

use super::object::{self, flag, number, text};
use super::url::WebUrls;
use crate::core::failure::Failure;
use crate::core::headers;
use crate::core::origin;
use crate::core::retry::Policy;
use crate::core::suggest;

/// What clients and calls have in common.
#[derive(Debug, Default)]
pub struct CommonOptions {
    pub timeout: Timeouts,
    /// Bytes of a response at most.
    pub max_bytes: Option<f64>,
    pub retry: Option<RetryOptions>,
    /// Names are in lower case.
    pub headers: Vec<(String, String)>,
}

/// Limits of time, in milliseconds.
#[derive(Debug, Default)]
pub struct Timeouts {
    /// From a request to the head of its response.
    pub headers: Option<f64>,
    /// Between two pieces of a response.
    pub idle: Option<f64>,
    /// The whole call.
    pub total: Option<f64>,
}

/// How failed requests are sent again; what is absent is the usual.
#[derive(Debug, Clone, Copy, Default)]
pub struct RetryOptions {
    attempts: Option<f64>,
    max_delay: Option<f64>,
    max_elapsed: Option<f64>,
}

impl CommonOptions {
    /// Of options, unless they were refused.
    fn of(options: &JsValue) -> Result<CommonOptions, Box<Failure>> {
        let refusal = object::get(options, "refusal");
        if !refusal.is_undefined() {
            return Err(refused(&refusal));
        }
        let common = object::get(options, "common");
        let (timeout, retry) = (object::get(&common, "timeout"), object::get(&common, "retry"));
        let headers = object::pairs(&object::get(&common, "headers"));
        if let Some((name, _)) = headers.iter().find(|(name, value)| !headers::is_header(name, value)) {
            return Err(Failure::invalid(&format!("headers.{name}"), NO_HEADER));
        }
        Ok(CommonOptions {
            timeout: Timeouts {
                headers: number(&timeout, "headers"),
                idle: number(&timeout, "idle"),
                total: number(&timeout, "total"),
            },
            max_bytes: number(&common, "maxBytes"),
            retry: retry.is_object().then(|| RetryOptions {
                attempts: number(&retry, "attempts"),
                max_delay: number(&retry, "maxDelay"),
                max_elapsed: number(&retry, "maxElapsed"),
            }),
            headers,
        })
    }
}

const NO_HEADER: &str = "must be a header: a name without spaces, and a string of visible ASCII characters";

/// Why options are refused: the field, the problem, and the names among which one may have been meant.
fn refused(refusal: &JsValue) -> Box<Failure> {
    let (field, problem) = (text(refusal, "field").unwrap_or_default(), text(refusal, "problem").unwrap_or_default());
    let known = object::get(refusal, "known").unchecked_into::<Array>();
    let known: Vec<String> = known.iter().filter_map(|name| name.as_string()).collect();
    let name = field.rsplit('.').next().unwrap_or(&field);
    let question = suggest::question(name, known.iter().map(String::as_str));
    Failure::invalid(&field, &(problem + &question))
}

/// The options of a client. Functions stay with JavaScript.
#[derive(Debug)]
pub struct ClientOptions {
    pub common: CommonOptions,
    /// Without a slash at its end.
    pub endpoint: String,
    pub origin: String,
    pub token: Option<String>,
    pub is_token_function: bool,
    pub pace: bool,
    /// What becomes of a redirect that may be followed with all that the request carries. Where a runtime does not show
    /// redirects, it follows them.
    pub redirect: RequestRedirect,
    /// Whether there is a hook for responses, and one for retries.
    pub on_response: bool,
    pub on_retry: bool,
}

impl ClientOptions {
    pub fn read(options: &JsValue, router: bool) -> Result<ClientOptions, Box<Failure>> {
        let common = CommonOptions::of(options)?;
        let given = text(options, "endpoint").unwrap_or_default();
        let endpoint = given.trim_end_matches('/');
        // All documentation writes the router's endpoint with the version that its paths begin with.
        let endpoint = if router { endpoint.strip_suffix("/v1").unwrap_or(endpoint) } else { endpoint }.to_owned();
        let origin = origin::origin::<WebUrls>(&endpoint);
        let Some(origin) = origin.filter(|_| !endpoint.contains(['?', '#'])) else {
            return Err(Failure::invalid("endpoint", "must be an http(s) address without user, query or fragment"));
        };
        let follows = flag(options, "followsRedirects");
        Ok(ClientOptions {
            common,
            endpoint,
            origin,
            token: text(options, "token"),
            is_token_function: flag(options, "isTokenFunction"),
            pace: flag(options, "pace"),
            redirect: if follows { RequestRedirect::Follow } else { RequestRedirect::Manual },
            on_response: flag(options, "onResponse"),
            on_retry: flag(options, "onRetry"),
        })
    }
}

/// The options of one call.
#[derive(Debug, Default)]
pub struct CallOptions {
    pub common: CommonOptions,
    /// Whether there is a hook for progress.
    pub on_progress: bool,
}

impl CallOptions {
    #[inline(never)]
    pub fn read(options: Option<Object>) -> Result<CallOptions, Box<Failure>> {
        let Some(options) = options else { return Ok(CallOptions::default()) };
        Ok(CallOptions { common: CommonOptions::of(&options)?, on_progress: flag(&options, "onProgress") })
    }
}

impl RetryOptions {
    /// A list goes on after a rate-limit window, unless the caller says otherwise.
    pub fn policy(self, of_list: bool) -> Policy {
        let usual = Policy::default();
        let max_elapsed = if of_list { Policy::LIST_ELAPSED } else { usual.max_elapsed };
        Policy {
            attempts: self.attempts.map_or(usual.attempts, |attempts| attempts as u32),
            max_delay: self.max_delay.unwrap_or(usual.max_delay),
            max_elapsed: self.max_elapsed.unwrap_or(max_elapsed),
        }
    }
}
