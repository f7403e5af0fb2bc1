//! Options of a client and of a call, as `pkg/src/options.ts` has checked them.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::RequestRedirect;

use super::object;
use super::url::WebUrls;
use crate::core::failure::Failure;
use crate::core::headers;
use crate::core::origin;
use crate::core::retry::Policy;
use crate::core::suggest;

/// What clients and calls have in common.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CommonOptions {
    pub timeout: Timeouts,
    /// Bytes of a response at most.
    pub max_bytes: Option<f64>,
    pub retry: Option<RetryOptions>,
    /// Names are in lower case.
    pub headers: Vec<(String, String)>,
}

/// Limits of time, in milliseconds.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Timeouts {
    /// From a request to the head of its response.
    pub headers: Option<f64>,
    /// Between two pieces of a response.
    pub idle: Option<f64>,
    /// The whole call.
    pub total: Option<f64>,
}

/// How failed requests are sent again; what is absent is the usual.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RetryOptions {
    attempts: Option<f64>,
    max_delay: Option<f64>,
    max_elapsed: Option<f64>,
}

/// Why options are refused.
#[derive(Debug, Deserialize)]
struct Refusal {
    field: String,
    problem: String,
    /// Names among which one may have been meant.
    known: Vec<String>,
}

impl From<Refusal> for Box<Failure> {
    fn from(Refusal { field, problem, known }: Refusal) -> Box<Failure> {
        let name = field.rsplit('.').next().unwrap_or(&field);
        let question = suggest::question(name, known.iter().map(String::as_str));
        Failure::invalid(&field, &(problem + &question))
    }
}

/// The options of a client as JavaScript gives them.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct GivenClientOptions {
    refusal: Option<Refusal>,
    common: CommonOptions,
    endpoint: String,
    token: Option<String>,
    is_token_function: bool,
    pace: bool,
    follows_redirects: bool,
    on_response: bool,
    on_retry: bool,
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
    pub fn read(options: JsValue, router: bool) -> Result<ClientOptions, Box<Failure>> {
        let given: GivenClientOptions = decode(options)?;
        refuse(given.refusal, &given.common)?;
        let endpoint = given.endpoint.trim_end_matches('/');
        // All documentation writes the router's endpoint with the version that its paths begin with.
        let endpoint = if router { endpoint.strip_suffix("/v1").unwrap_or(endpoint) } else { endpoint }.to_owned();
        let origin = origin::origin::<WebUrls>(&endpoint);
        let Some(origin) = origin.filter(|_| !endpoint.contains(['?', '#'])) else {
            return Err(Failure::invalid("endpoint", "must be an http(s) address without user, query or fragment"));
        };
        Ok(ClientOptions {
            common: given.common,
            endpoint,
            origin,
            token: given.token,
            is_token_function: given.is_token_function,
            pace: given.pace,
            redirect: if given.follows_redirects { RequestRedirect::Follow } else { RequestRedirect::Manual },
            on_response: given.on_response,
            on_retry: given.on_retry,
        })
    }
}

/// The options of one call.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CallOptions {
    refusal: Option<Refusal>,
    pub common: CommonOptions,
    /// Whether there is a hook for progress.
    pub on_progress: bool,
}

impl CallOptions {
    /// Undefined is none.
    #[inline(never)]
    pub fn read(options: JsValue) -> Result<CallOptions, Box<Failure>> {
        if options.is_undefined() {
            return Ok(CallOptions::default());
        }
        let mut given: CallOptions = decode(options)?;
        refuse(given.refusal.take(), &given.common)?;
        Ok(given)
    }
}

fn decode<T: DeserializeOwned>(options: JsValue) -> Result<T, Box<Failure>> {
    object::decode(&options).map_err(|_| Failure::invalid("options", "cannot be read"))
}

fn refuse(refusal: Option<Refusal>, options: &CommonOptions) -> Result<(), Box<Failure>> {
    if let Some(refusal) = refusal {
        return Err(refusal.into());
    }
    let is_valid = |(name, value): &&(String, String)| headers::is_name(name) && headers::is_value(value);
    match options.headers.iter().find(|header| !is_valid(header)) {
        Some((name, _)) => Err(Failure::invalid(&format!("headers.{name}"), NO_HEADER)),
        None => Ok(()),
    }
}

const NO_HEADER: &str = "must be a header: a name without spaces, and a string of visible ASCII characters";

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
