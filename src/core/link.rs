//! The `Link` header (RFC 8288): which address has `rel="next"`.

/// The target of the first link whose relations include `rel`. Absolute and relative targets, any blanks, unquoted
/// and several relations, and commas inside the address are all read.
pub fn target<'a>(header: &'a str, rel: &str) -> Option<&'a str> {
    let mut rest = header;
    loop {
        let (address, parameters) = rest.split_once('<')?.1.split_once('>')?;
        let (found, following) = parameters_of_link(parameters, rel);
        if found {
            return Some(address.trim_ascii());
        }
        rest = following;
    }
}

/// Whether the parameters up to the link's end name the relation, and what follows the link.
fn parameters_of_link<'a>(parameters: &'a str, rel: &str) -> (bool, &'a str) {
    let (mut rest, mut found) = (parameters, false);
    loop {
        let (parameter, separator, following) = cut_parameter(rest);
        found |= names(parameter, rel);
        if separator != b';' {
            return (found, following);
        }
        rest = following;
    }
}

/// Whether a parameter is `rel=…` and lists the relation.
fn names(parameter: &str, rel: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let value = value.trim_ascii();
    let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    name.trim_ascii().eq_ignore_ascii_case("rel")
        && value.split_ascii_whitespace().any(|found| found.eq_ignore_ascii_case(rel))
}

/// Cuts at the first `;` or `,` that does not stand in quotes, and says which it was: 0 for the end.
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

#[cfg(test)]
mod tests {
    use super::{cut_parameter, target};

    #[test]
    fn parameters_end_outside_quotes() {
        assert_eq!(cut_parameter(r#"a="\";\\,";b,"#), (r#"a="\";\\,""#, b';', "b,"));
        assert_eq!((cut_parameter("b,"), cut_parameter("b\\")), (("b", b',', ""), ("b\\", 0, "")));
    }

    #[test]
    fn forms() {
        let cases = [
            ("<https://x/api?a=1&cursor=e%3D>; rel=\"next\"", Some("https://x/api?a=1&cursor=e%3D")),
            ("<https://x/2>;rel=\"next\"", Some("https://x/2")),
            ("<https://x/2>;rel=next", Some("https://x/2")),
            ("</api/models?cursor=a,b>; rel=\"next\"", Some("/api/models?cursor=a,b")),
            ("<https://x/1>; rel=\"prev\", <https://x/3>; rel=\"next\"", Some("https://x/3")),
            (
                "<https://x/1>; title=\"a, <b>; rel=next\"; rel=prev , <https://x/3>; REL=\"last NEXT\"",
                Some("https://x/3"),
            ),
            (r#"<https://x/1>; title="5\" disk, \\"; rel="next""#, Some("https://x/1")),
            ("<https://x/1>; rel=\"prev\"", None),
            ("<https://x/1; rel=\"next\"", None),
            ("nonsense", None),
            ("", None),
        ];
        for (header, expected) in cases {
            assert_eq!(target(header, "next"), expected, "{header}");
        }
    }
}
