//! Server-sent events: however the bytes are cut, the events are those of the whole stream read line by line.

use hf_wasm::core::sse::{ChatEvents, Decoder, Event};
use serde_json::Value;

/// The first byte says where the rest is cut.
pub fn fuzz(bytes: &[u8]) {
    let Some((seed, stream)) = bytes.split_first() else { return };
    let mut state = u32::from(*seed);
    let mut pieces = Vec::new();
    let mut rest = stream;
    while !rest.is_empty() {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        let (piece, after) = rest.split_at((state >> 16) as usize % 7 % (rest.len() + 1));
        pieces.push(piece);
        rest = after;
    }
    holds(&pieces);
    chat_holds(&pieces);
}

/// The decoder gives the events of the reference, the last of them when the stream ends.
pub fn holds(pieces: &[&[u8]]) {
    let (events, last) = reference(&pieces.concat());
    let mut decoder = Decoder::default();
    let given: Vec<_> = pieces.iter().flat_map(|piece| decoder.push(piece)).collect();
    assert_eq!(given, events);
    assert_eq!(decoder.finish(), last);
    assert_eq!(decoder.finish(), None, "an end comes once");
}

/// A chat gives the data of its events up to `[DONE]`, blank data left out; its end is an error unless it was announced.
pub fn chat_holds(pieces: &[&[u8]]) {
    let (events, last) = reference(&pieces.concat());
    let goes_on = |event: &&Event| !event.data.trim_ascii().starts_with(b"[DONE]");
    let texts = |events: &[Event]| -> Vec<_> {
        let data = events.iter().take_while(goes_on).map(|event| event.data.clone());
        data.filter(|data| !data.trim_ascii().is_empty()).collect()
    };
    let done = !events.iter().all(|event| goes_on(&event));
    let last: Vec<_> = last.into_iter().filter(|_| !done).collect();
    let mut chat = ChatEvents::default();
    let given: Vec<_> = pieces.iter().flat_map(|piece| chat.push(piece)).collect();
    assert_eq!((given, chat.done()), (texts(&events), done));
    let end = chat.finish();
    match &end {
        Ok(given) => assert_eq!(*given, texts(&last)),
        Err(_) => assert!(!chat.done()),
    }
    let chunks = [texts(&events), texts(&last)].concat();
    if let Some(finished) = chunks.iter().map(|text| finish(text)).try_fold(false, |one, other| Some(one | other?)) {
        assert_eq!(end.is_ok(), chat.done() || finished, "{chunks:?}");
    }
}

/// Whether a chunk tells why the model stopped; None if it is not JSON as servers write it: compact, each key once and
/// without quotes in it.
fn finish(text: &[u8]) -> Option<bool> {
    let value = serde_json::from_slice::<Value>(text).ok()?;
    let written = value.to_string();
    (written.as_bytes() == text && plain_keys(&value)).then(|| has_finish(&value))
}

fn plain_keys(value: &Value) -> bool {
    members(value).all(|(key, value)| !key.contains('"') && plain_keys(value))
}

fn has_finish(value: &Value) -> bool {
    members(value).any(|(key, value)| key == "finish_reason" && value.is_string() || has_finish(value))
}

/// The members of an object or a list.
fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let fields = value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value));
    fields.chain(value.as_array().into_iter().flatten().map(|value| ("", value)))
}

/// The events of a whole stream, and the one that its end completes: the standard's algorithm, line by line, but for
/// its last rule, by which that one would be dropped.
fn reference(stream: &[u8]) -> (Vec<Event>, Option<Event>) {
    let stream = stream.strip_prefix("\u{feff}".as_bytes()).unwrap_or(stream);
    let mut block = Block::default();
    let mut lines: Vec<_> = lines(stream).into_iter().map(|line| block.line(&line)).collect();
    let last = lines.pop().flatten().or_else(|| block.line(b""));
    (lines.into_iter().flatten().collect(), last)
}

