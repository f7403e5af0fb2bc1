//! How the bytes of a fuzzer become values that a person can read and write.

use std::borrow::Cow;

pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Fields with a separator between them, which the first character names: any other may stand in a field.
pub struct Fields<'a> {
    rest: Option<&'a str>,
    separator: char,
}

impl<'a> Fields<'a> {
    pub fn of(text: &'a str) -> Fields<'a> {
        let mut chars = text.chars();
        let separator = chars.next().unwrap_or('\n');
        Fields { rest: (!text.is_empty()).then_some(chars.as_str()), separator }
    }

    /// The next field; empty after the last.
    pub fn text(&mut self) -> &'a str {
        self.next().unwrap_or_default()
    }

    /// The next field as a number; 0 if it is none.
    pub fn number<T: std::str::FromStr + Default>(&mut self) -> T {
        self.text().parse().unwrap_or_default()
    }

    /// All that is left, separators and all.
    pub fn rest(&mut self) -> &'a str {
        self.rest.take().unwrap_or_default()
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.take()?;
        match rest.split_once(self.separator) {
            Some((field, rest)) => {
                self.rest = Some(rest);
                Some(field)
            }
            None => Some(rest),
        }
    }
}
