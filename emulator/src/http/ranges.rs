//! Byte ranges of a response: `Range: bytes=a-b`, `a-` and `-n`, with `If-Range` or without. More than one range is answered in full, as HTTP allows.

use axum::http::header::{IF_NONE_MATCH, IF_RANGE, RANGE};
use axum::http::{HeaderMap, StatusCode};

use crate::http::response::ApiResponse;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    All,
    /// First and last byte, both included.
    Part(u64, u64),
    /// A part of an empty file. Official clients ask for the first byte of every file to learn its size, and take only
    /// a success with a `Content-Range` for a response.
    Nothing,
    Unsatisfiable,
}

/// What of a version of a file is wanted. A range that was meant for another version is none.
pub fn wanted(headers: &HeaderMap, etag: &str, size: u64) -> Wanted {
    if headers.get(IF_RANGE).is_some_and(|version| version.to_str().ok() != Some(etag)) {
        return Wanted::All;
    }
    let Some(range) = headers.get(RANGE).and_then(|value| value.to_str().ok()) else { return Wanted::All };
    if size == 0 {
        return Wanted::Nothing;
    }
    let Some((first, last)) = range.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Wanted::All;
    };
    let part = |first: u64, last: u64| match first <= last && first < size {
        true => Wanted::Part(first, last.min(size - 1)),
        false => Wanted::Unsatisfiable,
    };
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first > last => Wanted::All,
        (Ok(first), Ok(last)) => part(first, last),
        (Ok(first), Err(_)) if last.is_empty() => part(first, u64::MAX),
        (Err(_), Ok(length)) if first.is_empty() => match length {
            0 => Wanted::Unsatisfiable,
            _ => part(size.saturating_sub(length), u64::MAX),
        },
        _ => Wanted::All,
    }
}

/// Whether the caller holds this version already.
pub fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let Some(known) = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()) else { return false };
    known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}

/// Answers with bytes at hand: whole, in part, or not at all.
pub fn serve(headers: &HeaderMap, etag: &str, media_type: &'static str, bytes: Vec<u8>) -> ApiResponse {
    let size = bytes.len() as u64;
    let (status, content_range, body) = match wanted(headers, etag, size) {
        _ if is_known(headers, etag) => (StatusCode::NOT_MODIFIED, None, Vec::new()),
        Wanted::All => (StatusCode::OK, None, bytes),
        Wanted::Part(first, last) => {
            let slice = usize::try_from(first).ok().zip(usize::try_from(last).ok());
            let slice = slice.and_then(|(first, last)| bytes.get(first..=last)).unwrap_or_default().to_vec();
            (StatusCode::PARTIAL_CONTENT, Some(format!("bytes {first}-{last}/{size}")), slice)
        }
        Wanted::Nothing => (StatusCode::OK, Some("bytes */0".to_owned()), bytes),
        Wanted::Unsatisfiable => (StatusCode::RANGE_NOT_SATISFIABLE, Some(format!("bytes */{size}")), Vec::new()),
    };
    let length = body.len();
    let mut response = ApiResponse::bytes(media_type, body).header("accept-ranges", "bytes").header("etag", etag);
    if status != StatusCode::NOT_MODIFIED {
        response = response.header("content-length", length.to_string());
    }
    if let Some(range) = content_range {
        response = response.header("content-range", range);
    }
    response.status(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(range: &str) -> HeaderMap {
        HeaderMap::from_iter([(RANGE, range.parse().unwrap())])
    }

    #[test]
    fn a_range_is_cut_to_the_size() {
        for (range, expected) in [
            ("bytes=0-0", Wanted::Part(0, 0)),
            ("bytes=2-100", Wanted::Part(2, 9)),
            ("bytes=4-", Wanted::Part(4, 9)),
            ("bytes=-3", Wanted::Part(7, 9)),
            ("bytes=-30", Wanted::Part(0, 9)),
            ("bytes=10-", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=5-4", Wanted::All),
            ("bytes=0-1,3-4", Wanted::All),
            ("lines=0-1", Wanted::All),
        ] {
            assert_eq!(wanted(&headers(range), "\"a\"", 10), expected, "{range}");
        }
        assert_eq!(wanted(&headers("bytes=0-0"), "\"a\"", 0), Wanted::Nothing);
        assert_eq!(wanted(&HeaderMap::new(), "\"a\"", 0), Wanted::All);
    }

    #[test]
    fn a_range_of_another_version_is_none() {
        let of = |version: &str| {
            let mut headers = headers("bytes=0-1");
            headers.insert(IF_RANGE, version.parse().unwrap());
            serve(&headers, "\"a\"", "text/plain", b"abc".to_vec()).http
        };
        assert_eq!(of("\"a\"").status(), StatusCode::PARTIAL_CONTENT);
        // Weak tags do not say that the bytes are the same, and nothing here has a date.
        for other in ["\"b\"", "W/\"a\"", "Wed, 21 Oct 2026 07:28:00 GMT"] {
            assert_eq!(of(other).status(), StatusCode::OK, "{other}");
        }
    }

    #[test]
    fn a_range_beyond_the_end_names_the_size() {
        let response = serve(&headers("bytes=3-"), "\"a\"", "text/plain", b"abc".to_vec()).http;
        assert_eq!(response.status(), StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(response.headers()["content-range"], "bytes */3");
    }

    #[test]
    fn a_known_version_is_not_sent_again() {
        let known = |value: &str| HeaderMap::from_iter([(IF_NONE_MATCH, value.parse().unwrap())]);
        assert!(is_known(&known("\"a\", W/\"b\""), "\"b\""));
        assert!(!is_known(&known("\"a\""), "\"b\""));
        assert_eq!(serve(&known("\"a\""), "\"a\"", "text/plain", vec![1]).http.status(), 304);
    }
}
