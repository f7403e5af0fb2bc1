//! A stream of chat chunks: bytes in, JSON texts out.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::reply::{WebReply, too_long};
use super::task::Task;
use crate::core::body::ErrorBody;
use crate::core::failure::Failure;
use crate::core::headers::Headers;
use crate::core::io::{Read, Reply, Stop};
use crate::core::sse::ChatEvents;
use crate::core::text::join;
use crate::endpoints::Endpoint;

/// An open stream.
#[wasm_bindgen]
pub struct Events(Rc<Stream>);

struct Stream {
    reply: WebReply,
    row: &'static Endpoint,
    chat: RefCell<ChatEvents>,
}

/// Starts to read a reply that streams.
pub async fn open(row: &'static Endpoint, mut reply: WebReply) -> Result<Events, Stop> {
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
    reply.open()?;
    Ok(Events(Rc::new(Stream { reply, row, chat: RefCell::default() })))
}

/// The failure that a success reports.
fn reported(reply: &WebReply, said: ErrorBody) -> Box<Failure> {
    let mut failure = Failure::reported(said);
    failure.status = Some(reply.status());
    failure.request_id = reply.header("x-request-id");
    failure
}

#[wasm_bindgen]
impl Events {
    /// The chunks that come next, JSON texts with U+001E between them; undefined at the end.
    pub fn next(&self) -> Task {
        let stream = self.0.clone();
        Task::new(stream.reply.call.line.clone(), async move {
            stream.next().await.map_err(|stop| {
                stream.reply.call.abort();
                stream.reply.call.rejection(stream.row, stop)
            })
        })
    }

    /// Closes the connection.
    pub fn cancel(&self) {
        self.0.reply.close();
    }

    /// The error for a chunk that reports one.
    pub fn failure(&self, chunk: &JsValue) -> JsValue {
        let reply = &self.0.reply;
        reply.call.rejection(self.0.row, reported(reply, ErrorBody::read(chunk)).into())
    }
}

impl Stream {
    async fn next(&self) -> Result<JsValue, Stop> {
        while !self.chat.borrow().done() {
            let piece = self.reply.piece().await?;
            let texts = match &piece {
                Some(bytes) => self.chat.borrow_mut().push(&bytes.to_vec()),
                None => self.chat.borrow_mut().finish()?,
            };
            let most = self.reply.call.most(Read::Nothing);
            if self.chat.borrow().pending() as f64 > most {
                return Err(too_long(most).into());
            }
            if !texts.is_empty() {
                return Ok(join(&texts, "\u{1e}").into());
            }
            if piece.is_none() {
                return Ok(JsValue::UNDEFINED);
            }
        }
        Ok(JsValue::UNDEFINED)
    }
}
