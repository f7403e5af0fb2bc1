//! The one place where values become part of a URL.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::failure::Failure;

/// Everything but letters, digits and `-._~`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub fn escape(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// Escapes a value that is one segment of a path. A dot segment would change the path, so it is refused.
pub fn segment(field: &str, text: &str) -> Result<String, Box<Failure>> {
    match text {
        "" => Err(Failure::invalid(field, "must not be empty")),
        "." | ".." => Err(Failure::invalid(field, "must not be a dot segment")),
        _ => Ok(escape(text)),
    }
}

/// Escapes a path of several segments, keeping its slashes.
pub fn path(field: &str, text: &str) -> Result<String, Box<Failure>> {
    let bare = text.strip_prefix('/').unwrap_or(text);
    let mut path = String::new();
    for part in bare.strip_suffix('/').unwrap_or(bare).split('/') {
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(&segment(field, part)?);
    }
    Ok(path)
}

/// Appends `key=value` to a query string.
pub fn push_query(query: &mut String, key: &str, value: &str) {
    query.push(if query.is_empty() { '?' } else { '&' });
    query.push_str(&escape(key));
    query.push('=');
    query.push_str(&escape(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_one_segment() {
        assert_eq!(segment("revision", "refs/pr/1").unwrap(), "refs%2Fpr%2F1");
    }

    #[test]
    fn a_path_keeps_its_slashes_and_escapes_the_rest() {
        assert_eq!(path("path", "/a b/ü#?%/c").unwrap(), "a%20b/%C3%BC%23%3F%25/c");
    }

    #[test]
    fn dot_segments_and_empty_segments_are_refused() {
        for bad in ["..", "a/../b", "./a", "a//b", "", "/", "//a"] {
            assert!(path("path", bad).is_err(), "{bad}");
        }
        assert_eq!(path("path", "a/..b").unwrap(), "a/..b");
    }

    #[test]
    fn query_values_are_escaped_and_keys_repeat() {
        let mut query = String::new();
        push_query(&mut query, "filter", "size_categories:1K<n<10K");
        push_query(&mut query, "filter", "a&b=c");
        assert_eq!(query, "?filter=size_categories%3A1K%3Cn%3C10K&filter=a%26b%3Dc");
    }
}
