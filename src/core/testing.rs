//! What a runtime knows of URLs and dates, for tests.

use super::io::Urls;

pub struct Native;

impl Urls for Native {
    fn resolve(target: &str, base: Option<&str>) -> Option<(String, String)> {
        let url = match base {
            Some(base) => url::Url::parse(base).ok()?.join(target).ok()?,
            None => url::Url::parse(target).ok()?,
        };
        Some((url.to_string(), url.origin().ascii_serialization()))
    }
}

/// An HTTP date in milliseconds since 1970.
pub fn date(text: &str) -> Option<f64> {
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?.as_millis() as f64)
}
