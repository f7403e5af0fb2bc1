//! Contents of binary files: a real safetensors file, and bytes that look like other formats.

use serde_json::{Map, json};

use crate::seed::dice::Dice;

/// A safetensors file of F32 tensors with small weights: an 8-byte length, a JSON header, the numbers.
pub fn safetensors(tensors: &[(&str, &[usize])]) -> Vec<u8> {
    let mut header = Map::new();
    header.insert("__metadata__".to_owned(), json!({ "format": "pt" }));
    let mut end = 0;
    for (name, shape) in tensors {
        let start = end;
        end += shape.iter().product::<usize>() * 4;
        header.insert((*name).to_owned(), json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, end] }));
    }
    let mut header = serde_json::Value::Object(header).to_string();
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    let mut dice = Dice::new("weights");
    bytes.extend((0..end / 4).flat_map(|_| ((dice.fraction() as f32 - 0.5) * 0.1).to_le_bytes()));
    bytes
}

/// Bytes between the magic of a format: enough for whoever looks at the ends, no more.
pub fn filler(magic: &str, name: &str, length: usize) -> Vec<u8> {
    let mut dice = Dice::new(name);
    let mut bytes = magic.as_bytes().to_vec();
    bytes.extend((0..length).map(|_| dice.below(256) as u8));
    bytes.extend(magic.as_bytes());
    bytes
}
