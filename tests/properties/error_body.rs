//! Error bodies: the message is made of what the server said, is short, and is never empty.

use serde_json::Value;

use crate::input::{self, Fields};
use crate::seam::{self, Refusal};

/// Status, `x-error-message`, `x-error-code` and content type, then the body; headers are left out if empty.
pub fn fuzz(bytes: &[u8]) {
    let text = input::text(bytes);
    let mut fields = Fields::of(&text);
    let status = 300 + fields.number::<u16>() % 300;
    let values = [(); 3].map(|()| fields.text());
    let named = ["x-error-message", "x-error-code", "content-type"].into_iter().zip(values);
    let headers = named.filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.to_owned())).collect();
    holds(&Refusal { status, headers, body: fields.rest().to_owned() });
}

pub fn holds(refusal: &Refusal) {
    let failure = seam::failure(refusal, 0.0);
    let said = failure.message.as_str();
    assert!(!said.trim_ascii().is_empty(), "no message of {refusal:?}");
    let body = serde_json::from_str::<Value>(&refusal.body).unwrap_or_default();
    let mut texts = vec![refusal.body.trim_ascii().to_owned()];
    texts.extend(refusal.headers.iter().map(|(_, value)| value.clone()));
    collect(&body, &mut texts);
    let ours = seam::failure(&Refusal { headers: vec![], body: String::new(), ..*refusal }, 0.0).message;
    assert!(failure.message == ours || made_of(said, &texts), "{said:?} is not of {texts:?}");
    assert!(failure.code.is_none_or(|code| texts.contains(&code)));
}

/// All texts of a JSON value.
fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        // A code may be a number.
        Value::Number(number) => texts.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(properties) => {
            for (name, property) in properties {
                let from = texts.len();
                collect(property, texts);
                // A list may be about the property that holds it.
                let about: Vec<_> = texts.iter().skip(from).map(|text| format!("{name}: {text}")).collect();
                texts.extend(about);
            }
        }
        _ => {}
    }
}

/// Whether `said` is some of the texts with `; ` between them.
fn made_of(said: &str, texts: &[String]) -> bool {
    let mut begins = vec![0];
    let mut seen = 0;
    while let Some(&begin) = begins.get(seen) {
        seen += 1;
        let rest = &said[begin..];
        for text in texts {
            let Some(after) = rest.strip_prefix(text.as_str()) else { continue };
            if after.is_empty() {
                return true;
            }
            let next = said.len() - after.len() + 2;
            if after.starts_with("; ") && !begins.contains(&next) {
                begins.push(next);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn said() -> impl Strategy<Value = String> {
        prop_oneof![8 => "[a-z;: ü\n]{0,8}", 1 => "[a-zü]{990,1010}"]
    }

    /// JSON with the properties of error bodies in places where they belong and in others.
    fn body() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(Value::Null), any::<i32>().prop_map(Value::from), said().prop_map(Value::from)];
        leaf.prop_recursive(3, 24, 5, |inner| {
            let property = (
                "(error|errors|message|error_description|detail|title|warnings|metadata|raw|code|type|[a-z]{1,2})",
                inner.clone(),
            );
            prop_oneof![
                1 => vec(inner, 0..4).prop_map(Value::from),
                3 => vec(property, 0..5).prop_map(|properties| properties.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #![proptest_config(crate::config())]

        #[test]
        fn a_message_is_what_the_server_said(status in 300..600u16, body in body(), header in option::weighted(0.2, said()),
            code in option::weighted(0.2, "RepoNotFound|EntryNotFound|GatedRepo|[a-z]{0,3}")) {
            let headers = [("x-error-message", header), ("x-error-code", code)];
            let headers = headers.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
            holds(&Refusal { status, headers, body: body.to_string() });
        }

        #[test]
        fn what_is_said_twice_is_told_once(text in "[a-z]{1,9}", list in any::<bool>()) {
            let error = if list { json!([text]) } else { json!({ "message": text }) };
            let body = json!({ "error": error, "message": text, "errors": [{ "message": text }] }).to_string();
            let failure = seam::failure(&Refusal { status: 400, body, ..Refusal::default() }, 0.0);
            prop_assert_eq!(&failure.message, &text);
        }

        #[test]
        fn a_body_may_be_anything(status in 300..600u16, body in "[<a-z {}\\[\\]:\"ü\n]{0,30}", plain in any::<bool>()) {
            let media_type = if plain { "text/plain; charset=utf-8" } else { "text/html" };
            holds(&Refusal { status, headers: vec![("content-type", media_type.to_owned())], body });
        }
    }
}
