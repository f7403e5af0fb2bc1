//! What a body says of a failure: its message, code and status, in any of the forms that the Hub, the router and the
//! providers behind it use. It serves responses of every status and the events of a stream alike.

use super::json::Json;

/// What a body says of a failure.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct ErrorBody {
    pub message: Option<String>,
    pub code: Option<String>,
    /// The HTTP status that the body names, which counts where the response itself has another.
    pub status: Option<u16>,
    /// The URL of what exists already.
    pub url: Option<String>,
    /// Milliseconds until a model that is being loaded is expected to be ready.
    pub retry_after: Option<f64>,
}

/// Where a message may stand, and what may stand beside it.
const MESSAGES: [&str; 9] =
    ["error", "message", "error_description", "errors", "detail", "msg", "title", "reason", "error_message"];
/// Where an object that is itself a message has its text.
const MESSAGE_NAMES: [&str; 9] = ["message", "error", "detail", "msg", "title", "reason", "content", "text", "type"];
/// How deep messages are looked for.
const DEPTH: u32 = 4;
/// Milliseconds that a server may ask to wait: a day.
const LONGEST_WAIT: f64 = 86_400_000.0;

impl ErrorBody {
    pub fn read(body: &impl Json) -> ErrorBody {
        let mut messages: Vec<String> = Vec::new();
        let mut add = |text: Option<String>| {
            if let Some(text) = text.filter(|text| !messages.contains(text)) {
                messages.push(text);
            }
        };
        if let Some(error) = body.get("error").filter(|error| error.string().is_none() && error.items().is_none()) {
            add(message_of(&error, DEPTH));
            // What a gateway passes on of the provider behind it.
            add(error.get("metadata").and_then(|metadata| metadata.string_of("raw")));
        }
        if body.string().is_some() || body.items().is_some() {
            add(message_of(body, DEPTH));
        }
        for name in MESSAGES {
            add(body.get(name).and_then(|value| message_of(&value, DEPTH)));
        }
        if !messages.is_empty() {
            let warnings = body.get("warnings").and_then(|warnings| message_of(&warnings, DEPTH));
            messages.extend(warnings.filter(|text| !messages.contains(text)));
        }
        let error = body.get("error");
        let nested = |names: &[&str]| error.as_ref().and_then(|error| names.iter().find_map(|name| error.get(name)));
        let own = |names: &[&str]| names.iter().find_map(|name| body.get(name));
        let code = nested(&["code", "type"]).or_else(|| own(&["code", "error_type"])).or_else(|| {
            own(&["type"]).filter(|kind| kind.string().is_some_and(|kind| kind != "error" && !kind.contains("://")))
        });
        let statuses = ["http_status_code", "status_code", "statusCode", "status", "code"];
        let status = nested(&statuses).and_then(|value| status_of(&value));
        let status = status.or_else(|| statuses.iter().find_map(|name| status_of(&body.get(name)?)));
        let code = code.and_then(|code| code.string().or_else(|| Some(format!("{}", code.number()? as i64))));
        let status = status.or_else(|| code.as_deref().and_then(status_of_code)).or_else(|| {
            let kind = error.as_ref()?.string_of("type")?;
            status_of_code(&kind)
        });
        let seconds = body.get("estimated_time").and_then(|time| time.number()).filter(|time| *time >= 0.0);
        let wait = seconds.map(|seconds| (seconds * 1000.0).min(LONGEST_WAIT));
        ErrorBody {
            message: (!messages.is_empty()).then(|| messages.join("; ")),
            code,
            status,
            url: body.string_of("url"),
            retry_after: wait,
        }
    }

    /// What the body of a success says of a failure; None if it says nothing of one.
    pub fn of_success(body: &impl Json) -> Option<ErrorBody> {
        let error = body.get("error")?;
        let is_empty = error.string().is_some_and(|text| text.is_empty())
            || error.items().is_some_and(|items| items.is_empty())
            || error.flag() == Some(false)
            || error.number() == Some(0.0);
        (!is_empty).then(|| ErrorBody::read(body))
    }

    /// A message alone.
    pub fn of_text(text: &str) -> ErrorBody {
        ErrorBody { message: (!text.is_empty()).then(|| text.to_owned()), ..ErrorBody::default() }
    }
}

/// The message in a string, a list of messages, or an object.
fn message_of(value: &impl Json, depth: u32) -> Option<String> {
    if let Some(text) = value.string() {
        return (!text.trim().is_empty()).then_some(text);
    }
    let depth = depth.checked_sub(1)?;
    if let Some(items) = value.items() {
        let texts: Vec<_> = items.iter().filter_map(|item| message_of(item, depth)).collect();
        return (!texts.is_empty()).then(|| texts.join("; "));
    }
    let text = MESSAGE_NAMES
        .iter()
        .find_map(|name| message_of(&value.get(name)?, depth))
        .or_else(|| by_field(value, depth))?;
    // What FastAPI says of one property of a body: `{"loc": ["body", "inputs"], "msg": "field required"}`.
    let place = value.get("loc").and_then(|place| place.items()).unwrap_or_default();
    let place: Vec<_> =
        place.iter().filter_map(|part| part.string().or_else(|| Some(format!("{}", part.number()? as i64)))).collect();
    Some(if place.is_empty() { text } else { format!("{}: {text}", place.join(".")) })
}

