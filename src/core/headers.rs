//! Headers: of a response as the core asks for them, by lower-case name, and which of a request can be sent.

/// The headers of a response that the core reads.
pub const READ: [&str; 18] = [
    "content-length", "content-range", "content-type", "etag", "link", "location", "ratelimit", "ratelimit-policy",
    "retry-after", "retry-after-ms", "x-amz-cf-id", "x-amzn-trace-id", "x-error-code", "x-error-message",
    "x-linked-etag", "x-linked-size", "x-request-id", "x-total-count",
];

pub trait Headers {
    fn header(&self, name: &str) -> Option<String>;
}

/// The value of a header among lines of `name: value`.
pub fn line(lines: &str, name: &str) -> Option<String> {
    lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned))
}

/// Whether this is a header's name: a token of RFC 9110.
pub fn is_name(name: &str) -> bool {
    let special = b"!#$%&'*+-.^_`|~";
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || special.contains(&byte))
}

/// Whether a header can carry this value: visible ASCII, spaces and tabs.
pub fn is_value(value: &str) -> bool {
    value.bytes().all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte))
}

pub fn is_header(name: &str, value: &str) -> bool {
    is_name(name) && is_value(value)
}

#[cfg(not(target_arch = "wasm32"))]
impl Headers for [(&str, &str)] {
    fn header(&self, name: &str) -> Option<String> {
        self.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| (*value).to_owned())
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<const N: usize> Headers for [(&str, &str); N] {
    fn header(&self, name: &str) -> Option<String> {
        self.as_slice().header(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_header_is_no_value() {
        assert!(is_value("") && is_value("a\tb c~"));
        for bad in ["a\r\nx: y", "a\nb", "a\0b", "ü", "\u{7f}"] {
            assert!(!is_value(bad), "{bad:?}");
        }
        assert!(is_name("x-api_key.1") && !is_name("") && !is_name("a b") && !is_name("a:") && !is_name("ä"));
    }
}
