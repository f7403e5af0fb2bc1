//! The one rule of which failure is tried again, and when.
//!
//! | failure | repeating does no harm | it may |
//! |---|---|---|
//! | 429 | yes | yes |
//! | 503 with `Retry-After` | yes | yes |
//! | 409 while another operation is in progress | yes | yes |
//! | 408, 500, 502, 503, 504 | yes | no |
//! | no response, or none in time | yes | no |
//! | anything else | no | no |
//!
//! Repeating does no harm to an endpoint that says so, and to a commit that names its `parentCommit`: the second execution
//! would be refused.
//!
//! The wait is what the server says (`retry-after-ms`, `Retry-After`, `t` of an exhausted `RateLimit`), else
//! exponential with full jitter. A wait that would pass the time limit ends the call at once.

use super::failure::{ErrorKind, Failure};
use super::headers::Headers;
use super::rate_limit::Reading;
use crate::endpoints::Repeat;

/// How often and how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// Requests at most, the first one included.
    pub attempts: u32,
    /// Longest wait of the back-off in milliseconds.
    pub max_delay: f64,
    /// Longest time in milliseconds from the first request to the start of the last.
    pub max_elapsed: f64,
}

impl Default for RetryPolicy {
    fn default() -> RetryPolicy {
        RetryPolicy { attempts: 5, max_delay: 20_000.0, max_elapsed: 120_000.0 }
    }
}

impl RetryPolicy {
    /// How long a list goes on, in milliseconds: to the end of a rate-limit window and a little longer.
    pub const LIST_ELAPSED: f64 = 600_000.0;
    pub const NEVER: RetryPolicy = RetryPolicy { attempts: 1, max_delay: 0.0, max_elapsed: 0.0 };
}

/// Wait of the first back-off at most, in milliseconds; it doubles with every attempt.
pub const FIRST_DELAY: f64 = 500.0;

/// How many milliseconds to wait before the next attempt; None if there is none. `attempt` counts from 1, `elapsed`
/// is in milliseconds, `random` in 0..1.
pub fn delay(
    policy: RetryPolicy,
    repeat: Repeat,
    failure: &Failure,
    attempt: u32,
    elapsed: f64,
    random: f64,
) -> Option<f64> {
    if attempt >= policy.attempts || !may_repeat(repeat, failure) {
        return None;
    }
    let ceiling = (FIRST_DELAY * 2f64.powi(attempt.min(30) as i32 - 1)).min(policy.max_delay);
    let wait = failure.retry_after.unwrap_or(ceiling * random);
    (elapsed + wait <= policy.max_elapsed).then_some(wait)
}

/// What the Hub says where an operation has to wait for another one.
const IN_PROGRESS: &str = "in progress";

/// Whether the response says that the request was not executed.
pub fn unexecuted(failure: &Failure) -> bool {
    match failure.status {
        Some(429) => true,
        Some(503) => failure.retry_after.is_some(),
        Some(409) => failure.message.to_ascii_lowercase().contains(IN_PROGRESS),
        _ => false,
    }
}

fn may_repeat(repeat: Repeat, failure: &Failure) -> bool {
    let passing = match failure.kind {
        ErrorKind::Server => matches!(failure.status, Some(408 | 500 | 502 | 503 | 504)),
        ErrorKind::Network | ErrorKind::Timeout => true,
        _ => false,
    };
    unexecuted(failure) || (passing && repeat == Repeat::Idempotent)
}

/// The wait in milliseconds that the headers of a failed reply name.
pub fn retry_after(
    status: u16,
    headers: &(impl Headers + ?Sized),
    reading: Option<&Reading>,
    now: f64,
    date: fn(&str) -> Option<f64>,
) -> Option<f64> {
    if let Some(ms) = headers.header("retry-after-ms").and_then(|text| whole(&text)) {
        return Some(ms);
    }
    if let Some(text) = headers.header("retry-after") {
        let seconds = whole(&text).map(|seconds| seconds * 1000.0);
        return seconds.or_else(|| Some((date(text.trim_ascii())? - now).max(0.0)));
    }
    match reading {
        Some(Reading { remaining: Some(0), reset_s: Some(seconds), .. }) if status == 429 => {
            Some((*seconds as f64 + 1.0) * 1000.0)
        }
        _ => None,
    }
}

/// A number, less its fraction if it has one, and no larger than fits: parsing floats would cost more bytes than this
/// whole file.
fn whole(text: &str) -> Option<f64> {
    let text = text.trim_ascii();
    let (number, power) = text.split_once('e').or_else(|| text.split_once('E')).unwrap_or((text, "0"));
    let digits = number.split_once('.').map_or(number, |(whole, _)| whole);
    let number = integer(digits)?;
    let power = integer(power)?.min(20);
    Some((0..power).fold(number, |number, _| number.saturating_mul(10)) as f64)
}

