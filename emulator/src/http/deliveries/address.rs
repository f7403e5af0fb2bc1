//! Which addresses webhooks are delivered to: any but link-local ones, where clouds keep the credentials of a machine.

use std::error::Error;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Url};

const REFUSED: &str = "a link-local address, which --allow-link-local-webhooks allows";

static GUARDED: LazyLock<Option<Client>> = LazyLock::new(|| builder().dns_resolver(Arc::new(Guarded)).build().ok());
static OPEN: LazyLock<Option<Client>> = LazyLock::new(|| builder().build().ok());

fn builder() -> ClientBuilder {
    let builder = Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(10));
    builder.user_agent("hf-wasm-emulator").no_proxy()
}

/// The client that may post to a URL.
pub fn client(url: &str, link_local: bool) -> Result<&'static Client, String> {
    check(url, link_local)?;
    let client = if link_local { &OPEN } else { &GUARDED };
    client.as_ref().ok_or_else(|| "no HTTP client".to_owned())
}

/// Whether a URL may be posted to as far as its text tells; a name is looked up when something is delivered.
pub fn check(url: &str, link_local: bool) -> Result<(), String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    // A number is not looked up, so the resolver does not see it.
    let host = url.host_str().unwrap_or_default();
    let number: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    if !link_local && number.is_some_and(is_link_local) {
        return Err(REFUSED.to_owned());
    }
    Ok(())
}

/// What went wrong, with its innermost cause, and without the URL.
pub fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let inner = cause.to_string();
    let outer = error.to_string();
    if outer.contains(&inner) { outer } else { format!("{outer}: {inner}") }
}

/// Looks names up, and hides what is link-local among the responses.
struct Guarded;

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let (refused, allowed): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| is_link_local(found.ip()));
            if allowed.is_empty() && !refused.is_empty() {
                return Err(REFUSED.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// 169.254.0.0/16 and fe80::/10, also where IPv6 carries the former: mapped, compatible, and by NAT64 or 6to4.
fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => address.is_unicast_link_local() || carried(address).is_some_and(is_link_local),
    }
}

fn carried(address: Ipv6Addr) -> Option<IpAddr> {
    let [a, b, c, d, e, f, high, low] = address.segments();
    let (high, low) = match (a, b, c, d, e, f) {
        (0, 0, 0, 0, 0, 0 | 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => (high, low),
        (0x2002, high, low, ..) => (high, low),
        _ => return None,
    };
    let [first, second] = high.to_be_bytes();
    let [third, fourth] = low.to_be_bytes();
    Some(IpAddr::from([first, second, third, fourth]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_local_numbers_are_refused_however_written() {
        for host in [
            "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[fe80::1]", "[febf::1]",
            "[::ffff:169.254.169.254]", "[::169.254.169.254]", "[64:ff9b::169.254.169.254]", "[2002:a9fe:a9fe::1]",
        ] {
            let url = format!("http://{host}/latest/meta-data/");
            assert!(client(&url, false).is_err(), "{host}");
            assert!(client(&url, true).is_ok(), "{host}");
        }
        for host in ["127.0.0.1:8787", "localhost", "10.0.0.1", "[::1]", "[fec0::1]", "169.253.0.1", "example.com"] {
            assert!(client(&format!("http://{host}/"), false).is_ok(), "{host}");
        }
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_looked_up() {
        let found = Guarded.resolve("localhost".parse().unwrap()).await.unwrap();
        assert!(found.count() > 0);
    }
}