/// The lines of a stream; the last one has no end.
fn lines(stream: &[u8]) -> Vec<Vec<u8>> {
    let mut lines = vec![Vec::new()];
    let mut before = 0;
    for byte in stream {
        match (before, byte) {
            (b'\r', b'\n') => {}
            (_, b'\r' | b'\n') => lines.push(Vec::new()),
            _ => lines.last_mut().unwrap().push(*byte),
        }
        before = *byte;
    }
    lines
}

#[derive(Default)]
struct Block {
    name: Vec<u8>,
    data: Vec<Vec<u8>>,
}

impl Block {
    fn line(&mut self, line: &[u8]) -> Option<Event> {
        if line.is_empty() {
            let Block { name, data } = std::mem::take(self);
            return (!data.is_empty()).then(|| Event { name, data: data.join(&b'\n') });
        }
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let (field, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let value = value.strip_prefix(b" ").unwrap_or(value).to_vec();
        match field {
            b"event" => self.name = value,
            b"data" => self.data.push(value),
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;

    /// Bytes cut at any places.
    fn cut(stream: Vec<u8>) -> impl Strategy<Value = Vec<Vec<u8>>> {
        vec(any::<Index>(), 0..8).prop_map(move |places| {
            let mut places: Vec<_> = places.iter().map(|place| place.index(stream.len() + 1)).collect();
            places.extend([0, stream.len()]);
            places.sort_unstable();
            places.windows(2).map(|pair| stream[pair[0]..pair[1]].to_vec()).collect()
        })
    }

    fn line() -> impl Strategy<Value = Vec<u8>> {
        let field =
            "(data|event|id|retry|dat|: ping|\u{feff}data|Data|)(:| : |: |::|)[ a-z\"{}:\\[\\]DONEü\u{feff}]{0,12}";
        prop_oneof![8 => field.prop_map(String::into_bytes), 1 => vec(any::<u8>(), 0..9), 2 => Just(Vec::new())]
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let end = select(vec!["\n", "\r\n", "\r"]);
        (select(vec!["", "\u{feff}"]), vec((line(), end), 0..16), line()).prop_map(|(bom, lines, unfinished)| {
            let lines = lines.into_iter().flat_map(|(line, end)| [line, end.into()]);
            [bom.into()].into_iter().chain(lines).chain([unfinished]).flatten().collect()
        })
    }

    /// JSON with `finish_reason` in places where it means something and in places where it does not.
    fn chunk() -> impl Strategy<Value = Value> {
        let text = "(finish_reason|\"finish_reason\":\"stop\"|[a-z\"\\\\:ü ]{0,9})".prop_map(Value::from);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            text
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            let member = ("(finish_reason|finish_reasons|index|delta|[a-z:\\[]{0,4})", inner.clone());
            prop_oneof![
                vec(inner, 0..4).prop_map(Value::from),
                vec(member, 0..4).prop_map(|members| members.into_iter().collect())
            ]
        })
    }

    proptest! {
        #![proptest_config(crate::config())]

        #[test]
        fn a_stream_may_be_cut_anywhere(pieces in stream().prop_flat_map(cut)) {
            let pieces: Vec<_> = pieces.iter().map(Vec::as_slice).collect();
            holds(&pieces);
            chat_holds(&pieces);
        }

        #[test]
        fn a_chat_ends_as_it_says(chunks in vec(chunk(), 0..4), done in any::<bool>(), pretty in any::<bool>()) {
            let text = |chunk| if pretty { serde_json::to_string_pretty(chunk) } else { serde_json::to_string(chunk) };
            let texts: Vec<_> = chunks.iter().map(|chunk| text(chunk).unwrap()).collect();
            let mut stream: String = texts.iter().map(|text| format!("data: {}\n\n", text.replace('\n', "\ndata: "))).collect();
            if done {
                stream.push_str("data: [DONE]\n\n");
            }
            let mut chat = ChatEvents::default();
            let given: Vec<_> = chat.push(stream.as_bytes()).into_iter().map(|text| String::from_utf8(text).unwrap()).collect();
            prop_assert_eq!(given, texts);
            prop_assert_eq!(chat.done(), done);
            prop_assert_eq!(chat.finish().is_ok(), done || chunks.iter().any(has_finish));
            chat_holds(&[stream.as_bytes()]);
        }
    }
}
