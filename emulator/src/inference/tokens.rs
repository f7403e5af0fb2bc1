//! Texts as tokens: a word or a sign with the blanks before it; long words in pieces. Joined they are the text again.

/// Letters that a token holds at most.
const MAX_LENGTH: usize = 8;

pub fn split(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let (mut start, mut letters, mut in_word) = (0, 0, false);
    for (at, letter) in text.char_indices() {
        let word = letter.is_alphanumeric();
        let ends = letters > 0 && (!word || !in_word || letters == MAX_LENGTH);
        if ends {
            tokens.extend(text.get(start..at));
            (start, letters) = (at, 0);
        }
        letters += usize::from(!letter.is_whitespace());
        in_word = word || (letter.is_whitespace() && letters == 0);
    }
    tokens.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    tokens
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn tokens_joined_are_the_text() {
        for text in [
            "Hello, world!  A  tensor.",
            "",
            "   ",
            "Donaudampfschifffahrt",
            "日本語のテキスト、です。",
            "a\n\nb 🙂🙂",
            "{\"a\":1}",
        ] {
            assert_eq!(split(text).concat(), text);
        }
        assert_eq!(split("Hello, world"), ["Hello", ",", " world"]);
        assert_eq!(split("Donaudampf"), ["Donaudam", "pf"]);
    }
}
