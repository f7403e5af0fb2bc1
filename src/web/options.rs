//! Options of a client and of a call.

use js_sys::Function;
use wasm_bindgen::JsValue;
use web_sys::RequestRedirect;

use super::io::WebIo;
use super::object;
use crate::core::failure::Failure;
use crate::core::headers;
use crate::core::origin;
use crate::core::retry::Policy;
use crate::core::suggest;
use crate::core::text::contains;

/// What the shell gives to a client: its user's options, completed.
#[derive(Debug)]
pub struct Options {
    /// Without a slash at its end.
    pub endpoint: String,
    pub origin: String,
    /// A text, or a function that gives a text or the promise of one.
    pub token: JsValue,
    pub headers: Vec<(String, String)>,
    pub time: Time,
    /// Bytes of an answer at most.
    pub max_bytes: Option<f64>,
    pub retry: Retry,
    pub pace: bool,
    /// What becomes of a redirect that may be followed with all that the request carries.
    pub redirect: RequestRedirect,
    pub on_response: Option<Function>,
    pub on_retry: Option<Function>,
}

impl Options {
    pub fn read(options: &JsValue, router: bool, redirect: RequestRedirect) -> Result<Options, Box<Failure>> {
        if !options.is_object() || js_sys::Array::is_array(options) {
            return Err(Failure::invalid("options", "must be an object"));
        }
        check_names(options, "", &CLIENT_OPTIONS)?;
        let given = object::text(options, "endpoint").unwrap_or_default();
        let endpoint = given.trim_end_matches('/');
        // All documentation writes the router's endpoint with the version that its paths begin with.
        let endpoint = if router { endpoint.strip_suffix("/v1").unwrap_or(endpoint) } else { endpoint }.to_owned();
        let origin = origin::origin::<WebIo>(&endpoint);
        let Some(origin) = origin.filter(|_| !contains(&endpoint, "?") && !contains(&endpoint, "#")) else {
            return Err(Failure::invalid("endpoint", "must be an http(s) address without user, query or fragment"));
        };
        if object::function(options, "fetch").is_none() {
            return Err(Failure::invalid("fetch", "must be a function"));
        }
        let token = object::get(options, "token");
        if !(is_absent(&token) || token.is_string() || token.is_function() || token.as_bool() == Some(false)) {
            return Err(Failure::invalid("token", "must be a string or a function; null or false for none"));
        }
        Ok(Options {
            endpoint,
            origin,
            token,
            headers: read_headers(options)?,
            time: time(options)?,
            max_bytes: positive(options, "maxResponseBytes")?,
            retry: retry(options)?.unwrap_or_default(),
            pace: object::get(options, "pace").is_truthy(),
            redirect,
            on_response: object::function(options, "onResponse"),
            on_retry: object::function(options, "onRetry"),
        })
    }
}

/// Options of one call.
#[derive(Debug)]
pub struct CallOptions {
    pub headers: Vec<(String, String)>,
    pub time: Time,
    pub max_bytes: Option<f64>,
    pub retry: Option<Retry>,
    pub on_progress: Option<Function>,
}

impl CallOptions {
    pub fn read(options: &JsValue) -> Result<CallOptions, Box<Failure>> {
        if !is_absent(options) && !options.is_object() {
            return Err(Failure::invalid("options", "must be an object"));
        }
        check_names(options, "", &CALL_OPTIONS)?;
        let signal = object::get(options, "signal");
        let has = |name: &str| object::function(&signal, name).is_some();
        if !is_absent(&signal) && !(has("addEventListener") && has("removeEventListener")) {
            return Err(Failure::invalid("signal", "must be an AbortSignal"));
        }
        Ok(CallOptions {
            headers: read_headers(options)?,
            time: time(options)?,
            max_bytes: positive(options, "maxResponseBytes")?,
            retry: retry(options)?,
            on_progress: object::function(options, "onProgress"),
        })
    }
}

const CLIENT_OPTIONS: [&str; 10] =
    ["token", "endpoint", "fetch", "timeout", "maxResponseBytes", "pace", "retry", "headers", "onResponse", "onRetry"];
const CALL_OPTIONS: [&str; 6] = ["signal", "timeout", "maxResponseBytes", "retry", "headers", "onProgress"];
const TIMEOUTS: [&str; 3] = ["headers", "idle", "total"];
const RETRY: [&str; 3] = ["attempts", "maxDelay", "maxElapsed"];

