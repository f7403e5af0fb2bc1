//! Origins: whether an address belongs to the configured endpoint. Only such an address is sent the token.

/// Scheme, host and port of an absolute http(s) address, in a form that compares: lower case, default port left out.
/// None for anything else, and for addresses that carry a user or password.
pub fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => "443",
        "http" => "80",
        _ => return None,
    };
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let odd = |char: char| char == '@' || char.is_whitespace() || char.is_control();
    if authority.is_empty() || authority.contains(odd) {
        return None;
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (authority, ""),
    };
    let host = host.to_ascii_lowercase();
    if host.is_empty() {
        return None;
    }
    Some(match port {
        "" => format!("{scheme}://{host}"),
        port if port == default_port => format!("{scheme}://{host}"),
        port => format!("{scheme}://{host}:{port}"),
    })
}

pub fn same_origin(one: &str, other: &str) -> bool {
    matches!((origin(one), origin(other)), (Some(one), Some(other)) if one == other)
}

/// Makes the target of a `Link` or `Location` absolute against the address that it came from.
pub fn absolute(base: &str, target: &str) -> Option<String> {
    if target.contains("://") {
        return origin(target).map(|_| target.to_owned());
    }
    let origin = origin(base)?;
    if target.starts_with("//") {
        let scheme = origin.split_once(':')?.0;
        let address = format!("{scheme}:{target}");
        return self::origin(&address).map(|_| address);
    }
    if target.starts_with('/') && !target.starts_with("/\\") {
        return Some(format!("{origin}{target}"));
    }
    if target.starts_with('?') {
        let path = base.split(['?', '#']).next()?;
        return Some(format!("{path}{target}"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_default_ports_do_not_matter() {
        assert!(same_origin("https://HuggingFace.co:443/a", "HTTPS://huggingface.co"));
        assert!(same_origin("http://127.0.0.1:8787/x", "http://127.0.0.1:8787"));
    }

    #[test]
    fn tricks_are_other_origins() {
        let ours = "https://huggingface.co";
        for foreign in [
            "https://huggingface.co@evil.example/",
            "https://huggingface.co:444/",
            "http://huggingface.co/",
            "https://huggingface.co.evil.example/",
            "https://evil.example\\@huggingface.co/",
            "https://evil.example/https://huggingface.co",
            "//huggingface.co",
            "javascript://huggingface.co",
            "https://hugging face.co",
            "",
        ] {
            assert!(!same_origin(ours, foreign), "{foreign}");
        }
    }

    #[test]
    fn relative_targets_become_absolute() {
        let base = "https://hub.example/api/models?limit=2";
        assert_eq!(absolute(base, "/api/models?cursor=x").as_deref(), Some("https://hub.example/api/models?cursor=x"));
        assert_eq!(absolute(base, "?cursor=x").as_deref(), Some("https://hub.example/api/models?cursor=x"));
        assert_eq!(absolute(base, "https://other.example/").as_deref(), Some("https://other.example/"));
        assert_eq!(absolute(base, "//other.example/x").as_deref(), Some("https://other.example/x"));
        assert_eq!(absolute(base, "ftp://x/"), None);
    }
}