/// Messages by the name of what they are about: `{"name": ["is too long"]}`.
fn by_field(value: &impl Json, depth: u32) -> Option<String> {
    let properties = value.properties().into_iter().filter(|(_, value)| value.items().is_some());
    let texts: Vec<_> =
        properties.filter_map(|(name, value)| Some(format!("{name}: {}", message_of(&value, depth)?))).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn status_of(value: &impl Json) -> Option<u16> {
    let status = value.number().or_else(|| value.string()?.parse::<u16>().ok().map(f64::from))?;
    (400.0..600.0).contains(&status).then_some(status as u16)
}

/// The status that a code stands for, where everybody uses it alike.
fn status_of_code(code: &str) -> Option<u16> {
    Some(match code {
        "invalid_request_error" | "invalid_request" | "validation" | "context_length_exceeded" => 400,
        "authentication_error" | "invalid_api_key" => 401,
        "insufficient_quota" | "billing_error" => 402,
        "permission_error" => 403,
        "not_found_error" | "model_not_found" => 404,
        "rate_limit_exceeded" | "rate_limit_error" | "too_many_requests" => 429,
        "overloaded_error" | "overloaded" => 503,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_form_of_a_message() {
        let cases = [
            (json!({"error": "Repository not found"}), "Repository not found"),
            (json!({"error": ["a", "b"]}), "a; b"),
            (json!({"error": {"message": "no", "type": "t", "param": "model"}}), "no"),
            (json!({"error": {"error": "nested"}}), "nested"),
            (json!({"error": "invalid_grant", "error_description": "gone"}), "invalid_grant; gone"),
            (
                json!({"error": "unknown error", "warnings": ["CUDA out of memory"]}),
                "unknown error; CUDA out of memory",
            ),
            (json!({"errors": [{"message": "x"}, {"message": "y"}]}), "x; y"),
            (json!({"message": "m"}), "m"),
            (json!({"message": {"detail": "m"}}), "m"),
            (json!({"detail": "Not authenticated"}), "Not authenticated"),
            (json!({"detail": [{"loc": ["body", "inputs"], "msg": "field required"}]}), "body.inputs: field required"),
            (json!({"detail": [{"loc": ["body", "messages", 0], "msg": "a"}, {"msg": "b"}]}), "body.messages.0: a; b"),
            (json!({"detail": {"error": "x"}}), "x"),
            (
                json!({"type": "https://a/b", "title": "Out of credit", "detail": "5 left", "status": 403}),
                "5 left; Out of credit",
            ),
            (
                json!({"error": {"message": "Provider returned error", "metadata": {"raw": "overloaded"}}}),
                "Provider returned error; overloaded",
            ),
            (json!({"error": "m", "message": "m"}), "m"),
            (json!({"errors": {"name": ["is too long", "is bad"]}}), "name: is too long; is bad"),
            (json!({"message": {"content": "m"}}), "m"),
            (json!({"error_message": "m"}), "m"),
            (json!("bare text"), "bare text"),
            (json!(["a", "b"]), "a; b"),
        ];
        for (body, message) in cases {
            assert_eq!(ErrorBody::read(&body).message.as_deref(), Some(message), "{body}");
        }
        for body in [json!({"error": 7}), json!({"error": " "}), json!({}), json!(null), json!({"warnings": ["w"]})] {
            assert_eq!(ErrorBody::read(&body).message, None, "{body}");
        }
    }

    #[test]
    fn codes_and_statuses() {
        let cases = [
            (json!({"error": {"message": "no", "code": "c", "type": "t"}}), Some("c"), None),
            (json!({"error": {"message": "no", "code": null, "type": "t"}}), Some("t"), None),
            (json!({"error": "no", "error_type": "template_error"}), Some("template_error"), None),
            (json!({"error": {"code": 500}}), Some("500"), Some(500)),
            (json!({"error": {"message": "x", "code": "429"}}), Some("429"), Some(429)),
            (json!({"message": "x", "http_status_code": 422}), None, Some(422)),
            (json!({"error": "x", "http_status_code": 422}), None, Some(422)),
            (json!({"detail": "x", "status": 403}), None, Some(403)),
            (json!({"message": "x", "statusCode": 429}), None, Some(429)),
            (json!({"message": "x", "type": "rate_limit_error"}), Some("rate_limit_error"), Some(429)),
            (
                json!({"error": {"message": "x", "type": "invalid_request_error", "code": "bad"}}),
                Some("bad"),
                Some(400),
            ),
            (
                json!({"type": "error", "error": {"type": "overloaded_error", "message": "x"}}),
                Some("overloaded_error"),
                Some(503),
            ),
            (json!({"error": "x", "status": 200}), None, None),
        ];
        for (body, code, status) in cases {
            let read = ErrorBody::read(&body);
            assert_eq!((read.code.as_deref(), read.status), (code, status), "{body}");
        }
        let loading = ErrorBody::read(&json!({"error": "Model x is currently loading", "estimated_time": 20.5}));
        assert_eq!(loading.retry_after, Some(20_500.0));
        assert_eq!(ErrorBody::read(&json!({"error": "x", "estimated_time": 1e300})).retry_after, Some(86_400_000.0));
    }

    #[test]
    fn a_success_fails_only_where_it_says_so() {
        for body in
            [json!({"error": "x"}), json!({"error": {"code": 500}}), json!({"error": ["x"]}), json!({"error": true})]
        {
            assert!(ErrorBody::of_success(&body).is_some(), "{body}");
        }
        for body in [
            json!({"error": null}),
            json!({"error": ""}),
            json!({"error": []}),
            json!({"error": false}),
            json!({"message": "x"}),
            json!([]),
        ] {
            assert!(ErrorBody::of_success(&body).is_none(), "{body}");
        }
    }
}
