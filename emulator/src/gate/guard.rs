//! What keeps other people's web pages out.

use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};

use super::Visit;
use crate::refusal::Refusal;

/// A header that neither a form nor a request without a preflight can carry.
const CONTROL: &str = "x-emulator-control";

/// Whether a request may use the emulator's own routes.
pub fn control(visit: &Visit) -> Result<(), Refusal> {
    let headers = &visit.parts.headers;
    let has_body = headers.contains_key(TRANSFER_ENCODING)
        || headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0")
        || headers.contains_key(CONTENT_TYPE);
    let json = visit.header("content-type").is_some_and(is_json);
    if has_body && !json {
        return Err(Refusal::new(415, "A body for the emulator's own routes needs \"Content-Type: application/json\""));
    }
    // Webhooks are delivered without the header: that the content is JSON keeps forms out.
    let delivery = visit.row_name() == "putInWebhookSink" && json;
    // Browsers open a page without the header; another page cannot read what they show.
    let page =
        visit.row_name() == "index" && visit.header("accept").is_some_and(|accept| accept.starts_with("text/html"));
    if headers.contains_key(CONTROL) || delivery || page {
        return Ok(());
    }
    Err(Refusal::forbidden("The emulator's own routes need the header \"X-Emulator-Control: 1\""))
}

fn is_json(media_type: &str) -> bool {
    media_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}
