//! The query of a request, decoded: `expand[]` is `expand`, a plus is a space.

use form_urlencoded::parse;

pub fn pairs(raw: &str) -> Vec<(String, String)> {
    parse(raw.as_bytes())
        .map(|(key, value)| (key.strip_suffix("[]").unwrap_or(&key).to_owned(), value.into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn brackets_are_folded_and_values_decoded() {
        let pairs = super::pairs("expand%5B%5D=likes&expand[]=sha&q=a+b%2Bc&flag&&x=1=2");
        let expected = [("expand", "likes"), ("expand", "sha"), ("q", "a b+c"), ("flag", ""), ("x", "1=2")];
        assert_eq!(pairs, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
