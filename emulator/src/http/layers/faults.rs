//! Faults on demand: rules that delay, replace, cut or stall the responses to matching requests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http::error::ApiError;
use crate::http::response::ApiResponse;

/// Rules that are kept.
const MAX_RULES: usize = 1000;

const LONGEST_PATH: usize = 2000;

/// Where the page, the package and the documentation are, also in an emulator that serves none.
const PAGES: [&str; 3] = ["/www/", "/pkg/", "/docs/"];

/// What the responses to matching requests suffer. An absent property changes nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Part of the path, or the whole of it with `*` for any characters.
    #[serde(default)]
    pub path: String,
    pub method: Option<String>,
    pub bucket: Option<String>,
    /// Answers this at once; the handler does not run unless `after` is set.
    pub status: Option<u16>,
    /// Closes the connection in place of a response; the handler does not run unless `after` is set.
    #[serde(default)]
    pub no_answer: bool,
    /// Lets the handler do its work before its response is replaced.
    #[serde(default)]
    pub after: bool,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A string is sent as it is, anything else as JSON.
    pub body: Option<Value>,
    pub delay_ms: Option<u64>,
    /// Breaks the connection after that many bytes of the body.
    pub cut_after_bytes: Option<u64>,
    /// Sends nothing more after that many bytes of the body, and keeps the connection.
    pub stall_after_bytes: Option<u64>,
    pub malformed: Option<Malformed>,
    /// How many requests it hits; all when absent.
    pub count: Option<u32>,
    /// Share of the matching requests that it hits, 0 to 1.
    pub probability: Option<f64>,
    /// Makes the draw repeatable.
    #[serde(default)]
    pub seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Malformed {
    /// A web page in place of the content.
    Html,
    /// The first half of the body, as if it were the whole.
    TruncatedJson,
    Empty,
    /// Text that is no JSON, called JSON.
    NotJson,
}

#[derive(Debug, Default)]
pub struct Faults {
    rules: Mutex<Vec<Active>>,
}

#[derive(Debug)]
struct Active {
    rule: Arc<Rule>,
    matched: u64,
    hits: u32,
}

impl Faults {
    /// Adds rules; the first one that matches a request is the one that hits it.
    pub fn add(&self, rules: Vec<Rule>) -> Result<(), ApiError> {
        rules.iter().try_for_each(Rule::check)?;
        let mut all = self.lock();
        if all.len() + rules.len() > MAX_RULES {
            return Err(ApiError::bad_request(format!("At most {MAX_RULES} rules are kept")));
        }
        all.extend(rules.into_iter().map(|rule| Active { rule: Arc::new(rule), matched: 0, hits: 0 }));
        Ok(())
    }

    pub fn clear(&self) {
        self.lock().clear();
    }

    pub fn list(&self) -> Value {
        self.lock().iter().map(|active| json!({ "rule": *active.rule, "hits": active.hits })).collect()
    }

    /// The rule that hits this request.
    pub fn draw(&self, method: &str, path: &str, bucket: &str) -> Option<Arc<Rule>> {
        if path == "/" || PAGES.iter().any(|page| path.starts_with(page)) {
            return None;
        }
        // Paths are compared while nobody waits.
        let rules: Vec<Arc<Rule>> = self.lock().iter().map(|active| Arc::clone(&active.rule)).collect();
        rules.into_iter().find(|rule| rule.matches(method, path, bucket) && self.hit(rule))
    }

