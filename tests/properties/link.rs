//! `Link`: a header that keeps to RFC 8288 is read as RFC 8288 says.

use hf_wasm::core::link;

use crate::input;

pub fn fuzz(bytes: &[u8]) {
    let header = input::text(bytes);
    for rel in ["next", "last"] {
        holds(&header, rel);
    }
}

/// The target is always one that stands in the header, and of a header in good form it is the right one.
pub fn holds(header: &str, rel: &str) {
    let target = link::target(header, rel);
    if let Some(target) = target {
        assert!(header.contains(target) && !target.contains('>') && target == target.trim_ascii(), "{target:?}");
    }
    if let Some(links) = read(header) {
        let right = links.iter().find(|link| link.has(rel)).map(|link| link.target.as_str());
        assert_eq!(target, right, "{header:?}");
    }
}

struct Link {
    target: String,
    rel: Option<String>,
}

impl Link {
    fn has(&self, rel: &str) -> bool {
        self.rel.iter().flat_map(|rel| rel.split([' ', '\t'])).any(|word| word.eq_ignore_ascii_case(rel))
    }
}

/// The links of a header, by the grammar of RFC 8288; None if it breaks it. Two `rel` of one link, which the RFC
/// forbids, and a `rel` with a backslash, which no server writes, count as breaking it.
fn read(header: &str) -> Option<Vec<Link>> {
    if header.contains(|char: char| char.is_control() && char != '\t') {
        return None;
    }
    let mut rest = Rest(header);
    let mut links = Vec::new();
    loop {
        rest.blanks();
        if rest.0.is_empty() {
            return Some(links);
        }
        if rest.eat(',') {
            continue;
        }
        links.push(link(&mut rest)?);
        rest.blanks();
        if !rest.0.is_empty() && !rest.eat(',') {
            return None;
        }
    }
}

fn link(rest: &mut Rest) -> Option<Link> {
    let target = rest.eat('<').then(|| rest.take(|char| !"<>\"".contains(char) && !char.is_whitespace()))?;
    let mut link = Link { target: target.to_owned(), rel: None };
    if !rest.eat('>') {
        return None;
    }
    loop {
        rest.blanks();
        if !rest.eat(';') {
            return Some(link);
        }
        rest.blanks();
        let name = rest.take(token);
        rest.blanks();
        if name.is_empty() || !rest.eat('=') {
            continue;
        }
        rest.blanks();
        let value = rest.value()?;
        if name.eq_ignore_ascii_case("rel") && (value.contains('\\') || link.rel.replace(value).is_some()) {
            return None;
        }
    }
}

fn token(char: char) -> bool {
    char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char)
}

struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn blanks(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    fn eat(&mut self, char: char) -> bool {
        let rest = self.0.strip_prefix(char);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn take(&mut self, which: impl Fn(char) -> bool) -> &'a str {
        let (taken, rest) = self.0.split_at(self.0.find(|char| !which(char)).unwrap_or(self.0.len()));
        self.0 = rest;
        taken
    }

    /// A token, or what stands between quotes, with its backslashes.
    fn value(&mut self) -> Option<String> {
        if !self.eat('"') {
            let value = self.take(token);
            return (!value.is_empty()).then(|| value.to_owned());
        }
        let mut value = String::new();
        let mut chars = self.0.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => value.extend(['\\', chars.next()?]),
                char => value.push(char),
            }
        }
        self.0 = chars.as_str();
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// A parameter other than `rel`, in any form.
    fn parameter() -> impl Strategy<Value = String> {
        let quoted = r#"([ -!#-\[\]-~ü]|\\["\\,a]|,|;|<|>|rel=next){0,12}"#.prop_map(|text| format!("\"{text}\""));
        let value = prop_oneof![quoted, "[!#-'*+.^-z|~0-9-]{1,8}"];
        let name = "(title|anchor|relx|[a-z]{1,3}\\*?|x-rel)";
        prop_oneof![
            Just(String::new()),
            name.prop_map(|name| name),
            (name, blanks(), blanks(), value)
                .prop_map(|(name, before, after, value)| format!("{name}{before}={after}{value}")),
        ]
    }

    fn blanks() -> impl Strategy<Value = &'static str> {
        select(vec!["", " ", "\t", "  "])
    }

    /// A link as a server may write it, with its target and relations.
    fn link() -> impl Strategy<Value = (String, String, Vec<String>)> {
        let target = "(https://[a-z.]{1,9}|)/[a-z0-9/?&=,;%.:+@~-]{0,20}";
        let rels = vec("(next|NEXT|Next|prev|last|nextish|x-next)", 1..4);
        let around =
            (vec(parameter(), 0..3), vec(parameter(), 0..3), "(rel|REL|Rel)", any::<bool>(), blanks(), blanks());
        (target, rels, around).prop_map(|(target, rels, (before, after, name, quoted, left, right))| {
            let value = if quoted || rels.len() > 1 { format!("\"{}\"", rels.join(" ")) } else { rels[0].clone() };
            let rel = format!("{name}{left}={right}{value}");
            let parameters: Vec<_> = before.into_iter().chain([rel]).chain(after).collect();
            (format!("<{target}>{left};{right}{}", parameters.join(&format!("{right};{left}"))), target, rels)
        })
    }

    proptest! {
        #![proptest_config(crate::config())]

        #[test]
        fn what_is_written_is_read_back(links in vec(link(), 0..4), blank in blanks()) {
            let header = links.iter().map(|(text, ..)| text.as_str()).collect::<Vec<_>>().join(&format!("{blank},{blank}"));
            let next = links.iter().find(|(_, _, rels)| rels.iter().any(|rel| rel.eq_ignore_ascii_case("next")));
            prop_assert_eq!(link::target(&header, "next"), next.map(|(_, target, _)| target.as_str()), "{}", header);
            prop_assert!(read(&header).is_some(), "the grammar refuses {header}");
            holds(&header, "next");
        }

        #[test]
        fn anything_is_borne(header in "[<>;,= \"\\\\relnextü/]{0,40}") {
            holds(&header, "next");
        }
    }
}
