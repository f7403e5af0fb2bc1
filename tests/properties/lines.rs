//! The lines of a commit: a JSON parser reads back from each exactly what was given.

use hf_wasm::core::commit::lines::NdjsonBody;
use serde_json::{Value, json};

use crate::input::{self, Fields};

/// What becomes a line.
#[derive(Debug, Clone)]
pub enum Line {
    File { path: String, content: Vec<u8> },
    LargeFile { path: String, oid: String, size: u64 },
    Rename { path: String, from: String },
    RenameLarge { path: String, from: String, oid: String, size: u64 },
    DeleteFile { path: String },
    DeleteFolder { path: String },
}

/// Summary, description and parent, then for each of at most eight lines a word that says which, and its values.
pub fn fuzz(bytes: &[u8]) {
    let text = input::text(bytes);
    let mut fields = Fields::of(&text);
    let header = [(); 3].map(|()| fields.text());
    let mut lines = Vec::new();
    while lines.len() < 8
        && let Some(word) = fields.next()
    {
        let path = fields.text().to_owned();
        let mut text = || fields.text().to_owned();
        lines.push(match word {
            "file" => Line::File { path, content: text().into_bytes() },
            "lfs" => Line::LargeFile { path, oid: text(), size: fields.number() },
            "rename" => Line::Rename { path, from: text() },
            "renamelfs" => Line::RenameLarge { path, from: text(), oid: text(), size: fields.number() },
            "folder" => Line::DeleteFolder { path },
            _ => Line::DeleteFile { path },
        });
    }
    holds(header[0], header[1], Some(header[2]).filter(|parent| !parent.is_empty()), &lines);
    // The content of a file may be any bytes.
    holds("", "", None, &[Line::File { path: String::new(), content: bytes.to_vec() }]);
}

pub fn holds(summary: &str, description: &str, parent: Option<&str>, lines: &[Line]) {
    let mut written = NdjsonBody::new(summary, description, parent);
    let mut header = json!({ "summary": summary, "description": description });
    if let Some(parent) = parent {
        header["parentCommit"] = parent.into();
    }
    let mut expected = vec![json!({ "key": "header", "value": header })];
    for line in lines {
        write(&mut written, line);
        expected.push(object(line));
    }
    let text = written.finish();
    let ended = text.strip_suffix('\n').expect("the last line has an end");
    let mut read: Vec<Value> = ended.split('\n').map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for value in &mut read {
        decode_content(value);
    }
    assert_eq!(read, expected, "{text}");
}

fn write(lines: &mut NdjsonBody, line: &Line) {
    match line {
        Line::File { path, content } => lines.file(path, content),
        Line::LargeFile { path, oid, size } => lines.large_file(path, oid, *size),
        Line::Rename { path, from } => lines.rename(path, from),
        Line::RenameLarge { path, from, oid, size } => lines.rename_large(path, from, oid, *size),
        Line::DeleteFile { path } => lines.delete_file(path),
        Line::DeleteFolder { path } => lines.delete_folder(path),
    }
}

/// What the API wants a line to say, with each byte of the content as a character.
fn object(line: &Line) -> Value {
    let (key, value) = match line {
        Line::File { path, content } => {
            ("file", json!({ "path": path, "encoding": "base64", "content": characters(content) }))
        }
        Line::LargeFile { path, oid, size } => {
            ("lfsFile", json!({ "path": path, "algo": "sha256", "oid": oid, "size": size }))
        }
        Line::Rename { path, from } => ("file", json!({ "path": path, "oldPath": from })),
        Line::RenameLarge { path, from, oid, size } => {
            ("lfsFile", json!({ "path": path, "oldPath": from, "algo": "sha256", "oid": oid, "size": size }))
        }
        Line::DeleteFile { path } => ("deletedFile", json!({ "path": path })),
        Line::DeleteFolder { path } => ("deletedFolder", json!({ "path": path })),
    };
    json!({ "key": key, "value": value })
}

fn decode_content(line: &mut Value) {
    if let Some(content) = line["value"].get_mut("content") {
        *content = characters(&bytes_of(content.as_str().unwrap())).into();
    }
}

fn characters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The bytes of a base64 text with padding.
fn bytes_of(text: &str) -> Vec<u8> {
    assert_eq!(text.len() % 4, 0);
    let bare = text.trim_end_matches('=');
    assert!(text.len() - bare.len() <= 2);
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for symbol in bare.bytes() {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => panic!("{symbol} is no symbol of base64"),
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    assert_eq!(bits, 0, "the bits left over are 0");
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[a-z\"\\\\/\u{0}-\u{1f}\u{7f}-\u{9f}\u{2028}\u{2029}\u{feff}😀]{0,12}"]
    }

    fn line() -> impl Strategy<Value = Line> {
        let file = (text(), vec(any::<u8>(), 0..40)).prop_map(|(path, content)| Line::File { path, content });
        let large = (text(), text(), any::<u64>()).prop_map(|(path, oid, size)| Line::LargeFile { path, oid, size });
        let rename = (text(), text()).prop_map(|(path, from)| Line::Rename { path, from });
        let rename_large = (text(), text(), text(), any::<u64>())
            .prop_map(|(path, from, oid, size)| Line::RenameLarge { path, from, oid, size });
        let file_gone = text().prop_map(|path| Line::DeleteFile { path });
        let folder_gone = text().prop_map(|path| Line::DeleteFolder { path });
        prop_oneof![file, large, rename, rename_large, file_gone, folder_gone]
    }

    proptest! {
        #![proptest_config(crate::config())]

        #[test]
        fn what_is_written_is_read_back(summary in text(), description in text(), parent in proptest::option::of(text()),
            lines in vec(line(), 0..6)) {
            holds(&summary, &description, parent.as_deref(), &lines);
        }
    }
}
