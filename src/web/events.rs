//! A stream of chat chunks: bytes in, JSON texts out.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::ReadableStreamDefaultReader;

use super::client::Rejection;
use super::io;
use super::object;
use super::reply::WebReply;
use super::task::Task;
use crate::core::body::ErrorBody;
use crate::core::failure::{Failure, Kind};
use crate::core::headers::Headers;
use crate::core::io::{Read, Reply, Stop};
use crate::core::sse::ChatEvents;
use crate::core::text::join;
use crate::endpoints::Endpoint;

/// An open stream.
#[wasm_bindgen]
pub struct Events(Rc<Stream>);

struct Stream {
    reader: ReadableStreamDefaultReader,
    reply: WebReply,
    row: &'static Endpoint,
    chat: RefCell<ChatEvents>,
    rejection: Rc<Rejection>,
}

/// Starts to read a reply that streams.
pub async fn open(row: &'static Endpoint, mut reply: WebReply, rejection: Rc<Rejection>) -> Result<Events, Stop> {
    let media_type = reply.header("content-type").unwrap_or_default();
    if !media_type.starts_with("text/event-stream") {
        reply.read(Read::Text).await?;
        let text = reply.value().as_string().unwrap_or_default();
        let said = WebReply::parse(&text).and_then(|body| ErrorBody::read(&body).message);
        return Err(Failure::protocol(said.as_deref().unwrap_or("the answer is no stream of events")).into());
    }
    let body = reply.response.body().ok_or_else(|| Failure::protocol("the answer has no body"))?;
    let reader = body.get_reader().unchecked_into();
    Ok(Events(Rc::new(Stream { reader, reply, row, chat: RefCell::default(), rejection })))
}

#[wasm_bindgen]
impl Events {
    /// The chunks that come next, as the text of a JSON array; undefined at the end. The time limit starts anew with
    /// each.
    pub fn next(&self) -> Task {
        let stream = self.0.clone();
        Task::new(stream.reply.cancel.line.clone(), async move { stream.next().await })
    }

    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// The error for a chunk that reports one.
    pub fn failure(&self, text: &str) -> JsValue {
        let body = WebReply::parse(text).map(|body| ErrorBody::read(&body)).unwrap_or_default();
        let mut failure = Failure::new(Kind::Server, body.message.as_deref().unwrap_or("the stream reports an error"));
        failure.code = body.code;
        failure.request_id = self.0.reply.header("x-request-id");
        self.0.rejection.of(self.0.row, failure.into())
    }
}

impl Stream {
    async fn next(&self) -> Result<JsValue, JsValue> {
        match self.read().await {
            Ok(texts) => Ok(texts.map_or(JsValue::UNDEFINED, |texts| ["[", &join(&texts, ","), "]"].concat().into())),
            Err(stop) => {
                self.cancel();
                Err(self.rejection.of(self.row, stop))
            }
        }
    }

    /// Closes the connection.
    pub fn cancel(&self) {
        self.reply.cancel.disarm();
        self.reply.cancel.abort();
        // Cancelling a stream that failed rejects with its error, which the caller has.
        let _ = self.reader.cancel().catch(&self.rejection.ignore);
    }

    async fn read(&self) -> Result<Option<Vec<String>>, Stop> {
        while !self.chat.borrow().done() {
            self.reply.cancel.arm();
            let piece = self.reply.cancel.race(&self.reader.read()).await?.map_err(|error| io::broken(&error))?;
            let bytes = object::get(&piece, "value").dyn_into::<Uint8Array>();
            let texts = match bytes {
                Ok(bytes) => self.chat.borrow_mut().push(&bytes.to_vec()),
                Err(_) => {
                    let last = self.chat.borrow_mut().finish()?;
                    self.reply.cancel.disarm();
                    return Ok((!last.is_empty()).then_some(last));
                }
            };
            if !texts.is_empty() {
                return Ok(Some(texts));
            }
        }
        self.cancel();
        Ok(None)
    }
}
