//! Server-sent events, decoded from bytes cut anywhere. They stay bytes: what is not UTF-8 in them is for their reader.

use super::failure::Failure;
use super::text::either;

/// One event: its data, and its name where one was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub name: Vec<u8>,
    pub data: Vec<u8>,
}

/// Takes bytes, gives events. Lines end with LF, CRLF or CR; a BOM and comments are passed over.
#[derive(Debug, Default)]
pub struct Decoder {
    line: Vec<u8>,
    name: Vec<u8>,
    data: Option<Vec<u8>>,
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
            let Some(end) = either(bytes, b'\n', b'\r') else {
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
        let line = std::mem::take(&mut self.line);
        self.end(&line)
    }

    /// Reads a line.
    fn end(&mut self, mut line: &[u8]) -> Option<Event> {
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        }
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            return self.data.take().map(|data| Event { name, data });
        }
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (field, value) = line.split_at(colon);
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => match &mut self.data {
                Some(data) => {
                    data.push(b'\n');
                    data.extend_from_slice(value);
                }
                None => self.data = Some(value.to_vec()),
            },
            b"event" => self.name = value.to_vec(),
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
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let events = self.decoder.push(bytes);
        self.take(events)
    }

    /// The JSON texts that the end completes. A stream that ends before it said so was cut short.
    pub fn finish(&mut self) -> Result<Vec<Vec<u8>>, Box<Failure>> {
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
        self.decoder.line.len() + self.decoder.data.as_ref().map_or(0, Vec::len)
    }

    fn take(&mut self, events: impl IntoIterator<Item = Event>) -> Vec<Vec<u8>> {
        let mut texts = Vec::new();
        for Event { data, .. } in events {
            let text = data.trim_ascii();
            self.done |= text.starts_with(b"[DONE]");
            if self.done {
                break;
            }
            self.finished = self.finished || tells_finish(text);
            if !text.is_empty() {
                texts.push(data);
            }
        }
        texts
    }
}

/// What stands between the items of [`array`]. JSON may hold it between values, and no event's data holds it.
pub const BETWEEN: &[u8] = b",\r";

/// Texts as one JSON array; empty for none.
pub fn array(texts: &[Vec<u8>]) -> Vec<u8> {
    let mut array = Vec::with_capacity(texts.iter().map(|text| text.len() + BETWEEN.len()).sum());
    for text in texts {
        array.extend_from_slice(if array.is_empty() { b"[" } else { BETWEEN });
        array.extend_from_slice(text);
    }
    array.extend_from_slice(if array.is_empty() { b"" } else { b"]" });
    array
}

/// Whether a chunk holds a `finish_reason` that is a text. The key is sought by its underscore, which is rare.
fn tells_finish(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(at) = either(rest, b'_', b'_') {
        let (before, after) = rest.split_at(at);
        let value = after.strip_prefix(b"_reason\"").map(<[u8]>::trim_ascii_start);
        let value = value.and_then(|value| value.strip_prefix(b":")).map(<[u8]>::trim_ascii_start);
        if before.ends_with(b"\"finish") && value.is_some_and(|value| value.first() == Some(&b'"')) {
            return true;
        }
        rest = after.get(1..).unwrap_or_default();
    }
    false
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
        assert_eq!(decoder.finish(), Some(Event { name: Vec::new(), data: "x".into() }));
    }

    #[test]
    fn texts_become_one_array() {
        let text =
            |texts: &[&str]| String::from_utf8(array(&texts.iter().map(|text| (*text).into()).collect::<Vec<_>>()));
        assert_eq!(text(&[]).unwrap(), "");
        assert_eq!(text(&["1"]).unwrap(), "[1]");
        let several = text(&["{}", "\"ü\"", "[\n]"]).unwrap();
        assert_eq!(several, "[{},\r\"ü\",\r[\n]]");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&several).unwrap(), serde_json::json!([{}, "ü", []]));
    }

    #[test]
    fn a_chat_ends_with_done() {
        let mut chat = ChatEvents::default();
        assert_eq!(chat.push(b"data: {\"a\":1}\n\ndata:[DONE]\n\ndata: {\"b\":2}\n\n"), [b"{\"a\":1}"]);
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
