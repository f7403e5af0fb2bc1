//! A stream of chat chunks: bytes in, JSON out.

use wasm_bindgen::JsValue;

use super::reply::WebReply;
use crate::core::body::ErrorBody;
use crate::core::failure::Failure;
use crate::core::headers::Headers;
use crate::core::io::{Read, Reply, Stop};
use crate::core::sse::{ChatEvents, array};
use crate::core::text::digits;

/// Reads a reply that streams to its end. Gives the chunks that come together as one JSON array, and hears of one that
/// reports an error.
pub async fn stream(mut reply: WebReply) -> Result<JsValue, Stop> {
    let media_type = reply.header("content-type").unwrap_or_default();
    if !media_type.starts_with("text/event-stream") {
        reply.read(Read::Text).await?;
        let text = reply.value().as_string().unwrap_or_default();
        let said = reply.parse(&text).map(|body| ErrorBody::read(&body)).unwrap_or_default();
        return Err(match said.message {
            Some(_) => reported(&reply, said),
            None => Failure::protocol("the answer is no stream of events"),
        }
        .into());
    }
    let most = reply.call.most(Read::Nothing);
    let mut chat = ChatEvents::default();
    while !chat.done() {
        let piece = reply.piece().await?;
        let texts = match &piece {
            Some(bytes) => chat.push(bytes),
            None => chat.finish()?,
        };
        if chat.pending() as f64 > most {
            reply.call.shell().close();
            return Err(too_long(most).into());
        }
        if !texts.is_empty() {
            let text = reply.call.shell().text(&array(&texts));
            let error = reply.call.line.give(&text).await;
            if !error.is_undefined() {
                return Err(reported(&reply, ErrorBody::read(&error)).into());
            }
        }
        if piece.is_none() {
            break;
        }
    }
    Ok(JsValue::UNDEFINED)
}

/// The failure that a success reports.
fn reported(reply: &WebReply, said: ErrorBody) -> Box<Failure> {
    let mut failure = Failure::reported(said);
    failure.status = Some(reply.status());
    failure.request_id = reply.header("x-request-id");
    failure
}

fn too_long(most: f64) -> Box<Failure> {
    Failure::protocol(&["the answer is longer than ", &digits(most as u64), " bytes (maxResponseBytes)"].concat())
}
