//! The `Link` header (RFC 8288): which address has `rel="next"`.

use super::text::{cut, cut_parameter, trim};

/// The target of the first link whose relations include `rel`. Absolute and relative targets, any blanks, unquoted
/// and several relations, and commas inside the address are all read.
pub fn target<'a>(header: &'a str, rel: &str) -> Option<&'a str> {
    let mut rest = header;
    loop {
        let (address, parameters) = cut(cut(rest, b'<')?.1, b'>')?;
        let (found, following) = parameters_of_link(parameters, rel);
        if found {
            return Some(trim(address));
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
    let Some((name, value)) = cut(parameter, b'=') else { return false };
    let value = trim(value);
    let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    trim(name).eq_ignore_ascii_case("rel")
        && value.split_ascii_whitespace().any(|found| found.eq_ignore_ascii_case(rel))
}

#[cfg(test)]
mod tests {
    use super::target;

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
