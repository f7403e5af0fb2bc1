//! The little that the core needs of string handling, byte by byte. The standard library's searchers are faster on
//! long texts and cost ten times the bytes; the texts here are headers and ids.

/// Cuts at the first `separator`.
#[inline(never)]
pub fn cut(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The parts between separators.
#[inline(never)]
pub fn parts(text: &str, separator: u8) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, tail)) = cut(rest, separator) {
        parts.push(part);
        rest = tail;
    }
    parts.push(rest);
    parts
}

/// Where one of two bytes stands first. Streams are long, so eight bytes are looked at together.
#[inline(never)]
pub fn either(bytes: &[u8], one: u8, other: u8) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // The lowest bit that is set marks the first byte that is 0.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = zeros(word ^ (ONES * u64::from(one))) | zeros(word ^ (ONES * u64::from(other)));
        if found != 0 {
            return Some(at * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|byte| *byte == one || *byte == other)?;
    Some(words.len() * 8 + at)
}

/// Cuts at the first `;` or `,` that does not stand in quotes, and says which it was: 0 for the end.
#[inline(never)]
pub fn cut_parameter(text: &str) -> (&str, u8, &str) {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        if !quoted && (byte == b';' || byte == b',') {
            return (text.get(..at).unwrap_or_default(), byte, text.get(at + 1..).unwrap_or_default());
        }
        quoted ^= byte == b'"' && !escaped;
        escaped = quoted && byte == b'\\' && !escaped;
    }
    (text, 0, "")
}

#[inline(never)]
pub fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}

/// A number in decimal digits; the standard library's formatting costs thirty times the bytes.
#[inline(never)]
pub fn digits(mut number: u64) -> String {
    let mut out = String::new();
    loop {
        out.insert(0, char::from(b'0' + (number % 10) as u8));
        number /= 10;
        if number == 0 {
            return out;
        }
    }
}

#[inline(never)]
pub fn trim(text: &str) -> &str {
    text.trim_ascii()
}

/// Puts texts together, with a separator between them.
#[inline(never)]
pub fn join(parts: &[String], separator: &str) -> String {
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.push_str(separator);
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_any_number() {
        for number in [0, 7, 10, 1234, u64::MAX] {
            assert_eq!(digits(number), number.to_string());
        }
    }

    #[test]
    fn cuts_and_parts() {
        assert_eq!(cut("ä=b=c", b'='), Some(("ä", "b=c")));
        assert_eq!(cut("abc", b'='), None);
        assert_eq!(parts("a//b/", b'/'), ["a", "", "b", ""]);
        assert_eq!(parts("", b'/'), [""]);
        assert_eq!(cut_parameter(r#"a="\";\\,";b,"#), (r#"a="\";\\,""#, b';', "b,"));
        assert_eq!((cut_parameter("b,"), cut_parameter("b\\")), (("b", b',', ""), ("b\\", 0, "")));
        assert!(contains("a..b", "..") && !contains("a.b", "..") && !contains("", "x"));
        assert_eq!(join(&["a".into(), "b".into()], "; "), "a; b");
    }
}
