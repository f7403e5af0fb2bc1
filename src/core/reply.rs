//! What a reply that is not a success means: status, `X-Error-Code` and message become a [`Failure`].

use super::advice;
use super::error_body::ErrorBody;
use super::failure::{ErrorKind, Failure, Limit, Missing};
use super::headers::Headers;
use super::rate_limit;
use super::retry;
use crate::endpoints::{Access, Endpoint, ParamType, Place};

/// Whether the caller sent a token; the Hub's 401 means different things with and without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    Token,
    NoToken,
}

/// What was asked for, and how.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub endpoint: &'a Endpoint,
    pub sent: Sent,
    /// The repository that the call was about; may be empty.
    pub subject: &'a str,
}

/// Reads a reply that tells of a failure. `now` is in milliseconds since 1970.
pub fn failure(
    asked: Asked<'_>,
    status: u16,
    headers: &(impl Headers + ?Sized),
    text: &str,
    body: ErrorBody,
    now: f64,
    date: fn(&str) -> Option<f64>,
) -> Box<Failure> {
    let message = [headers.header("x-error-message"), body.message, plain(headers, text)];
    let message = message.into_iter().flatten().find(|message| !message.trim_ascii().is_empty());
    let code = headers.header("x-error-code").or(body.code);
    let Asked { endpoint, sent, subject } = asked;
    // A response that is a success counts as what its body says.
    let status = body.status.filter(|_| (200..300).contains(&status)).unwrap_or(status);
    let (kind, missing) = kind(endpoint, sent, status, code.as_deref(), message.as_deref().unwrap_or_default());
    let mut failure = Failure::new(kind, message.as_deref().unwrap_or(default_message(status))).of(endpoint);
    failure.status = Some(status);
    failure.subject = subject.to_owned();
    failure.code = code;
    failure.missing = missing;
    failure.url = body.url;
    failure.request_id =
        ["x-request-id", "x-amzn-trace-id", "x-amz-cf-id"].iter().find_map(|name| headers.header(name));
    let reading = rate_limit::read(headers);
    failure.retry_after = retry::retry_after(status, headers, reading.as_ref(), now, date).or(body.retry_after);
    failure.limit = match reading.and_then(|reading| reading.remaining) {
        Some(left) if kind == ErrorKind::RateLimited => Some(if left == 0 { Limit::Window } else { Limit::Action }),
        _ => None,
    };
    failure.advice = advice::of(&failure, sent, subject);
    failure
}

fn kind(
    endpoint: &Endpoint,
    sent: Sent,
    status: u16,
    code: Option<&str>,
    message: &str,
) -> (ErrorKind, Option<Missing>) {
    match (status, code) {
        (_, Some("RevisionNotFound")) => return (ErrorKind::NotFound, Some(Missing::Revision)),
        (_, Some("EntryNotFound")) => return (ErrorKind::NotFound, Some(Missing::Entry)),
        (_, Some("GatedRepo")) => return (ErrorKind::Gated, None),
        (_, Some("RepoNotFound")) if endpoint.access == Access::Open || status != 401 => {
            return (ErrorKind::NotFound, Some(Missing::Repo));
        }
        _ => {}
    }
    // To an anonymous reader the Hub says 401 for what is missing and for what is private alike.
    let hides = endpoint.access == Access::Open && sent == Sent::NoToken && names_repo(endpoint);
    let kind = match status {
        401 if hides && !message.contains("Invalid credentials") => return (ErrorKind::NotFound, Some(Missing::Repo)),
        401 => ErrorKind::Unauthorized,
        402 => ErrorKind::PaymentRequired,
        403 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        412 => ErrorKind::PreconditionFailed,
        429 => ErrorKind::RateLimited,
        200..=299 | 408 | 500.. => ErrorKind::Server,
        400..=499 => ErrorKind::InvalidInput,
        _ => ErrorKind::Protocol,
    };
    (kind, None)
}

fn names_repo(endpoint: &Endpoint) -> bool {
    endpoint
        .params
        .iter()
        .any(|param| param.place == Place::Path && matches!(param.kind, ParamType::Repo(_) | ParamType::RepoOf(_)))
}

