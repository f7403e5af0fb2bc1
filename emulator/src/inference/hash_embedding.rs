//! `emulator/hash-embedding`: words, their stems and their letters hashed into a vector. Texts that share them are near.

pub const DIMENSIONS: usize = 384;

/// Words that say little.
const COMMON: [&str; 40] = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "from", "had", "has", "have", "he", "her", "his",
    "i", "in", "is", "it", "its", "of", "on", "or", "she", "that", "the", "their", "they", "this", "to", "was", "we",
    "were", "will", "with", "you", "do", "not",
];

pub fn embed(text: &str) -> Vec<f32> {
    let mut vector = vec![0.0; DIMENSIONS];
    let words = words(text);
    for word in &words {
        let weight = if COMMON.contains(&word.as_str()) { 0.15 } else { 1.0 };
        add(&mut vector, "word", stem(word), weight);
        let letters: Vec<char> = format!("^{word}$").chars().collect();
        let share = 0.5 * weight / (letters.len() as f32).sqrt();
        for letters in letters.windows(3) {
            add(&mut vector, "letters", &letters.iter().collect::<String>(), share);
        }
    }
    for pair in words.windows(2) {
        add(&mut vector, "pair", &pair.join(" "), 0.15);
    }
    vector
}

pub fn normalize(vector: &mut [f32]) {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
}

/// Cosine of the angle between two vectors.
pub fn similarity(left: &[f32], right: &[f32]) -> f32 {
    let dot = |left: &[f32], right: &[f32]| left.iter().zip(right).map(|(a, b)| a * b).sum::<f32>();
    let lengths = (dot(left, left) * dot(right, right)).sqrt();
    if lengths > 0.0 { dot(left, right) / lengths } else { 0.0 }
}

pub fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// The word without a common English ending.
fn stem(word: &str) -> &str {
    ["ing", "ies", "ed", "es", "ly", "s"]
        .into_iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.chars().count() > 2))
        .unwrap_or(word)
}

/// Adds a feature at two places, with signs, so that two features seldom meet.
fn add(vector: &mut [f32], kind: &str, feature: &str, weight: f32) {
    let hash = hash(kind, feature);
    for part in [hash & 0xffff_ffff, hash >> 32] {
        let sign = if part & 1 == 0 { 1.0 } else { -1.0 };
        if let Some(value) = vector.get_mut((part >> 1) as usize % DIMENSIONS) {
            *value += sign * weight;
        }
    }
}

/// FNV-1a, stirred at the end.
fn hash(kind: &str, feature: &str) -> u64 {
    let bytes = kind.bytes().chain([0]).chain(feature.bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_sentences_are_near() {
        let [cat, sitting, stocks, empty] =
            ["The cat sat on the mat.", "A cat was sitting on a mat.", "Stock prices fell on Monday.", ""].map(embed);
        assert!(similarity(&cat, &sitting) > 0.5, "{}", similarity(&cat, &sitting));
        assert!(similarity(&cat, &stocks) < 0.2, "{}", similarity(&cat, &stocks));
        assert_eq!(similarity(&cat, &empty), 0.0);
        assert!((similarity(&cat, &cat) - 1.0).abs() < 1e-5);
    }
}
