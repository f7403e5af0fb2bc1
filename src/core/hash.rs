//! Hashes that decide what a commit uploads, and their text form.

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
    [b"blob ", content.len().to_string().as_bytes(), b"\0", content].concat()
}

pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(blob(b"hello\n"), b"blob 6\0hello\n");
        let mut id = LargeFileId::default();
        id.push(b"he");
        id.push(b"llo");
        assert_eq!(id.finish(), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    }
}
