//! Model files in the format of llama.cpp.

/// A GGUF file of metadata alone: magic, version 3, no tensors, a count of pairs, each a name, a type and a string.
pub fn metadata(pairs: &[(&str, &str)]) -> Vec<u8> {
    const TEXT: u32 = 8;
    let mut bytes = b"GGUF".to_vec();
    bytes.extend(3_u32.to_le_bytes());
    bytes.extend(0_u64.to_le_bytes());
    bytes.extend((pairs.len() as u64).to_le_bytes());
    let text = |text: &str| [(text.len() as u64).to_le_bytes().as_slice(), text.as_bytes()].concat();
    for (name, value) in pairs {
        bytes.extend(text(name));
        bytes.extend(TEXT.to_le_bytes());
        bytes.extend(text(value));
    }
    bytes
}
