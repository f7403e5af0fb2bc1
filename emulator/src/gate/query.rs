//! The query of a request, decoded: `expand[]` is `expand`, a plus is a blank.

use percent_encoding::percent_decode_str;

pub fn pairs(raw: &str) -> Vec<(String, String)> {
    raw.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| {
            let key = decode(key);
            (key.strip_suffix("[]").map(str::to_owned).unwrap_or(key), decode(value))
        })
        .collect()
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
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
