//! The `Link` header (RFC 8288): which address has `rel="next"`.

/// The target of the first link whose relations include `rel`. Absolute and relative targets, any blanks, unquoted
/// and several relations, and commas inside the address are all read.
pub fn target(header: &str, rel: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (address, parameters) = after.split_once('>')?;
        let end = end_of_link(parameters);
        let (own, following) = parameters.split_at_checked(end)?;
        if relations(own).any(|found| found.eq_ignore_ascii_case(rel)) {
            return Some(address.trim().to_owned());
        }
        rest = following;
    }
    None
}

/// Where the parameters of a link end: at the first comma outside quotes.
fn end_of_link(parameters: &str) -> usize {
    outside_quotes(parameters, ',').unwrap_or(parameters.len())
}

fn outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let mut quoted = false;
    for (at, char) in text.char_indices() {
        match char {
            '"' => quoted = !quoted,
            _ if char == wanted && !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn relations(mut parameters: &str) -> impl Iterator<Item = &str> {
    let mut found = Vec::new();
    while !parameters.is_empty() {
        let end = outside_quotes(parameters, ';').unwrap_or(parameters.len());
        let (parameter, rest) = parameters.split_at(end);
        parameters = rest.get(1..).unwrap_or_default();
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("rel")
        {
            found.extend(value.trim().trim_matches('"').split_ascii_whitespace());
        }
    }
    found.into_iter()
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
            ("<https://x/1>; rel=\"prev\"", None),
            ("<https://x/1; rel=\"next\"", None),
            ("nonsense", None),
            ("", None),
        ];
        for (header, expected) in cases {
            assert_eq!(target(header, "next").as_deref(), expected, "{header}");
        }
    }
}
