//! Origins: whether an address belongs to the configured endpoint. Only such an address is sent the token.
//!
//! Addresses are read by what will read them again to send the request: the runtime's `URL` ([`Urls::resolve`]). A second
//! parser could be led to another answer.

use super::io::Urls;

/// Whether both are http(s) addresses of one scheme, host and port.
pub fn same_origin<I: Urls>(one: &str, other: &str) -> bool {
    matches!((origin::<I>(one), origin::<I>(other)), (Some(one), Some(other)) if one == other)
}

/// Makes the target of a `Link` absolute against the address that it came from.
pub fn absolute<I: Urls>(base: &str, target: &str) -> Option<String> {
    // The origin of a `blob:` URL is that of its page.
    I::resolve(target, Some(base)).map(|(url, _)| url).filter(|url| is_http(url))
}

/// None for anything but http(s), and for an address that carries a user or password.
pub fn origin<I: Urls>(address: &str) -> Option<String> {
    let (resolved, origin) = I::resolve(address, None)?;
    let bare = resolved.strip_prefix(origin.as_str()).is_some_and(|rest| rest.starts_with('/'));
    (bare && is_http(&origin)).then_some(origin)
}

/// Origins by which the Hub names itself, whatever address it is reached by.
const HUB: [&str; 2] = ["https://huggingface.co", "https://hub-ci.huggingface.co"];

/// A Hub behind a mirror or proxy names itself by its own address: that becomes the endpoint's.
pub fn reachable<I: Urls>(base_url: &str, url: &str) -> String {
    let Some((address, origin)) = I::resolve(url, None) else { return url.to_owned() };
    let own = address.strip_prefix(origin.as_str()).filter(|rest| rest.starts_with('/') && HUB.contains(&&*origin));
    own.map_or_else(|| url.to_owned(), |rest| [base_url, rest].concat())
}

fn is_http(origin: &str) -> bool {
    origin.starts_with("https://") || origin.starts_with("http://")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::testing::Native;

    #[test]
    fn case_and_default_ports_do_not_matter() {
        assert!(same_origin::<Native>("https://HuggingFace.co:443/a", "HTTPS://huggingface.co"));
        assert!(same_origin::<Native>("http://127.0.0.1:8787/x", "http://127.0.0.1:8787"));
    }

    #[test]
    fn tricks_are_other_origins() {
        let ours = "https://huggingface.co";
        for foreign in [
            "https://huggingface.co@evil.example/",
            "https://user:pass@huggingface.co/",
            "https://huggingface.co:444/",
            "http://huggingface.co/",
            "https://huggingface.co.evil.example/",
            "https://evil.example\\@huggingface.co/",
            "https://evil.example/https://huggingface.co",
            "//huggingface.co",
            "javascript://huggingface.co",
            "data:text/plain,x",
            "https://hugging face.co",
            "",
        ] {
            assert!(!same_origin::<Native>(ours, foreign), "{foreign}");
        }
    }

    #[test]
    fn relative_targets_become_absolute() {
        let base = "https://hub.example/api/models?limit=2";
        let cases = [
            ("/api/models?cursor=x", Some("https://hub.example/api/models?cursor=x")),
            ("?cursor=x", Some("https://hub.example/api/models?cursor=x")),
            ("https://other.example/", Some("https://other.example/")),
            ("//other.example/x", Some("https://other.example/x")),
            ("ftp://x/", None),
            ("javascript:alert(1)", None),
            ("blob:https://hub.example/1-2-3", None),
        ];
        for (target, expected) in cases {
            assert_eq!(absolute::<Native>(base, target).as_deref(), expected, "{target}");
        }
    }
}
