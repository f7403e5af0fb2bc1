//! `RateLimit` and `RateLimit-Policy`: what they tell is read, whatever blanks and parameters stand around it.

use hf_wasm::core::rate_limit;

use crate::input::{self, Fields};
use crate::seam::Refusal;

pub fn fuzz(bytes: &[u8]) {
    let text = input::text(bytes);
    let mut fields = Fields::of(&text);
    holds(fields.text(), fields.text());
}

/// Both headers are read as their grammar says, the policy only beside a limit.
pub fn holds(limit: &str, policy: &str) {
    let headers = Refusal {
        headers: vec![("ratelimit", limit.to_owned()), ("ratelimit-policy", policy.to_owned())],
        ..Default::default()
    };
    let reading = rate_limit::read(&headers);
    let Some(reported) = Item::read(limit) else { return };
    let Some(reading) = reading else { panic!("no reading of {limit:?}") };
    assert_eq!(reading.bucket, reported.names[0], "{limit:?}");
    let end = reported.number("t").filter(|seconds| *seconds <= 86_400);
    assert_eq!((reading.remaining, reading.reset_s), (reported.number("r"), end), "{limit:?}");
    if let Some(reported) = Item::read(policy) {
        assert_eq!((reading.quota, reading.window_s), (reported.number("q"), reported.number("w")), "{policy:?}");
    }
}

/// The first whole number that JavaScript cannot tell from the next.
const BEYOND: u64 = 1 << 53;

/// What a header says: names in quotes, then parameters, `;` between them and blanks anywhere. What follows a comma
/// tells of another limit.
struct Item {
    names: Vec<String>,
    numbers: Vec<(String, Option<u64>)>,
}

impl Item {
    /// None if the header breaks the grammar, or has a parameter twice.
    fn read(header: &str) -> Option<Item> {
        let mut item = Item { names: Vec::new(), numbers: Vec::new() };
        let mut rest = header.trim_matches([' ', '\t']);
        while let Some(quoted) = rest.strip_prefix('"') {
            let (name, after) = quoted.split_once('"')?;
            let plain = |char: char| (' '..='~').contains(&char) && char != '\\';
            if name.is_empty() || !name.chars().all(plain) || !item.numbers.is_empty() {
                return None;
            }
            item.names.push(name.to_owned());
            let after = after.trim_start_matches([' ', '\t']);
            if after.is_empty() || after.starts_with(',') {
                return Some(item);
            }
            rest = after.strip_prefix(';')?.trim_start_matches([' ', '\t']);
        }
        let (rest, _) = rest.split_once(',').unwrap_or((rest, ""));
        for parameter in rest.split(';') {
            let (key, value) = parameter.split_once('=')?;
            let [key, value] = [key, value].map(|part| part.trim_matches([' ', '\t']));
            let good = !key.is_empty() && key.chars().all(|char| char.is_ascii_lowercase());
            if !good || value.is_empty() || !value.chars().all(|char| char.is_ascii_digit()) {
                return None;
            }
            if item.numbers.iter().any(|(known, _)| known == key) {
                return None;
            }
            item.numbers.push((key.to_owned(), value.parse().ok()));
        }
        (!item.names.is_empty()).then_some(item)
    }

    /// None for a number that JavaScript cannot hold.
    fn number(&self, key: &str) -> Option<u64> {
        self.numbers.iter().find(|(known, _)| known == key)?.1.filter(|number| *number < BEYOND)
    }
}

#[cfg(test)]
mod tests {
    use hf_wasm::core::rate_limit::Reading;
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;
    use proptest::sample::subsequence;

    use super::*;

    fn name() -> impl Strategy<Value = String> {
        prop_oneof!["api", "(resolvers|pages|fixed window)", "([ !#-\\[\\]-~]|;r=1|; q=){1,12}"]
    }

    /// Parameters in any order, with others among them, that name these numbers.
    fn written(names: Vec<String>, numbers: [(&'static str, Option<u64>); 2]) -> impl Strategy<Value = String> {
        let reported = numbers.into_iter().filter_map(|(key, number)| Some(format!("{key}={}", number?)));
        let others = subsequence(vec!["pk=5".to_owned(), "rr=1".to_owned(), "qu=0".to_owned()], 0..=3);
        let all = others.prop_map(move |others| reported.clone().chain(others).collect::<Vec<_>>()).prop_shuffle();
        let names = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>();
        let next = select(vec!["", ", \"b\";r=7;q=7;t=7;w=7"]);
        (all, select(vec!["", " ", "\t "]), select(vec!["", "  "]), next).prop_map(move |(all, left, right, next)| {
            let parts: Vec<_> = names
                .iter()
                .cloned()
                .chain(all.iter().map(|part| part.replace('=', &format!("{right}={left}"))))
                .collect();
            format!("{left}{}{right}{next}", parts.join(&format!("{left};{right}")))
        })
    }

    prop_compose! {
        fn reading()(bucket in name(), remaining in option::of(0..BEYOND), reset_s in option::of(0..400u64),
            quota in option::of(0..100_000u64), window_s in option::of(0..BEYOND)) -> Reading {
            Reading { bucket, remaining, reset_s, quota, window_s }
        }
    }

    fn headers() -> impl Strategy<Value = (Reading, String, String)> {
        (reading(), name()).prop_flat_map(|(reading, policy)| {
            let limit = written(vec![reading.bucket.clone()], [("r", reading.remaining), ("t", reading.reset_s)]);
            let names = vec![policy, reading.bucket.clone()];
            (Just(reading.clone()), limit, written(names, [("q", reading.quota), ("w", reading.window_s)]))
        })
    }

    proptest! {
        #![proptest_config(crate::config())]

        #[test]
        fn what_is_written_is_read_back((reading, limit, policy) in headers()) {
            let headers = [("RateLimit", limit.as_str()), ("RateLimit-Policy", policy.as_str())];
            prop_assert_eq!(rate_limit::read(&headers), Some(reading), "{} / {}", limit, policy);
            holds(&limit, &policy);
        }

        #[test]
        fn a_number_of_any_size_is_borne(number in any::<u64>()) {
            holds(&format!("\"api\";r={number}"), &format!("\"api\";q={number};w={number}"));
        }

        #[test]
        fn anything_is_borne(limit in "[\"a-z;= 0-9ü,]{0,30}", policy in "[\"qw;= 0-9]{0,30}") {
            holds(&limit, &policy);
        }
    }
}
