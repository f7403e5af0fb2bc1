//! The `Link` header that names the next page: absolute, a space after the semicolon, no comma in the URL.

use crate::http::signature::escape;

/// `url` without a query; keys may be repeated.
pub fn next(url: &str, query: &[(String, String)]) -> String {
    let pairs: Vec<String> = query.iter().map(|(key, value)| format!("{}={}", escape(key), escape(value))).collect();
    format!("<{url}?{}>; rel=\"next\"", pairs.join("&"))
}

/// The query of the next page: that of this one with `key` set anew, in front.
pub fn turned(query: &[(String, String)], key: &str, value: String) -> Vec<(String, String)> {
    let rest = query.iter().filter(|(name, _)| name != key).cloned();
    std::iter::once((key.to_owned(), value)).chain(rest).collect()
}

/// Path segments with everything but the slashes escaped.
pub fn path(text: &str) -> String {
    text.split('/').map(escape).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_query() {
        let query =
            [("p", "1"), ("tags", "a,b"), ("limit", "2")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        let link = next("http://h/api", &turned(&query, "p", "2".to_owned()));
        assert_eq!(link, "<http://h/api?p=2&tags=a%2Cb&limit=2>; rel=\"next\"");
    }
}
