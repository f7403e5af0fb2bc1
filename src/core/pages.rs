//! The one pager: where the next page is. It is followed as the server names it, never built, but for the numbered
//! pages of discussions, which name none.

use super::failure::Failure;
use super::headers::Headers;
use super::io::Urls;
use super::link;
use super::origin;

const ELSEWHERE: &str = "Set endpoint to the origin of the next page.";

/// What a numbered page tells of itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    /// Items before this page.
    pub start: f64,
    /// Items on this page.
    pub received: f64,
    /// Items in all.
    pub count: f64,
}

/// The URL of the next page, from the `Link` header of the page at `url`. A page at another origin than the endpoint's
/// would be asked for without the token, and what is private would be missing from it without a word.
pub fn linked<I: Urls>(
    url: &str,
    base_url: &str,
    headers: &(impl Headers + ?Sized),
) -> Result<Option<String>, Box<Failure>> {
    let Some(header) = headers.header("link") else { return Ok(None) };
    let Some(target) = link::target(&header, "next") else { return Ok(None) };
    let next = origin::absolute::<I>(url, target)
        .ok_or_else(|| Failure::protocol("the Link header contains no URL that can be followed"))?;
    let next = origin::reachable::<I>(base_url, &next);
    if !origin::same_origin::<I>(&next, base_url) {
        let problem = ["the next page is at another origin than the endpoint ", base_url, ": ", &next].concat();
        let mut failure = Failure::protocol(&problem);
        failure.advice = Some(ELSEWHERE.into());
        return Err(failure);
    }
    if next == url {
        return Err(Failure::protocol("the Link header names the same page again"));
    }
    Ok(Some(next))
}

/// The address of the next numbered page, if items are left.
pub fn numbered(url: &str, counts: Counts) -> Option<String> {
    if counts.received < 1.0 || counts.start + counts.received >= counts.count {
        return None;
    }
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut page = 0;
    let mut next = [path, "?"].concat();
    for pair in query.split('&') {
        match pair.strip_prefix("p=") {
            Some(number) => page = number.parse::<u64>().unwrap_or(0),
            None if pair.is_empty() => {}
            None => next = [&next, pair, "&"].concat(),
        }
    }
    Some(format!("{next}p={}", page + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::testing::Native;

    #[test]
    fn a_link_is_followed_as_it_stands() {
        let url = "https://hub.example/api/models?limit=2";
        let base_url = "https://hub.example";
        let next = |link: &str| linked::<Native>(url, base_url, &[("link", link)]);
        assert_eq!(
            next("<https://hub.example/api/models?limit=2&cursor=a%2Cb>; rel=\"next\"").unwrap().as_deref(),
            Some("https://hub.example/api/models?limit=2&cursor=a%2Cb")
        );
        assert_eq!(
            next("</api/models?cursor=x>;rel=\"next\"").unwrap().as_deref(),
            Some("https://hub.example/api/models?cursor=x")
        );
        assert_eq!(next("<https://hub.example/>; rel=\"prev\"").unwrap(), None);
        assert_eq!(linked::<Native>(url, base_url, &[("x", "")]).unwrap(), None);
        assert!(next("<https://hub.example/api/models?limit=2>; rel=\"next\"").is_err());
        assert!(next("<javascript:alert(1)>; rel=\"next\"").is_err());
        assert!(next("<https://elsewhere.example/api/models?cursor=x>; rel=\"next\"").is_err());
    }

    #[test]
    fn a_mirror_is_not_left() {
        for base_url in ["https://mirror.example", "https://mirror.example/hf"] {
            for hub in ["https://huggingface.co", "HTTPS://HuggingFace.co:443", "//huggingface.co"] {
                let link = format!("<{hub}/api/models?cursor=a%2Cb>; rel=\"next\"");
                let next = linked::<Native>(&format!("{base_url}/api/models"), base_url, &[("link", link.as_str())]);
                assert_eq!(next.unwrap(), Some(format!("{base_url}/api/models?cursor=a%2Cb")), "{hub}");
            }
        }
        for other in ["http://huggingface.co", "https://user@huggingface.co", "https://huggingface.co.evil.example"] {
            let link = format!("<{other}/api/models?cursor=x>; rel=\"next\"");
            let refused =
                linked::<Native>("https://mirror.example/a", "https://mirror.example", &[("link", link.as_str())]);
            assert!(refused.unwrap_err().advice.unwrap().contains("endpoint"), "{other}");
        }
    }

    #[test]
    fn numbered_pages_go_on_while_items_are_left() {
        let counts = |start, received, count| Counts { start, received, count };
        assert_eq!(numbered("/d?status=open", counts(0.0, 50.0, 58.0)).as_deref(), Some("/d?status=open&p=1"));
        assert_eq!(numbered("/d?p=1&status=open", counts(50.0, 50.0, 120.0)).as_deref(), Some("/d?status=open&p=2"));
        assert_eq!(numbered("/d", counts(0.0, 50.0, 51.0)).as_deref(), Some("/d?p=1"));
        assert_eq!(numbered("/d", counts(50.0, 8.0, 58.0)), None);
        assert_eq!(numbered("/d", counts(0.0, 0.0, 58.0)), None);
    }
}
