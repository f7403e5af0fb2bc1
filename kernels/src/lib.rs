//! What is computed over the bytes of large files, apart from the core: a WebAssembly of its own, compiled for speed,
//! which is loaded at the first large file.

use sha2::Digest;
use wasm_bindgen::prelude::wasm_bindgen;

/// SHA-256 of bytes that come in pieces: the id of a large file.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Sha256(sha2::Sha256);

#[wasm_bindgen]
impl Sha256 {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Sha256 {
        Sha256::default()
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn digest(self) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::Sha256;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The examples of FIPS 180-2 and the empty message.
    #[test]
    fn known_values() {
        let million = "a".repeat(1_000_000);
        let cases = [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
            (million.as_str(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
        ];
        for (message, digest) in cases {
            for size in [1, 3, 55, 63, 64, 65, 4096, 1 << 20] {
                let mut sha256 = Sha256::new();
                message.as_bytes().chunks(size).for_each(|piece| sha256.update(piece));
                assert_eq!(hex(&sha256.digest()), digest, "{} bytes, {size} at a time", message.len());
            }
        }
    }
}
