//! Server-sent events: however the bytes are cut, the events are those of the whole stream read line by line.

use hf_wasm::core::sse::{ChatEvents, Decoder, Event};

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

/// A chat gives the data of its unnamed events up to `[DONE]` or an event named `error`, blank data left out.
pub fn chat_holds(pieces: &[&[u8]]) {
    let (mut events, last) = reference(&pieces.concat());
    events.extend(last);
    let (mut texts, mut done, mut failure) = (Vec::new(), false, None);
    for Event { name, data } in events {
        let text = data.trim_ascii().to_vec();
        if name.eq_ignore_ascii_case(b"error") {
            failure = Some(data);
            break;
        }
        if !name.is_empty() && name != b"message" {
            continue;
        }
        done = text.starts_with(b"[DONE]") || text.ends_with(b"\n[DONE]");
        let chunk = text.strip_suffix(b"[DONE]").filter(|_| done).unwrap_or(&text).trim_ascii().to_vec();
        if !chunk.is_empty() && !text.starts_with(b"[DONE]") {
            texts.push(chunk);
        }
        if done {
            break;
        }
    }
    let mut chat = ChatEvents::default();
    let mut given: Vec<_> = pieces.iter().flat_map(|piece| chat.push(piece)).collect();
    given.extend(chat.finish());
    let given: Vec<_> = given.iter().map(|text| text.trim_ascii().to_vec()).collect();
    assert_eq!((given, chat.done(), chat.failure()), (texts, done, failure.as_deref()));
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
            b"error" => (self.name, self.data) = (b"error".to_vec(), vec![value]),
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
        let field = "(data|event|event: error\ndata|error|id|retry|dat|: ping|\u{feff}data|Data|)(:| : |: |::|)[ a-z\"{}:\\[\\]DONEü\u{feff}]{0,12}";
        prop_oneof![8 => field.prop_map(String::into_bytes), 1 => vec(any::<u8>(), 0..9), 2 => Just(Vec::new())]
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let end = select(vec!["\n", "\r\n", "\r"]);
        (select(vec!["", "\u{feff}"]), vec((line(), end), 0..16), line()).prop_map(|(bom, lines, unfinished)| {
            let lines = lines.into_iter().flat_map(|(line, end)| [line, end.into()]);
            [bom.into()].into_iter().chain(lines).chain([unfinished]).flatten().collect()
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
    }
}