/// Refuses an option that would be lost without a word. `owner` is the option that they belong to, if any.
fn check_names(options: &JsValue, owner: &str, known: &[&str]) -> Result<(), Box<Failure>> {
    for (name, value) in object::members(options) {
        if !value.is_undefined() && !known.contains(&name.as_str()) {
            let question = suggest::question(&name, known.iter().copied());
            return Err(Failure::invalid(&format!("{owner}{name}"), &format!("is not an option{question}")));
        }
    }
    Ok(())
}

/// Headers as the shell has written them: an object of strings.
fn read_headers(options: &JsValue) -> Result<Vec<(String, String)>, Box<Failure>> {
    let headers = object::get(options, "headers");
    if !is_absent(&headers) && !headers.is_object() {
        return Err(Failure::invalid("headers", "must be Headers, a list of pairs, or an object of strings"));
    }
    let mut given = Vec::new();
    for (name, value) in object::members(&headers) {
        match value.as_string().filter(|value| headers::is_name(&name) && headers::is_value(value)) {
            Some(value) => given.push((name.to_ascii_lowercase(), value)),
            None => return Err(Failure::invalid(&format!("headers.{name}"), NO_HEADER)),
        }
    }
    Ok(given)
}

const NO_HEADER: &str = "must be a header: a name without spaces, and a string of visible ASCII characters";

/// The limits of time, in milliseconds.
#[derive(Debug)]
pub struct Time {
    /// From a request to the head of its answer.
    pub headers: Option<f64>,
    /// Between two pieces of an answer.
    pub idle: Option<f64>,
    /// The whole call.
    pub total: Option<f64>,
}

/// A number is the limit of the whole call.
fn time(options: &JsValue) -> Result<Time, Box<Failure>> {
    let given = object::get(options, "timeout");
    if !given.is_object() {
        return Ok(Time { headers: None, idle: None, total: positive(options, "timeout")? });
    }
    check_names(&given, "timeout.", &TIMEOUTS)?;
    Ok(Time {
        headers: positive(&given, "headers")?,
        idle: positive(&given, "idle")?,
        total: positive(&given, "total")?,
    })
}

fn positive(options: &JsValue, name: &str) -> Result<Option<f64>, Box<Failure>> {
    let given = object::get(options, name);
    match given.as_f64() {
        None if is_absent(&given) => Ok(None),
        Some(number) if number > 0.0 => Ok(Some(number)),
        _ => Err(Failure::invalid(name, "must be a number above 0")),
    }
}

fn is_absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

/// How failed requests are sent again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Retry {
    policy: Policy,
    /// The caller says how long.
    has_limit: bool,
}

impl Retry {
    /// A list goes on after a rate-limit window, unless the caller says otherwise.
    pub fn policy(self, of_list: bool) -> Policy {
        let usual = self.policy.max_elapsed;
        Policy { max_elapsed: if of_list && !self.has_limit { Policy::LIST_ELAPSED } else { usual }, ..self.policy }
    }
}

/// `false`, `true`, or a policy whose absent members are the usual ones.
fn retry(options: &JsValue) -> Result<Option<Retry>, Box<Failure>> {
    let given = object::get(options, "retry");
    if is_absent(&given) {
        return Ok(None);
    }
    if let Some(on) = given.as_bool() {
        return Ok(Some(if on { Retry::default() } else { Retry { policy: Policy::NEVER, has_limit: true } }));
    }
    let usual = Policy::default();
    let member = |name: &str, usual: f64| match object::get(&given, name) {
        absent if absent.is_undefined() => Ok(usual),
        value => value
            .as_f64()
            .filter(|number| *number >= 0.0)
            .ok_or_else(|| Failure::invalid(&["retry.", name].concat(), "must be a number of 0 or more")),
    };
    if !given.is_object() {
        return Err(Failure::invalid("retry", "must be false or { attempts, maxDelay, maxElapsed }"));
    }
    check_names(&given, "retry.", &RETRY)?;
    let policy = Policy {
        attempts: member("attempts", f64::from(usual.attempts))? as u32,
        max_delay: member("maxDelay", usual.max_delay)?,
        max_elapsed: member("maxElapsed", usual.max_elapsed)?,
    };
    Ok(Some(Retry { policy, has_limit: !object::get(&given, "maxElapsed").is_undefined() }))
}
