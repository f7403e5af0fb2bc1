//! Whose requests are served: those of programs and pages of this machine, and of what the command line adds.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::http::Uri;
use axum::http::uri::Authority;

/// What is trusted besides the names of this machine itself.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Host names that requests may be addressed to.
    pub hosts: Vec<String>,
    /// Origins whose pages may send requests.
    pub origins: Vec<String>,
    /// Whether webhooks may be delivered to link-local addresses.
    pub link_local_webhooks: bool,
}

impl Trust {
    /// Whether a `Host` (a name, perhaps with a port) is trusted.
    pub fn host(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        let name = authority.host();
        // The parser ends a name at its colon, whatever follows.
        let port = host.strip_prefix(name).unwrap_or(host);
        (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
            && (is_loopback(name) || self.hosts.iter().any(|own| own.eq_ignore_ascii_case(name)))
    }

    /// Whether pages of an origin may send requests.
    pub fn origin(&self, origin: &str) -> bool {
        if self.origins.iter().any(|own| own.trim_end_matches('/').eq_ignore_ascii_case(origin)) {
            return true;
        }
        let Ok(uri) = origin.parse::<Uri>() else { return false };
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some_and(|authority| self.host(authority.as_str()))
    }
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// Whether a name means this machine without asking a name server.
fn is_loopback(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if let Some(address) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback());
    }
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_trusted_and_no_look_alikes() {
        let trust = Trust { hosts: vec!["hub.test".into()], ..Trust::default() };
        for host in ["localhost", "LOCALHOST:1", "a.localhost:80", "127.0.0.1", "127.9.9.9:8787", "[::1]", "[::1]:8787"]
        {
            assert!(trust.host(host), "{host}");
        }
        assert!(trust.host("Hub.test:8787"));
        for host in [
            "", "evil.example", "evil.example:8787", "localhost.evil.example", "evillocalhost",
            "127.0.0.1.evil.example", "127.0.0.1@evil.example", "evil.example@127.0.0.1", "0.0.0.0:8787", "10.0.0.1",
            "[::]", "[fe80::1]", "127.0.0.1, evil.example", "localhost:8787.evil.example", "localhost:evil.example",
            "127.0.0.1:80.evil.example", "[::1]:80.evil.example", "hub.test:1:2", "localhost:", "localhost:65536",
            "localhost:+80",
        ] {
            assert!(!trust.host(host), "{host}");
        }
    }

    #[test]
    fn origins_are_trusted_by_their_host_or_by_name() {
        let trust = Trust { origins: vec!["https://app.example".into()], ..Trust::default() };
        for origin in ["http://localhost:5173", "https://127.0.0.1", "http://[::1]:3000", "https://app.example"] {
            assert!(trust.origin(origin), "{origin}");
        }
        for origin in [
            "null",
            "",
            "http://app.example",
            "https://app.example.evil.example",
            "http://evil.example",
            "http://localhost.evil.example",
            "http://localhost:8787.evil.example",
            "file://localhost",
            "chrome-extension://localhost",
        ] {
            assert!(!trust.origin(origin), "{origin}");
        }
    }
}
