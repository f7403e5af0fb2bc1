//! `Retry-After` and the rule of retries: what the server names is waited for, and no limit of the policy is passed.

use hf_wasm::core::failure::Failure;
use hf_wasm::core::rate_limit;
use hf_wasm::core::retry::RetryPolicy;
use hf_wasm::endpoints::Repeat;

use crate::input::{self, Fields};
use crate::seam::{self, Refusal};

/// 14 November 2023, in milliseconds since 1970.
const NOW: f64 = 1_700_000_000_000.0;

/// The policy's three numbers and a number for chance, then the replies of a call, four fields each: status,
/// `retry-after-ms`, `Retry-After` and `RateLimit`, the headers left out if empty. Status 0 is no response, 1 is
/// none in time.
pub fn fuzz(bytes: &[u8]) {
    let text = input::text(bytes);
    let mut fields = Fields::of(&text);
    let policy = RetryPolicy {
        attempts: (fields.number::<u8>() % 40).into(),
        max_delay: fields.number::<u32>().into(),
        max_elapsed: fields.number::<u64>() as f64,
    };
    let random = f64::from(fields.number::<u8>()) / 256.0;
    let mut replies = Vec::new();
    while let Some(status) = fields.next() {
        let values = [(); 3].map(|()| fields.text());
        let named = ["retry-after-ms", "retry-after", "ratelimit"].into_iter().zip(values);
        replies.push(Refusal {
            status: status.parse().unwrap_or(0),
            headers: named
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
            body: String::new(),
        });
    }
    for reply in &replies {
        told_holds(reply);
    }
    for repeat in [Repeat::Idempotent, Repeat::NotIdempotent] {
        call_holds(policy, repeat, &replies, random);
    }
}

/// The wait is the one that the headers name, and never negative or without end.
pub fn told_holds(reply: &Refusal) {
    let reported = seam::failure(reply, NOW).retry_after;
    assert!(reported.is_none_or(|wait| wait.is_finite() && wait >= 0.0), "{reported:?} of {reply:?}");
    let header = |name| reply.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.trim_ascii());
    let date = |text| Some((seam::date(text)? - NOW).max(0.0));
    let named = match (header("retry-after-ms"), header("retry-after")) {
        (Some(ms), _) if is_number(ms) => whole(ms),
        (_, Some(after)) if is_number(after) => whole(after).map(|seconds| seconds * 1000.0),
        (_, Some(after)) => date(after),
        (Some(_), None) => None,
        // Nothing but an exhausted window names a wait then.
        (None, None) => return assert_eq!(reported, window_end(reply), "{reply:?}"),
    };
    assert!(named.is_none() || reported == named, "{reported:?} of {reply:?}");
}

/// The server counts in whole seconds, so that the window may end a second later than it says.
fn window_end(reply: &Refusal) -> Option<f64> {
    let reading = rate_limit::read(reply)?;
    let exhausted = reply.status == 429 && reading.remaining == Some(0);
    reading.reset_s.filter(|_| exhausted).map(|seconds| (seconds as f64 + 1.0) * 1000.0)
}

/// Digits, a fraction that is not looked at, and a power of ten.
fn is_number(text: &str) -> bool {
    let is_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(digits(text)) && power(text).is_none_or(|power| is_digits(power.strip_prefix('+').unwrap_or(power)))
}

fn power(text: &str) -> Option<&str> {
    text.split_once(['e', 'E']).map(|(_, power)| power)
}

fn digits(text: &str) -> &str {
    let text = text.strip_prefix('+').unwrap_or(text);
    text.split_once(['.', 'e', 'E']).map_or(text, |(digits, _)| digits)
}

/// No larger than fits into 64 bits.
fn whole(text: &str) -> Option<f64> {
    let powers = power(text).map_or(0, |power| power.parse::<u32>().unwrap_or(99));
    let number = digits(text).parse::<u64>().unwrap_or(u64::MAX);
    Some(number.saturating_mul(10u64.saturating_pow(powers)) as f64)
}