    fn hit(&self, rule: &Arc<Rule>) -> bool {
        self.lock().iter_mut().find(|active| Arc::ptr_eq(&active.rule, rule)).is_some_and(Active::hit)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Active>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Active {
    fn hit(&mut self) -> bool {
        let rule = &self.rule;
        if rule.count.is_some_and(|count| self.hits >= count) {
            return false;
        }
        self.matched += 1;
        let lucky = rule.probability.is_some_and(|share| draw(rule.seed, self.matched) >= share);
        self.hits = self.hits.saturating_add(u32::from(!lucky));
        !lucky
    }
}

impl Rule {
    /// Refuses what no response can be, and what could turn one into a part of a page.
    fn check(&self) -> Result<(), ApiError> {
        if self.status.is_some_and(|status| !(200..=999).contains(&status)) {
            return Err(ApiError::bad_request("\"status\" must be from 200 to 999"));
        }
        if self.path.len() > LONGEST_PATH {
            return Err(ApiError::bad_request(format!("\"path\" may have at most {LONGEST_PATH} bytes")));
        }
        let script = |media_type: &str| ["script", "ecma", "jscript"].iter().any(|word| media_type.contains(word));
        let mut headers = self.headers.iter();
        if headers.any(|(name, value)| name.eq_ignore_ascii_case("content-type") && script(&value.to_ascii_lowercase()))
        {
            return Err(ApiError::bad_request("A fault does not serve scripts"));
        }
        if PAGES.iter().any(|page| self.path.starts_with(page)) {
            return Err(ApiError::bad_request(format!("A fault does not touch the page: {}", self.path)));
        }
        Ok(())
    }

    fn matches(&self, method: &str, path: &str, bucket: &str) -> bool {
        self.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.bucket.as_ref().is_none_or(|wanted| wanted == bucket)
            && if self.path.contains('*') { glob(&self.path, path) } else { path.contains(&self.path) }
    }

    /// The response that keeps the handler from running.
    pub fn instead(&self) -> Option<ApiResponse> {
        ((self.status.is_some() || self.no_answer) && !self.after).then(|| ApiResponse::text(" "))
    }

    /// Puts status, headers and body in the place of a response's own.
    pub async fn replace(&self, response: &mut Response<Body>) {
        if let Some(status) = self.status.and_then(|status| StatusCode::from_u16(status).ok()) {
            let reason = status.canonical_reason().unwrap_or("Error");
            *response.status_mut() = status;
            put(response, Some("application/json; charset=utf-8"), json!({ "error": reason }).to_string().into());
        }
        match (&self.body, self.malformed) {
            (Some(Value::String(text)), _) => put(response, None, text.clone().into()),
            (Some(body), _) => put(response, Some("application/json; charset=utf-8"), body.to_string().into()),
            (None, Some(Malformed::Html)) => {
                let page = "<!doctype html><title>Hold on</title><h1>This is a page, not the answer.</h1>";
                put(response, Some("text/html; charset=utf-8"), page.into());
            }
            (None, Some(Malformed::Empty)) => put(response, None, Body::empty()),
            (None, Some(Malformed::NotJson)) => {
                put(response, Some("application/json; charset=utf-8"), "{\"answer\": not json".into());
            }
            (None, Some(Malformed::TruncatedJson)) => {
                let whole = to_bytes(std::mem::take(response.body_mut()), usize::MAX).await.unwrap_or_default();
                put(response, None, whole.slice(..whole.len() / 2).into());
            }
            (None, None) => {}
        }
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
    }
}

fn put(response: &mut Response<Body>, media_type: Option<&'static str>, body: Body) {
    response.headers_mut().remove(CONTENT_LENGTH);
    response.headers_mut().remove(ETAG);
    if let Some(media_type) = media_type {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    }
    *response.body_mut() = body;
}

/// A number from 0 to 1 that depends on nothing else (SplitMix64).
fn draw(seed: u64, turn: u64) -> f64 {
    let mut word = seed.wrapping_add(turn.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((word ^ (word >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// Whether the pattern matches the whole string; `*` stands for any characters, also none.
///
/// Each piece between stars is taken where it comes first, which leaves the most for the others: nothing is tried twice.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let (middle, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = text.strip_prefix(head).and_then(|text| text.strip_suffix(tail));
    inner.is_some_and(|mut left| {
        middle.split('*').all(|piece| left.split_once(piece).map(|(_, after)| left = after).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(json: Value) -> Rule {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_rule_matches_part_of_a_path_or_the_whole_with_stars() {
        assert!(rule(json!({ "path": "whoami" })).matches("GET", "/api/whoami-v2", "api"));
        assert!(rule(json!({ "path": "/api/*/x" })).matches("GET", "/api/models/acme/x", "api"));
        assert!(!rule(json!({ "path": "/api/*/x" })).matches("GET", "/api/models/acme/xy", "api"));
        assert!(!rule(json!({ "path": "/api", "method": "POST" })).matches("GET", "/api/x", "api"));
        assert!(!rule(json!({ "bucket": "pages" })).matches("GET", "/api/x", "api"));
    }

    #[test]
    fn stars_stand_for_any_text_and_cost_no_more_than_its_length() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("a*", "a", true),
            ("*a", "ba", true),
            ("a*a", "a", false),
            ("a*b*c", "axbxc", true),
            ("a*b*c", "axcxb", false),
            ("a**c", "ac", true),
            ("*ab*ab*", "abab", true),
            ("*ab*ab*", "aba", false),
            ("é*é", "éé", true),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
        let started = std::time::Instant::now();
        assert!(!glob(&"*a".repeat(2000), &format!("{}b", "a".repeat(100_000))));
        assert!(started.elapsed() < std::time::Duration::from_secs(1));
    }

    #[test]
    fn a_count_ends_a_rule_and_a_seed_repeats_the_draw() {
        let faults = Faults::default();
        faults.add(vec![rule(json!({ "path": "", "status": 503, "count": 2 }))]).unwrap();
        let hits = (0..4).filter(|_| faults.draw("GET", "/api", "api").is_some()).count();
        assert_eq!(hits, 2);
        let drawn = |seed| (1..=1000).filter(|turn| draw(seed, *turn) < 0.3).collect::<Vec<_>>();
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        assert!((250..350).contains(&drawn(7).len()));
    }

    #[test]
    fn an_unknown_member_is_an_error() {
        assert!(serde_json::from_value::<Rule>(json!({ "path": "/", "statsu": 500 })).is_err());
    }
}
