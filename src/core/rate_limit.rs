//! Rate limits: the `RateLimit` and `RateLimit-Policy` headers, and what is known of each bucket.
//!
//! Where the headers cannot be read (a browser hides them), the requests of the last window are counted instead.

use super::headers::Headers;
use super::text::{cut, parts, trim};

/// One reading of the headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub bucket: String,
    /// Requests left in the window.
    pub remaining: Option<u64>,
    /// Seconds until the window ends.
    pub reset_s: Option<u64>,
    /// Requests that a window allows.
    pub quota: Option<u64>,
    /// Length of the window in seconds.
    pub window_s: Option<u64>,
}

/// Reads `"api";r=499;t=295` and `"fixed window";"api";q=500;w=300`, blanks allowed anywhere between parts.
pub fn read(headers: &(impl Headers + ?Sized)) -> Option<Reading> {
    let limit = headers.header("ratelimit")?;
    let policy = headers.header("ratelimit-policy").unwrap_or_default();
    Some(Reading {
        bucket: quoted(&limit)?,
        remaining: number(&limit, "r"),
        reset_s: number(&limit, "t"),
        quota: number(&policy, "q"),
        window_s: number(&policy, "w"),
    })
}

fn quoted(text: &str) -> Option<String> {
    let (word, _) = cut(cut(text, b'"')?.1, b'"')?;
    (!word.is_empty()).then(|| word.to_owned())
}

fn number(text: &str, key: &str) -> Option<u64> {
    let (_, value) =
        parts(text, b';').into_iter().filter_map(|part| cut(part, b'=')).find(|(name, _)| trim(name) == key)?;
    trim(value).parse().ok()
}

/// What is known of one bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct Bucket {
    pub name: String,
    pub quota: Option<u64>,
    pub remaining: Option<u64>,
    /// Milliseconds since 1970.
    pub resets_at: f64,
    /// Requests sent since the window began, by this client's own count.
    pub sent: u64,
    /// Whether quota and remaining come from headers.
    pub told: bool,
}

/// What is known of every bucket that was used.
#[derive(Debug, Default)]
pub struct RateLimits {
    buckets: Vec<Bucket>,
}

const WINDOW_MS: f64 = 300_000.0;

impl RateLimits {
    pub fn buckets(&self, now: f64) -> impl Iterator<Item = &Bucket> {
        self.buckets.iter().filter(move |bucket| bucket.resets_at > now)
    }

    /// Counts a request that was answered, and takes over what its headers tell.
    pub fn record(&mut self, bucket: &str, reading: Option<&Reading>, now: f64) -> &Bucket {
        let name = reading.map_or(bucket, |reading| reading.bucket.as_str());
        let at = match self.buckets.iter().position(|known| known.name == name) {
            Some(at) => at,
            None => {
                self.buckets.push(Bucket::fresh(name, now));
                self.buckets.len() - 1
            }
        };
        if let Some(known) = self.buckets.get_mut(at) {
            known.count(reading, now);
        }
        // The list is never empty here: the bucket was found or pushed.
        self.buckets.get(at).unwrap_or(&EMPTY)
    }
}

static EMPTY: Bucket =
    Bucket { name: String::new(), quota: None, remaining: None, resets_at: 0.0, sent: 0, told: false };

impl Bucket {
    fn fresh(name: &str, now: f64) -> Bucket {
        Bucket { name: name.to_owned(), resets_at: now + WINDOW_MS, ..EMPTY.clone() }
    }

    fn count(&mut self, reading: Option<&Reading>, now: f64) {
        if now >= self.resets_at {
            *self = Bucket { quota: self.quota, ..Bucket::fresh(&self.name, now) };
        }
        self.sent += 1;
        let Some(reading) = reading else { return };
        self.told = true;
        self.quota = reading.quota.or(self.quota);
        self.remaining = reading.remaining;
        if let Some(seconds) = reading.reset_s {
            self.resets_at = now + seconds as f64 * 1000.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_headers() {
        let headers =
            [("RateLimit", "\"api\";r=495;t=23"), ("RateLimit-Policy", "\"fixed window\";\"api\";q=500;w=300")];
        let reading = read(&headers).unwrap();
        assert_eq!(
            reading,
            Reading {
                bucket: "api".into(),
                remaining: Some(495),
                reset_s: Some(23),
                quota: Some(500),
                window_s: Some(300)
            }
        );
        let spaced = [("ratelimit", "\"resolvers\" ; r = 0 ; t = 7")];
        let reading = read(&spaced).unwrap();
        assert_eq!(
            (reading.bucket.as_str(), reading.remaining, reading.reset_s, reading.quota),
            ("resolvers", Some(0), Some(7), None)
        );
    }

    #[test]
    fn nonsense_is_no_reading() {
        for bad in ["", "api;r=1;t=2", "\"\";r=1"] {
            assert_eq!(read(&[("ratelimit", bad)]), None, "{bad}");
        }
        let odd = read(&[("ratelimit", "\"api\";r=-1;t=99999999999999999999999")]).unwrap();
        assert_eq!((odd.remaining, odd.reset_s), (None, None));
    }

    #[test]
    fn a_hidden_header_is_replaced_by_counting() {
        let mut limits = RateLimits::default();
        limits.record("api", None, 0.0);
        assert_eq!(limits.record("api", None, 1000.0).sent, 2);
        assert_eq!(limits.record("api", None, 300_000.0).sent, 1);
    }

    #[test]
    fn what_headers_tell_wins_until_the_window_ends() {
        let mut limits = RateLimits::default();
        let reading =
            read(&[("ratelimit", "\"api\";r=5;t=10"), ("ratelimit-policy", "\"fixed window\";\"api\";q=500;w=300")]);
        let bucket = limits.record("api", reading.as_ref(), 1000.0);
        assert_eq!((bucket.remaining, bucket.quota, bucket.resets_at), (Some(5), Some(500), 11_000.0));
        let later = limits.record("api", None, 11_000.0);
        assert_eq!((later.remaining, later.quota, later.sent), (None, Some(500), 1));
        assert_eq!(limits.buckets(400_000.0).count(), 0);
    }
}