/// A call that is answered so, again and again, keeps to its policy.
pub fn call_holds(policy: RetryPolicy, repeat: Repeat, replies: &[Refusal], random: f64) {
    let mut elapsed = 0.0;
    let mut attempt = 1;
    for reply in replies.iter().cycle().take(100) {
        let failure = match reply.status {
            status @ 0..=1 => seam::no_answer(status == 0),
            _ => seam::failure(reply, NOW + elapsed),
        };
        let ceiling = (500.0 * 2f64.powi(attempt - 1)).min(policy.max_delay);
        let wait = failure.retry_after.unwrap_or(ceiling * random);
        let again =
            attempt < policy.attempts as i32 && repeatable(repeat, &failure) && elapsed + wait <= policy.max_elapsed;
        let delay = seam::delay(policy, repeat, &failure, attempt as u32, elapsed, random);
        assert_eq!(
            delay,
            again.then_some(wait),
            "attempt {attempt} after {elapsed} ms of {policy:?}, {repeat:?}: {failure:?}"
        );
        let Some(wait) = delay else { return };
        elapsed += wait;
        attempt += 1;
        assert!(elapsed <= policy.max_elapsed && attempt <= policy.attempts as i32);
    }
    assert!(replies.is_empty() || policy.attempts > 100, "the call goes on for ever");
}

/// The table at the head of `core/retry.rs`.
fn repeatable(repeat: Repeat, failure: &Failure) -> bool {
    match failure.status {
        Some(429) => true,
        Some(503) if failure.retry_after.is_some() => true,
        None | Some(408 | 500 | 502 | 503 | 504) => repeat == Repeat::Idempotent,
        Some(_) => false,
    }
}

#[cfg(test)]
pub mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn number() -> impl Strategy<Value = String> {
        let digits = prop_oneof![any::<u64>(), 0..100_000u64, 0..4u64].prop_map(|number| number.to_string());
        (digits, "(\\.[0-9]{0,3})?", "[ \t]?")
            .prop_map(|(digits, fraction, blank)| format!("{blank}{digits}{fraction}{blank}"))
    }

    fn beyond() -> impl Strategy<Value = String> {
        "[0-9]{1,30}([.][0-9]{0,3})?([eE][+]?[0-9]{1,3})?"
    }

    fn date() -> impl Strategy<Value = String> {
        prop_oneof![0..5_000_000_000u64, 1_700_000_000..1_700_000_100u64].prop_map(seam::http_date)
    }

    pub fn reply() -> impl Strategy<Value = Refusal> {
        let status = prop_oneof![select(vec![0, 1, 408, 429, 429, 500, 501, 502, 503, 503, 504]), 400..600u16];
        let after = prop_oneof![number(), beyond(), date(), "[-+]?[0-9a-zA-Z ,:.]{0,12}"];
        let limit = "\"api\";r=[01];t=[0-9]{1,20}";
        (status, option::weighted(0.3, number()), option::of(after), option::of(limit)).prop_map(
            |(status, ms, after, limit)| {
                let headers = [("retry-after-ms", ms), ("retry-after", after), ("ratelimit", limit)];
                let headers = headers.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
                Refusal { status, headers, body: String::new() }
            },
        )
    }

    prop_compose! {
        pub fn policy()(attempts in 0..12u32, max_delay in 0..100_000u32, max_elapsed in prop_oneof![0.0..1e6, (0..9u32).prop_map(|seconds| f64::from(seconds) * 1000.0), Just(f64::INFINITY)]) -> RetryPolicy {
            RetryPolicy { attempts, max_delay: max_delay.into(), max_elapsed }
        }
    }

    proptest! {
        #![proptest_config(crate::config())]

        #[test]
        fn what_the_headers_name_is_the_wait(reply in reply()) {
            told_holds(&reply);
        }

        #[test]
        fn a_call_keeps_to_its_policy(policy in policy(), replies in vec(reply(), 1..8), random in 0.0..1.0, always in any::<bool>()) {
            let repeat = if always { Repeat::Idempotent } else { Repeat::NotIdempotent };
            call_holds(policy, repeat, &replies, random);
        }
    }
}
