//! Server-sent events, decoded from bytes cut anywhere.

use super::failure::Failure;
use super::text::{cut, trim};

/// One event: its data, and its name where one was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub name: String,
    pub data: String,
}

/// Takes bytes, gives events. Lines end with LF, CRLF or CR; a BOM and comments are passed over.
#[derive(Debug, Default)]
pub struct Decoder {
    line: Vec<u8>,
    name: String,
    data: Option<String>,
    /// The last byte was a CR: an LF that follows belongs to it.
    after_cr: bool,
    begun: bool,
}

impl Decoder {
    pub fn push(&mut self, mut bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(&first) = bytes.first() {
            if std::mem::take(&mut self.after_cr) && first == b'\n' {
                bytes = bytes.get(1..).unwrap_or_default();
                continue;
            }
            let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                self.line.extend_from_slice(bytes);
                break;
            };
            let (head, rest) = bytes.split_at(end);
            self.after_cr = rest.first() == Some(&b'\r');
            bytes = rest.get(1..).unwrap_or_default();
            // Most lines come whole, and need no copy.
            events.extend(match self.line.is_empty() {
                true => self.end(head),
                false => {
                    self.line.extend_from_slice(head);
                    self.end_line()
                }
            });
        }
        events
    }

    /// The event that the end of the stream completes.
    pub fn finish(&mut self) -> Option<Event> {
        self.end_line().or_else(|| self.end_line())
    }

    fn end_line(&mut self) -> Option<Event> {
        let bytes = std::mem::take(&mut self.line);
        self.end(&bytes)
    }

    /// Reads a line.
    fn end(&mut self, bytes: &[u8]) -> Option<Event> {
        let mut line = String::from_utf8_lossy(bytes);
        if !std::mem::replace(&mut self.begun, true)
            && let Some(rest) = line.strip_prefix('\u{feff}')
        {
            line = rest.to_owned().into();
        }
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            return self.data.take().map(|data| Event { name, data });
        }
        let (field, value) = cut(&line, b':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "event" => self.name = value.to_owned(),
            // A comment has an empty field name; `id` and `retry` mean nothing to a stream that is not resumed.
            _ => {}
        }
        None
    }
}

/// The events of a chat completion: JSON until `[DONE]`.
#[derive(Debug, Default)]
pub struct ChatEvents {
    decoder: Decoder,
    done: bool,
    /// A chunk has told why the model stopped.
    finished: bool,
}

impl ChatEvents {
    /// The JSON texts that these bytes complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let events = self.decoder.push(bytes);
        self.take(events)
    }

    /// The JSON texts that the end completes. A stream that ends before it said so was cut short.
    pub fn finish(&mut self) -> Result<Vec<String>, Box<Failure>> {
        let last = self.decoder.finish();
        let texts = self.take(last);
        match self.done || self.finished {
            true => Ok(texts),
            false => Err(Failure::protocol("the stream ended before it was complete")),
        }
    }

    pub fn done(&self) -> bool {
        self.done
    }

    /// Bytes that wait for their event to be complete.
    pub fn pending(&self) -> usize {
        self.decoder.line.len() + self.decoder.data.as_ref().map_or(0, String::len)
    }

    fn take(&mut self, events: impl IntoIterator<Item = Event>) -> Vec<String> {
        let mut texts = Vec::new();
        for Event { data, .. } in events {
            self.done |= trim(&data).starts_with("[DONE]");
            if self.done {
                break;
            }
            self.finished |= tells_finish(&data);
            if !trim(&data).is_empty() {
                texts.push(data);
            }
        }
        texts
    }
}

/// Whether a chunk holds a `finish_reason` that is a text. The key is sought by its underscore, which is rare.
fn tells_finish(data: &str) -> bool {
    let bytes = data.as_bytes();
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'_').any(|(at, _)| {
        let (before, after) = bytes.split_at(at);
        let value = after.strip_prefix(b"_reason\"").map(<[u8]>::trim_ascii_start);
        let value = value.and_then(|value| value.strip_prefix(b":")).map(<[u8]>::trim_ascii_start);
        before.ends_with(b"\"finish") && value.is_some_and(|value| value.first() == Some(&b'"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "\u{feff}: hello\r\nevent: a\r\ndata: {\"x\":\"ü\"}\r\n\r\ndata:two\ndata: lines\n\nid: 7\rretry: 1\rdata\r\revent: lost\n\n:\n\ndata: {\"y\":1}\n\n";

    fn expected() -> Vec<Event> {
        let event = |name: &str, data: &str| Event { name: name.into(), data: data.into() };
        vec![event("a", "{\"x\":\"ü\"}"), event("", "two\nlines"), event("", ""), event("", "{\"y\":1}")]
    }

    #[test]
    fn every_split_point_gives_the_same_events() {
        let bytes = STREAM.as_bytes();
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let mut decoder = Decoder::default();
                let mut events = decoder.push(&bytes[..first]);
                events.extend(decoder.push(&bytes[first..second]));
                events.extend(decoder.push(&bytes[second..]));
                assert_eq!(events, expected(), "{first} {second}");
                assert_eq!(decoder.finish(), None);
            }
        }
    }

    #[test]
    fn the_end_completes_a_last_event() {
        let mut decoder = Decoder::default();
        assert!(decoder.push(b"data: x").is_empty());
        assert_eq!(decoder.finish(), Some(Event { name: String::new(), data: "x".into() }));
    }

    #[test]
    fn a_chat_ends_with_done() {
        let mut chat = ChatEvents::default();
        assert_eq!(chat.push(b"data: {\"a\":1}\n\ndata:[DONE]\n\ndata: {\"b\":2}\n\n"), ["{\"a\":1}"]);
        assert!(chat.done() && chat.finish().unwrap().is_empty());
    }

    #[test]
    fn a_chat_without_done_is_whole_only_if_the_model_finished() {
        let mut cut = ChatEvents::default();
        cut.push(b"data: {\"choices\":[{\"finish_reason\":null}]}\n\n");
        assert!(cut.finish().is_err());
        let mut whole = ChatEvents::default();
        whole.push(b"data: {\"choices\":[{\"finish_reason\" : \"stop\"}]}\n\n");
        assert!(whole.finish().is_ok());
    }
}