/// The message of a body that is no JSON: its text, or the title of a page of HTML.
fn plain(headers: &(impl Headers + ?Sized), text: &str) -> Option<String> {
    let text = text.trim_ascii();
    if text.starts_with('<') {
        return title(text);
    }
    let media_type = headers.header("content-type").unwrap_or_default().to_ascii_lowercase();
    (media_type.starts_with("text/") || media_type.is_empty()).then(|| text.to_owned())
}

/// What titles write for characters that HTML needs; `&amp;` comes last, since it may stand before the others.
const ENTITIES: [(&str, &str); 5] = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];

/// The title of a page of HTML, its white space folded.
pub fn title(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower.get(start..)?.find('>')? + 1;
    let end = start + lower.get(start..)?.find("</title")?;
    let words: Vec<_> = html.get(start..end)?.split_ascii_whitespace().collect();
    let text = words.join(" ");
    let text = ENTITIES.iter().fold(text, |text, (entity, char)| text.replace(entity, char));
    (!text.is_empty()).then_some(text)
}

fn default_message(status: u16) -> &'static str {
    match status {
        300..=399 => "the server redirected to where the call could not follow",
        401 => "the token is missing or wrong",
        403 => "access denied",
        404 => "not found",
        429 => "too many requests",
        200..=299 => "the response reports an error",
        501 => "the server does not support this",
        500.. => "the server failed",
        _ => "the server refused the request",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoints::{account, files, inference, models, repos};

    fn read(endpoint: &Endpoint, sent: Sent, status: u16, headers: &[(&str, &str)], text: &str) -> Box<Failure> {
        failure(
            Asked { endpoint, sent, subject: "" },
            status,
            headers,
            text,
            serde_json::from_str::<serde_json::Value>(text).map(|body| ErrorBody::read(&body)).unwrap_or_default(),
            0.0,
            |_| None,
        )
    }

    #[test]
    fn what_the_service_answers() {
        let cases: [(&Endpoint, Sent, u16, &[(&str, &str)], &str, ErrorKind, Option<Missing>); 13] = [
            (
                &models::MODEL_INFO,
                Sent::NoToken,
                401,
                &[],
                r#"{"error":"Invalid username or password."}"#,
                ErrorKind::NotFound,
                Some(Missing::Repo),
            ),
            (
                &models::MODEL_INFO,
                Sent::Token,
                401,
                &[],
                r#"{"error":"Invalid username or password."}"#,
                ErrorKind::Unauthorized,
                None,
            ),
            (
                &models::MODEL_INFO,
                Sent::Token,
                401,
                &[],
                r#"{"error":"Invalid credentials in Authorization header"}"#,
                ErrorKind::Unauthorized,
                None,
            ),
            (
                &models::MODEL_INFO,
                Sent::Token,
                404,
                &[("X-Error-Code", "RepoNotFound")],
                r#"{"error":"Repository not found"}"#,
                ErrorKind::NotFound,
                Some(Missing::Repo),
            ),
            (
                &repos::COMMIT,
                Sent::NoToken,
                401,
                &[("X-Error-Code", "RepoNotFound")],
                "",
                ErrorKind::Unauthorized,
                None,
            ),
            (
                &repos::LIST_FILES,
                Sent::Token,
                404,
                &[("X-Error-Code", "RevisionNotFound")],
                r#"{"error":"Invalid rev id: x"}"#,
                ErrorKind::NotFound,
                Some(Missing::Revision),
            ),
            (
                &files::RESOLVE,
                Sent::NoToken,
                404,
                &[("X-Error-Code", "EntryNotFound")],
                "Entry not found",
                ErrorKind::NotFound,
                Some(Missing::Entry),
            ),
            (
                &files::RESOLVE,
                Sent::NoToken,
                401,
                &[("X-Error-Code", "GatedRepo")],
                "Access to model x is restricted.",
                ErrorKind::Gated,
                None,
            ),
            (
                &files::RESOLVE,
                Sent::Token,
                403,
                &[],
                "Access to this resource is disabled.",
                ErrorKind::Forbidden,
                None,
            ),
            (
                &account::WHO_AM_I,
                Sent::NoToken,
                401,
                &[],
                r#"{"error":"Invalid username or password."}"#,
                ErrorKind::Unauthorized,
                None,
            ),
            (
                &repos::COMMIT,
                Sent::Token,
                412,
                &[],
                r#"{"error":"A commit has happened since."}"#,
                ErrorKind::PreconditionFailed,
                None,
            ),
            (
                &inference::CHAT_COMPLETION,
                Sent::Token,
                402,
                &[],
                r#"{"error":"You have exceeded"}"#,
                ErrorKind::PaymentRequired,
                None,
            ),
            (
                &inference::CHAT_COMPLETION,
                Sent::Token,
                422,
                &[("content-type", "text/plain; charset=utf-8")],
                "Template error",
                ErrorKind::InvalidInput,
                None,
            ),
        ];
        for (endpoint, sent, status, headers, text, kind, missing) in cases {
            let failure = read(endpoint, sent, status, headers, text);
            assert_eq!((failure.kind, failure.missing), (kind, missing), "{} {status} {text}", endpoint.name);
            assert!(
                failure.advice.is_some() || matches!(kind, ErrorKind::Server | ErrorKind::InvalidInput),
                "no advice for {status} {text}"
            );
        }
    }

    #[test]
    fn an_html_page_says_its_title() {
        let html = [("content-type", "text/html")];
        let read = |text: &str| read(&models::LIST_MODELS, Sent::NoToken, 502, &html, text);
        let failure = read("<html><head><TITLE lang=en>\n 502 Bad\n gateway</title></head>x</html>");
        assert_eq!((failure.kind, failure.message.as_str()), (ErrorKind::Server, "502 Bad gateway"));
        assert_eq!(read("<title>A &amp; B &lt;c&gt;</title>").message, "A & B <c>");
        assert_eq!(read("<html>Bad gateway</html>").message, "the server failed");
        assert_eq!(read("<html><title>never ends").message, "the server failed");
    }

    #[test]
    fn a_success_counts_as_what_its_body_says() {
        let read = |text: &str| read(&inference::CHAT_COMPLETION, Sent::Token, 200, &[], text);
        let cases = [
            (r#"{"error":{"message":"slow down","code":429}}"#, ErrorKind::RateLimited, Some(429)),
            (r#"{"error":{"message":"no","type":"invalid_request_error"}}"#, ErrorKind::InvalidInput, Some(400)),
            (r#"{"error":{"code":500}}"#, ErrorKind::Server, Some(500)),
            (r#"{"error":"busy"}"#, ErrorKind::Server, Some(200)),
        ];
        for (text, kind, status) in cases {
            let failure = read(text);
            assert_eq!((failure.kind, failure.status), (kind, status), "{text}");
        }
    }

    #[test]
    fn a_model_that_loads_says_how_long() {
        let body = r#"{"error":"Model x is currently loading","estimated_time":20.0}"#;
        let failure = read(&inference::FEATURE_EXTRACTION, Sent::Token, 503, &[], body);
        assert_eq!((failure.kind, failure.retry_after), (ErrorKind::Server, Some(20_000.0)));
        assert!(retry::unexecuted(&failure));
    }

    #[test]
    fn an_empty_message_is_none() {
        let cases = [
            ("", r#"{"error":"full"}"#, "full"),
            (" ", r#"{"errors":[""]}"#, "the server failed"),
            ("", r#"{"error":" "}"#, "the server failed"),
        ];
        for (header, text, message) in cases {
            let headers = [("x-error-message", header), ("content-type", "application/json")];
            assert_eq!(read(&models::LIST_MODELS, Sent::NoToken, 500, &headers, text).message, message, "{text}");
        }
    }

    #[test]
    fn ids_and_codes_are_kept() {
        let headers = [("x-request-id", "Root=1-abc"), ("x-amz-cf-id", "cf")];
        let text = r#"{"error":{"message":"m","code":"model_not_found"}}"#;
        let failure = read(&inference::CHAT_COMPLETION, Sent::Token, 400, &headers, text);
        assert_eq!(failure.request_id.as_deref(), Some("Root=1-abc"));
        assert_eq!((failure.code.as_deref(), failure.endpoint), (Some("model_not_found"), Some("chatCompletion")));
    }
}
