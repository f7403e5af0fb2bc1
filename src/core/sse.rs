//! Server-sent events, decoded from bytes cut anywhere. They stay bytes: what is not UTF-8 in them is for their reader.

use memchr::memchr2;

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
            let Some(end) = memchr2(b'\n', b'\r', bytes) else {
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
            // Not of the standard, but some servers end a stream with it.
            b"error" => (self.name, self.data) = (ERROR.to_vec(), Some(value.to_vec())),
            // A comment has an empty field name; `id` and `retry` mean nothing to a stream that is not resumed.
            _ => {}
        }
        None
    }
}

/// The name of an event that ends a stream with a failure.
const ERROR: &[u8] = b"error";
const DONE: &[u8] = b"[DONE]";

/// The events of a chat completion: JSON until `[DONE]`, or until one that says that the stream has failed.
#[derive(Debug, Default)]
pub struct ChatEvents {
    decoder: Decoder,
    done: bool,
    /// What an event named `error` says.
    failure: Option<Vec<u8>>,
}

impl ChatEvents {
    /// The JSON texts that these bytes complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let events = self.decoder.push(bytes);
        self.take(events)
    }

    /// The JSON texts that the end completes.
    pub fn finish(&mut self) -> Vec<Vec<u8>> {
        let last = self.decoder.finish();
        self.take(last)
    }

    /// Whether `[DONE]` has come.
    pub fn done(&self) -> bool {
        self.done
    }

    /// What an event has said of the stream's failure. Nothing after it counts.
    pub fn failure(&self) -> Option<&[u8]> {
        self.failure.as_deref()
    }

    /// Bytes that wait for their event to be complete.
    pub fn pending(&self) -> usize {
        self.decoder.line.len() + self.decoder.data.as_ref().map_or(0, Vec::len)
    }

    fn take(&mut self, events: impl IntoIterator<Item = Event>) -> Vec<Vec<u8>> {
        let mut texts = Vec::new();
        for Event { name, mut data } in events {
            if self.done || self.failure.is_some() {
                break;
            }
            if name.eq_ignore_ascii_case(ERROR) {
                self.failure = Some(data);
                break;
            }
            // Events of other names are a provider's own, such as pings.
            if !name.is_empty() && name != b"message" {
                continue;
            }
            let text = data.trim_ascii();
            if text.starts_with(DONE) {
                self.done = true;
                break;
            }
            // Servers that leave out the blank lines between events let it end the last of them.
            if let Some(rest) = text.strip_suffix(DONE).and_then(|rest| rest.strip_suffix(b"\n")) {
                self.done = true;
                data.truncate(rest.len() + data.len() - data.trim_ascii_start().len());
            }
            if !data.trim_ascii().is_empty() {
                texts.push(data);
            }
        }
        texts
    }
}

/// Whether a body begins as a stream of events does; None where too little of it is there to tell.
pub fn looks_like_events(bytes: &[u8]) -> Option<bool> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    let fields: [&[u8]; 6] = [b":", b"data:", b"event:", b"id:", b"retry:", b"error:"];
    match fields.iter().any(|field| bytes.starts_with(field)) {
        true => Some(true),
        false if fields.iter().any(|field| field.starts_with(bytes)) => None,
        false => Some(false),
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

    fn chat(stream: &str) -> (Vec<String>, ChatEvents) {
        let mut chat = ChatEvents::default();
        let mut texts = chat.push(stream.as_bytes());
        texts.extend(chat.finish());
        (texts.into_iter().map(|text| String::from_utf8(text).unwrap()).collect(), chat)
    }

    #[test]
    fn a_chat_ends_with_done() {
        let (texts, chat) = chat("data: {\"a\":1}\n\ndata:[DONE]\n\ndata: {\"b\":2}\n\n");
        assert_eq!((texts, chat.done()), (vec!["{\"a\":1}".to_owned()], true));
        assert!(!super::tests::chat("data: {\"a\":1}\n\n").1.done());
    }

    #[test]
    fn done_may_stand_in_the_last_event() {
        let (texts, chat) = chat("data: {\"a\":1}\ndata: {\"b\":2}\ndata: [DONE]\n\n");
        assert_eq!((texts, chat.done()), (vec!["{\"a\":1}\n{\"b\":2}".to_owned()], true));
    }

    #[test]
    fn an_error_event_is_the_end() {
        for stream in [
            "data: 1\n\nevent: error\ndata: out of memory\n\ndata: 2\n\ndata: [DONE]\n\n",
            "data: 1\n\nerror: out of memory\n\ndata: [DONE]\n\n",
            "data: 1\n\nerror: out of memory",
        ] {
            let (texts, chat) = chat(stream);
            assert_eq!(
                (texts, chat.failure(), chat.done()),
                (vec!["1".to_owned()], Some(&b"out of memory"[..]), false)
            );
        }
    }

    #[test]
    fn events_of_other_names_are_no_chunks() {
        let (texts, _) =
            chat("event: ping\ndata: {}\n\nevent: message\ndata: 1\n\nevent: progress\ndata: 5\n\ndata: 2\n\n");
        assert_eq!(texts, ["1", "2"]);
    }

    #[test]
    fn what_begins_as_a_stream_of_events() {
        for stream in ["data: {}", "\n\ndata:1", ": ping", "event: x", "\u{feff}id: 1", "error: x"] {
            assert_eq!(looks_like_events(stream.as_bytes()), Some(true), "{stream}");
        }
        for begun in ["", " ", "da", "even", "r"] {
            assert_eq!(looks_like_events(begun.as_bytes()), None, "{begun}");
        }
        for other in ["{\"data\":1}", "<html>", "database", "Error: x"] {
            assert_eq!(looks_like_events(other.as_bytes()), Some(false), "{other}");
        }
    }
}
