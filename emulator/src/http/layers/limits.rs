//! Rate limits: requests counted per token, or per address without one, in fixed windows that begin with the first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hf_wasm::endpoints::Bucket;

use serde::{Deserialize, Serialize};

use super::request_context::RequestContext;
use crate::http::error::ApiError;
use crate::hub::accounts::Caller;

/// Seconds that a window lasts.
const WINDOW: i64 = 300;

/// Actions with a limit of their own: endpoint, requests, seconds, what the error says.
const ACTIONS: [(&str, u32, i64, &str); 2] = [
    (
        "createRepo",
        300,
        86_400,
        "You have exceeded the rate limit for repository creation (300 per day). Retry this action in 24 hours.",
    ),
    ("whoAmI", 200, WINDOW, "You have exceeded the rate limit for the whoami-v2 endpoint. Cache its answer."),
];

/// What replaces the plans' quotas.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quotas {
    pub api: Option<u32>,
    pub resolvers: Option<u32>,
    pub pages: Option<u32>,
    /// Counts and shows, but never refuses.
    #[serde(default)]
    pub unlimited: bool,
}

#[derive(Debug)]
pub struct Limits {
    quotas: Mutex<Quotas>,
    initial: Quotas,
    windows: Mutex<HashMap<(&'static str, String), Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    ends: i64,
    used: u32,
}

/// Where a caller stands in its bucket, this request included.
#[derive(Debug, Clone)]
pub struct RateLimitStatus {
    pub bucket: Bucket,
    pub quota: u32,
    pub remaining: u32,
    /// Seconds until the window ends.
    pub reset: i64,
    exceeded: bool,
}

impl Limits {
    pub fn new(quotas: Quotas) -> Limits {
        Limits { quotas: Mutex::new(quotas.clone()), initial: quotas, windows: Mutex::default() }
    }

    pub fn reset(&self) {
        self.set_quotas(self.initial.clone());
    }

    /// Sets other quotas, and forgets what was counted.
    pub fn set_quotas(&self, quotas: Quotas) {
        *self.quotas.lock().unwrap_or_else(PoisonError::into_inner) = quotas;
        self.windows.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub fn quotas(&self) -> Quotas {
        self.quotas.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts a request, which is refused when the quota is used up.
    pub fn count(&self, now: i64, context: &RequestContext, caller: Option<&Caller>) -> RateLimitStatus {
        let quotas = self.quotas();
        let quota = quotas.of(context.bucket, caller);
        let window = self.tick(now, context.bucket.as_str(), key(context, caller), WINDOW);
        RateLimitStatus {
            bucket: context.bucket,
            quota,
            remaining: quota.saturating_sub(window.used),
            reset: (window.ends - now + 999) / 1000,
            exceeded: window.used > quota && !quotas.unlimited && context.bucket != Bucket::Router,
        }
    }

    /// Counts against the endpoint's own limit, if it has one.
    pub fn count_action(&self, now: i64, context: &RequestContext, caller: &Caller) -> Result<(), ApiError> {
        let Some((name, quota, seconds, text)) = ACTIONS.into_iter().find(|action| action.0 == context.endpoint_name())
        else {
            return Ok(());
        };
        let window = self.tick(now, name, key(context, Some(caller)), seconds);
        if window.used > quota && !self.quotas().unlimited { Err(ApiError::new(429, text)) } else { Ok(()) }
    }

    fn tick(&self, now: i64, bucket: &'static str, key: String, seconds: i64) -> Window {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry((bucket, key)).or_insert(Window { ends: 0, used: 0 });
        if window.ends <= now {
            *window = Window { ends: now + seconds * 1000, used: 0 };
        }
        window.used = window.used.saturating_add(1);
        *window
    }
}

impl Quotas {
    fn of(&self, bucket: Bucket, caller: Option<&Caller>) -> u32 {
        let user = caller.and_then(Caller::user);
        let [api, resolvers, pages] = match user {
            None => [500, 3000, 100],
            Some(user) if user.is_pro => [2500, 12_000, 400],
            Some(_) => [1000, 5000, 200],
        };
        match bucket {
            Bucket::Api | Bucket::Router => self.api.unwrap_or(api),
            Bucket::Resolvers => self.resolvers.unwrap_or(resolvers),
            Bucket::Pages => self.pages.unwrap_or(pages),
        }
    }
}

impl RateLimitStatus {
    pub fn error(&self) -> Option<ApiError> {
        let (quota, bucket) = (self.quota, self.bucket.as_str());
        self.exceeded.then(|| {
            ApiError::new(
                429,
                format!(
                    "We had to rate limit you, you hit the quota of {quota} {bucket} requests per 5 minutes period. \
                     See https://huggingface.co/docs/hub/rate-limits"
                ),
            )
        })
    }

    /// The values of `RateLimit` and `RateLimit-Policy`; the router sends none.
    pub fn headers(&self) -> Option<(String, String)> {
        let bucket = self.bucket.as_str();
        (self.bucket != Bucket::Router).then(|| {
            (
                format!("\"{bucket}\";r={};t={}", self.remaining, self.reset),
                format!("\"fixed window\";\"{bucket}\";q={};w={WINDOW}", self.quota),
            )
        })
    }
}

fn key(context: &RequestContext, caller: Option<&Caller>) -> String {
    match caller {
        Some(Caller::User { user, token }) => format!("{}/{}", user.id, token.display_name),
        _ => context.client.clone(),
    }
}