/// Digits, which may have a plus sign.
fn integer(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('+').unwrap_or(text).as_bytes();
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let append = |number: u64, digit: &u8| number.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    is_number.then(|| digits.iter().fold(0, append))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::testing::date;

    fn failed(kind: ErrorKind, status: Option<u16>, retry_after: Option<f64>) -> Failure {
        Failure { status, retry_after, ..*Failure::new(kind, "") }
    }

    fn waits(repeat: Repeat, failure: &Failure) -> bool {
        delay(RetryPolicy::default(), repeat, failure, 1, 0.0, 0.5).is_some()
    }

    #[test]
    fn the_table() {
        let mut busy = failed(ErrorKind::Conflict, Some(409), None);
        busy.message = "Cannot create repo: another conflicting operation is in progress".into();
        let mut brief = failed(ErrorKind::Conflict, Some(409), None);
        brief.message = "Operation in progress".into();
        let cases = [
            (failed(ErrorKind::RateLimited, Some(429), None), true, true),
            (failed(ErrorKind::Server, Some(503), Some(1000.0)), true, true),
            (failed(ErrorKind::Server, Some(503), None), true, false),
            (failed(ErrorKind::Server, Some(408), None), true, false),
            (failed(ErrorKind::Server, Some(500), None), true, false),
            (failed(ErrorKind::Server, Some(504), Some(1000.0)), true, false),
            (failed(ErrorKind::Server, Some(501), None), false, false),
            (failed(ErrorKind::Network, None, None), true, false),
            (failed(ErrorKind::NotFound, Some(404), None), false, false),
            (failed(ErrorKind::Conflict, Some(409), None), false, false),
            (busy, true, true),
            (brief, true, true),
            (failed(ErrorKind::Timeout, None, None), true, false),
            (failed(ErrorKind::Protocol, Some(200), None), false, false),
        ];
        for (failure, always, unexecuted) in cases {
            assert_eq!(
                (waits(Repeat::Idempotent, &failure), waits(Repeat::NotIdempotent, &failure)),
                (always, unexecuted),
                "{failure:?}"
            );
        }
    }

    #[test]
    fn back_off_grows_and_is_capped() {
        let policy = RetryPolicy { attempts: 100, max_delay: 3000.0, max_elapsed: f64::INFINITY };
        let failure = failed(ErrorKind::Network, None, None);
        let waits: Vec<_> =
            (1..=6).filter_map(|attempt| delay(policy, Repeat::Idempotent, &failure, attempt, 0.0, 1.0)).collect();
        assert_eq!(waits, [500.0, 1000.0, 2000.0, 3000.0, 3000.0, 3000.0]);
        assert_eq!(delay(policy, Repeat::Idempotent, &failure, 1, 0.0, 0.0), Some(0.0));
    }

    #[test]
    fn attempts_and_time_end() {
        let failure = failed(ErrorKind::RateLimited, Some(429), Some(10_000.0));
        let policy = RetryPolicy { attempts: 2, max_delay: 1.0, max_elapsed: 12_000.0 };
        assert_eq!(delay(policy, Repeat::Idempotent, &failure, 1, 1000.0, 0.5), Some(10_000.0));
        assert_eq!(delay(policy, Repeat::Idempotent, &failure, 1, 3000.0, 0.5), None);
        assert_eq!(delay(policy, Repeat::Idempotent, &failure, 2, 0.0, 0.5), None);
        assert_eq!(delay(RetryPolicy::NEVER, Repeat::Idempotent, &failure, 1, 0.0, 0.5), None);
    }

    #[test]
    fn what_the_headers_name() {
        let now = 1_700_000_000_000.0;
        let reading =
            Reading { bucket: "api".into(), remaining: Some(0), reset_s: Some(6), quota: None, window_s: None };
        let left = Reading { remaining: Some(3), ..reading.clone() };
        assert_eq!(retry_after(429, &[("retry-after-ms", "250"), ("retry-after", "9")], None, now, date), Some(250.0));
        assert_eq!(retry_after(503, &[("Retry-After", " 3 ")], None, now, date), Some(3000.0));
        assert_eq!(
            retry_after(503, &[("Retry-After", "Tue, 14 Nov 2023 22:13:30 GMT")], None, now, date),
            Some(10_000.0)
        );
        assert_eq!(retry_after(503, &[("Retry-After", "Tue, 14 Nov 2000 22:13:30 GMT")], None, now, date), Some(0.0));
        let beyond = [("1e10", 1e13), ("1E+3", 1e6), ("2.5e2", 2e5), ("1e999", 1.844_674_407_370_955_2e22)];
        for (text, ms) in beyond.into_iter().chain([("99999999999999999999999", 1.844_674_407_370_955_2e22)]) {
            assert_eq!(retry_after(503, &[("Retry-After", text)], None, now, date), Some(ms), "{text}");
        }
        assert_eq!(retry_after(503, &[("Retry-After", "e3")], None, now, date), None);
        assert_eq!(retry_after(503, &[("Retry-After", "soon")], None, now, date), None);
        assert_eq!(retry_after(503, &[("Retry-After", "-1")], None, now, date), None);
        assert_eq!(retry_after(429, &[("x", "")], Some(&reading), now, date), Some(7000.0));
        assert_eq!(retry_after(429, &[("x", "")], Some(&left), now, date), None);
        assert_eq!(retry_after(500, &[("x", "")], Some(&reading), now, date), None);
    }
}
