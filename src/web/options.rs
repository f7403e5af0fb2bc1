//! Options of a client and of a call, as `pkg/src/options.ts` has checked them: what is here has the right type. They are
//! read property by property, since a decoder of serde's would cost 15 kB in what every call loads.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use super::object::{self, flag, number, string};
use super::url::WebUrls;
use crate::core::failure::Failure;
use crate::core::headers;
use crate::core::options::{CallOptions, ClientOptions, CommonOptions, RetryOptions, Timeouts};
use crate::core::origin;
use crate::core::suggest;

/// What clients and calls have in common, unless it was refused.
fn common(options: &JsValue) -> Result<CommonOptions, Box<Failure>> {
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

const NO_HEADER: &str = "must be a header: a name without spaces, and a string of visible ASCII characters";

/// Why options are refused: the field, the problem, and the names among which one may have been meant.
fn refused(refusal: &JsValue) -> Box<Failure> {
    let (field, problem) =
        (string(refusal, "field").unwrap_or_default(), string(refusal, "problem").unwrap_or_default());
    let known = object::get(refusal, "known").unchecked_into::<Array>();
    let known: Vec<String> = known.iter().filter_map(|name| name.as_string()).collect();
    let name = field.rsplit('.').next().unwrap_or(&field);
    let question = suggest::question(name, known.iter().map(String::as_str));
    Failure::invalid(&field, &(problem + &question))
}

/// The options of a client of the Hub or of the router.
pub fn of_client(options: &JsValue, router: bool) -> Result<ClientOptions, Box<Failure>> {
    let common = common(options)?;
    let given = string(options, "endpoint").unwrap_or_default();
    let base_url = given.trim_end_matches('/');
    // All documentation writes the router's endpoint with the version that its paths begin with.
    let base_url = if router { base_url.strip_suffix("/v1").unwrap_or(base_url) } else { base_url }.to_owned();
    let origin = origin::origin::<WebUrls>(&base_url);
    let Some(origin) = origin.filter(|_| !base_url.contains(['?', '#'])) else {
        return Err(Failure::invalid("endpoint", "must be an http(s) URL without credentials, query or fragment"));
    };
    Ok(ClientOptions {
        common,
        base_url,
        origin,
        token: string(options, "token"),
        is_token_function: flag(options, "isTokenFunction"),
        pace: flag(options, "pace"),
        follows_redirects: flag(options, "followsRedirects"),
        on_response: flag(options, "onResponse"),
        on_retry: flag(options, "onRetry"),
    })
}

/// The options of one call.
#[inline(never)]
pub fn of_call(options: Option<Object>) -> Result<CallOptions, Box<Failure>> {
    let Some(options) = options else { return Ok(CallOptions::default()) };
    Ok(CallOptions { common: common(&options)?, on_progress: flag(&options, "onProgress") })
}
