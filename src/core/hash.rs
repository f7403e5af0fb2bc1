//! Hashes that decide what a commit uploads, and their text form.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// SHA-256 of bytes that come in pieces: the id of a large file.
#[derive(Debug, Default)]
pub struct LargeFileId(Sha256);

impl LargeFileId {
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// What git hashes, with SHA-1, for the id of a blob.
pub fn blob(content: &[u8]) -> Vec<u8> {
    let mut bytes = format!("blob {}\0", content.len()).into_bytes();
    bytes.extend_from_slice(content);
    bytes
}

pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        text.push(symbol(b"0123456789abcdef", byte >> 4));
        text.push(symbol(b"0123456789abcdef", byte & 15));
    }
    text
}

/// Base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub fn push_base64(text: &mut String, bytes: &[u8]) {
    STANDARD.encode_string(bytes, text);
}

fn symbol(alphabet: &[u8], value: u8) -> char {
    alphabet.get(usize::from(value)).copied().map_or('0', char::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(blob(b"hello\n"), b"blob 6\0hello\n");
        let encoded = ["", "f", "fo", "foo", "foob", "fooba", "\u{ff}\u{3ff}"].map(|text| base64(text.as_bytes()));
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "w7/Pvw=="]);
        let mut id = LargeFileId::default();
        id.push(b"he");
        id.push(b"llo");
        assert_eq!(id.finish(), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    }
}
