//! The text form of hashes and bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

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
        assert_eq!(hex(&[0x00, 0x0f, 0xf0, 0xff]), "000ff0ff");
    }
}
