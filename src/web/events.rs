//! A stream of chat chunks: bytes in, JSON out.

use wasm_bindgen::JsValue;

use super::io::WebIo;
use super::response::WebResponse;
use crate::core::error_body::ErrorBody;
use crate::core::failure::Failure;
use crate::core::headers::Headers;
use crate::core::io::{CallError, Io, Read, Response as _};
use crate::core::reply::{Asked, Sent, failure, title};
use crate::core::sse::{ChatEvents, array, looks_like_events};
use crate::endpoints::Endpoint;

/// A response that streams, on its way to JavaScript.
pub struct Stream {
    pub reply: WebResponse,
    pub endpoint: &'static Endpoint,
    pub subject: String,
}

impl Stream {
    /// Reads to the end, and returns whether the stream said that it is complete. Gives the values that come together
    /// as one JSON array; where JavaScript finds one that reports an error, it says so and gets the failure.
    ///
    /// What is no stream of events is given as one value: some providers do not stream.
    pub async fn run(self) -> Result<JsValue, CallError> {
        let mut chat = ChatEvents::default();
        let mut head = match self.begin().await? {
            Begin::Events(head) => head,
            Begin::Whole(body) => return self.whole(&body).await,
        };
        while !chat.done() {
            let texts = if head.is_empty() {
                match self.reply.chunk().await? {
                    Some(bytes) => chat.push(&bytes),
                    None => {
                        self.give(&chat.finish(), &chat).await?;
                        break;
                    }
                }
            } else {
                chat.push(&std::mem::take(&mut head))
            };
            self.bound(chat.pending())?;
            self.give(&texts, &chat).await?;
        }
        Ok(chat.done().into())
    }

    fn media_type(&self) -> String {
        self.reply.header("content-type").unwrap_or_default().to_ascii_lowercase()
    }

    /// Reads as far as it takes to see what this is. What is declared to be a stream of events is one, unless it begins as
    /// a JSON object does.
    async fn begin(&self) -> Result<Begin, CallError> {
        let is_declared = self.media_type().starts_with("text/event-stream");
        let mut body = Vec::new();
        while let Some(bytes) = self.reply.chunk().await? {
            body.extend_from_slice(&bytes);
            self.bound(body.len())?;
            let is_stream = match body.trim_ascii_start().first() {
                Some(first) if is_declared => *first != b'{',
                _ => looks_like_events(&body) == Some(true),
            };
            if is_stream {
                return Ok(Begin::Events(body));
            }
        }
        Ok(if is_declared && body.trim_ascii().is_empty() { Begin::Events(body) } else { Begin::Whole(body) })
    }

    /// Gives a body that is JSON as the only value of the stream.
    async fn whole(&self, body: &[u8]) -> Result<JsValue, CallError> {
        let text = self.reply.call.driver().decode_text(body).as_string().unwrap_or_default();
        if self.reply.parse(&text).is_none() {
            let what = title(&text).unwrap_or_else(|| {
                let words: String = text.chars().take(200).collect();
                format!("{} {words}", self.media_type())
            });
            return Err(Failure::protocol(&format!("the response is no stream of events: {what}")).into());
        }
        // Not the body, which may begin with a byte order mark.
        self.give(&[text.into_bytes()], &ChatEvents::default()).await?;
        Ok(true.into())
    }

    /// Gives values to JavaScript. The stream fails where one of them, or an event after them, says so.
    async fn give(&self, texts: &[Vec<u8>], chat: &ChatEvents) -> Result<(), CallError> {
        if !texts.is_empty() {
            let text = self.reply.call.driver().decode_text(&array(texts));
            let error = self.reply.call.emit(text).await;
            if let Some(error) = error.ok().filter(|error| !error.is_undefined()) {
                return Err(self.reported(ErrorBody::read(&error)).into());
            }
        }
        let Some(error_body) = chat.failure() else { return Ok(()) };
        let text = self.reply.call.driver().decode_text(error_body).as_string().unwrap_or_default();
        let error_body = self.reply.parse(&text).map(|value| ErrorBody::read(&value));
        Err(self.reported(error_body.unwrap_or_else(|| ErrorBody::of_text(&text))).into())
    }

    /// The failure that a success reports.
    fn reported(&self, error_body: ErrorBody) -> Box<Failure> {
        self.reply.call.driver().close();
        let asked = Asked { endpoint: self.endpoint, sent: Sent::Token, subject: &self.subject };
        failure(asked, self.reply.status(), &self.reply, "", error_body, self.reply.call.now(), WebIo::date)
    }

    fn bound(&self, size: usize) -> Result<(), CallError> {
        let max_bytes = self.reply.call.options.max_bytes(Read::Nothing);
        if size as f64 <= max_bytes {
            return Ok(());
        }
        self.reply.call.driver().close();
        Err(Failure::protocol(&format!("the response is longer than {} bytes (maxResponseBytes)", max_bytes as u64))
            .into())
    }
}

/// How a response begins.
enum Begin {
    Events(Vec<u8>),
    Whole(Vec<u8>),
}
