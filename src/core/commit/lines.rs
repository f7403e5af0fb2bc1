//! The body of a commit: one JSON object a line.

use crate::core::hash;

/// Writes the lines of a commit.
#[derive(Debug)]
pub struct NdjsonBody(String);

impl NdjsonBody {
    pub fn new(summary: &str, description: &str, parent_commit: Option<&str>) -> NdjsonBody {
        let mut lines = NdjsonBody(String::new());
        let mut properties = vec![("summary", summary), ("description", description)];
        properties.extend(parent_commit.map(|parent| ("parentCommit", parent)));
        lines.push("header", &properties, None);
        lines
    }

    /// Makes room for files of so many bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.0.reserve_exact(bytes.div_ceil(3) * 4);
    }

    /// A regular file with its content.
    pub fn file(&mut self, path: &str, content: &[u8]) {
        self.begin("file", &[("path", path), ("encoding", "base64")]);
        self.0.push_str(",\"content\":\"");
        hash::push_base64(&mut self.0, content);
        self.0.push_str("\"}}\n");
    }

    /// A large file that is already stored.
    pub fn large_file(&mut self, path: &str, oid: &str, size: u64) {
        self.push("lfsFile", &[("path", path), ("algo", "sha256"), ("oid", oid)], Some(size));
    }

    pub fn rename(&mut self, path: &str, from: &str) {
        self.push("file", &[("path", path), ("oldPath", from)], None);
    }

    pub fn rename_large(&mut self, path: &str, from: &str, oid: &str, size: u64) {
        self.push("lfsFile", &[("path", path), ("oldPath", from), ("algo", "sha256"), ("oid", oid)], Some(size));
    }

    pub fn delete_file(&mut self, path: &str) {
        self.push("deletedFile", &[("path", path)], None);
    }

    pub fn delete_folder(&mut self, path: &str) {
        self.push("deletedFolder", &[("path", path)], None);
    }

    pub fn finish(self) -> String {
        self.0
    }

    fn push(&mut self, key: &str, properties: &[(&str, &str)], size: Option<u64>) {
        self.begin(key, properties);
        if let Some(size) = size {
            self.0.push_str(",\"size\":");
            self.0.push_str(&size.to_string());
        }
        self.0.push_str("}}\n");
    }

    fn begin(&mut self, key: &str, properties: &[(&str, &str)]) {
        let out = &mut self.0;
        out.push_str("{\"key\":\"");
        out.push_str(key);
        out.push_str("\",\"value\":{");
        for (at, (name, value)) in properties.iter().enumerate() {
            out.push_str(if at > 0 { ",\"" } else { "\"" });
            out.push_str(name);
            out.push_str("\":");
            push_quoted(out, value);
        }
    }
}

/// A text as a JSON string.
pub fn quote(text: &str) -> String {
    let mut out = String::new();
    push_quoted(&mut out, text);
    out
}

fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                out.push('\\');
                out.push(char);
            }
            '\0'..' ' => {
                out.push_str("\\u00");
                out.push_str(&hash::hex(&[char as u8]));
            }
            _ => out.push(char),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn every_line_is_json() {
        let mut lines = NdjsonBody::new("Say \"hi\"\n", "back\\slash \u{1} ü", Some("abc"));
        lines.file("a.txt", b"hello");
        lines.large_file("w.bin", "5e1f", 20_000_000_000);
        lines.rename("b", "a");
        lines.rename_large("d", "c", "77", 5);
        lines.delete_file("x");
        lines.delete_folder("y/");
        let text = lines.finish();
        let parsed: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            parsed,
            [
                json!({"key": "header", "value": {"summary": "Say \"hi\"\n", "description": "back\\slash \u{1} ü", "parentCommit": "abc"}}),
                json!({"key": "file", "value": {"path": "a.txt", "encoding": "base64", "content": "aGVsbG8="}}),
                json!({"key": "lfsFile", "value": {"path": "w.bin", "algo": "sha256", "oid": "5e1f", "size": 20_000_000_000u64}}),
                json!({"key": "file", "value": {"path": "b", "oldPath": "a"}}),
                json!({"key": "lfsFile", "value": {"path": "d", "oldPath": "c", "algo": "sha256", "oid": "77", "size": 5}}),
                json!({"key": "deletedFile", "value": {"path": "x"}}),
                json!({"key": "deletedFolder", "value": {"path": "y/"}}),
            ]
        );
    }
}
