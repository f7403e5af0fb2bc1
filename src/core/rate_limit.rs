//! Rate limits: the `RateLimit` and `RateLimit-Policy` headers, and what is known of each bucket.
//!
//! Where the headers cannot be read (a browser hides them), the requests of the last window are counted instead.

use super::headers::Headers;
use super::link::cut_parameter;

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
        reset_s: number(&limit, "t").filter(|seconds| *seconds <= LONGEST_RESET_S),
        quota: number(&policy, "q"),
        window_s: number(&policy, "w"),
    })
}

fn quoted(text: &str) -> Option<String> {
    let (word, _) = text.split_once('"')?.1.split_once('"')?;
    (!word.is_empty()).then(|| word.to_owned())
}

/// A parameter of the first item: a name in quotes may hold what looks like one, and a list may follow.
fn number(text: &str, key: &str) -> Option<u64> {
    let mut rest = text;
    loop {
        let (part, separator, following) = cut_parameter(rest);
        match part.split_once('=') {
            Some((name, value)) if name.trim_ascii() == key => {
                return value.trim_ascii().parse().ok().filter(|number| *number <= LARGEST);
            }
            _ if separator != b';' => return None,
            _ => rest = following,
        }
    }
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
    pub from_headers: bool,
    /// Requests let through that have no response yet.
    in_flight: u64,
}

/// A bucket or an endpoint whose limit was hit: what wants to go there waits.
#[derive(Debug)]
struct Hold {
    name: String,
    until: f64,
    /// Requests that wait for it.
    queued: f64,
}

/// What is known of every bucket that was used; all calls of one client share it.
#[derive(Debug, Default)]
pub struct RateLimits {
    buckets: Vec<Bucket>,
    holds: Vec<Hold>,
    /// Lets no more requests through than a window has room for.
    pace: bool,
}

/// JavaScript holds no larger whole numbers.
const LARGEST: u64 = (1 << 53) - 1;
const WINDOW_MS: f64 = 300_000.0;
/// A server that names a later end of its window is not believed.
const LONGEST_RESET_S: u64 = 86_400;
/// Buckets that are remembered; what a server calls by further names is counted under the endpoint's own.
const MOST_BUCKETS: usize = 32;
/// Bytes of a bucket's name.
const LONGEST_NAME: usize = 64;
/// Milliseconds from one request to the next of those that waited, so that they do not all come at once.
const SPREAD_MS: f64 = 25.0;

impl RateLimits {
    pub fn new(pace: bool) -> RateLimits {
        RateLimits { pace, ..RateLimits::default() }
    }

    pub fn buckets(&self, now: f64) -> impl Iterator<Item = &Bucket> {
        self.buckets.iter().filter(move |bucket| bucket.resets_at > now)
    }

    /// How many milliseconds a request has to wait; 0 lets it through. A wait for a limit that was hit is asked for only
    /// where it is within `max_wait`: past that, the server may say it again. An empty `bucket` has no limits.
    pub fn admit(&mut self, bucket: &str, endpoint: &str, now: f64, max_wait: f64) -> f64 {
        if bucket.is_empty() {
            return 0.0;
        }
        for hold in &mut self.holds {
            let wait = hold.until - now + hold.queued * SPREAD_MS;
            if (hold.name == bucket || hold.name == endpoint) && hold.until > now && wait <= max_wait {
                hold.queued += 1.0;
                return wait;
            }
        }
        let pace = self.pace;
        let Some(known) = self.bucket(bucket, now) else { return 0.0 };
        if pace && known.room() <= known.in_flight {
            return known.resets_at - now;
        }
        known.in_flight += 1;
        0.0
    }

    /// Takes back what was let through, and not sent.
    pub fn release(&mut self, bucket: &str, now: f64) {
        if let Some(known) = self.bucket(bucket, now) {
            known.in_flight = known.in_flight.saturating_sub(1);
        }
    }

    /// Holds back what wants to go to a bucket or an endpoint. Gives how much later than `until` its caller goes.
    pub fn hold(&mut self, name: &str, until: f64, now: f64) -> f64 {
        if let Some(hold) = self.holds.iter_mut().find(|hold| hold.name == name) {
            hold.queued = if hold.until > now { hold.queued + 1.0 } else { 0.0 };
            hold.until = hold.until.max(until);
            return hold.queued * SPREAD_MS;
        }
        self.holds.push(Hold { name: name.to_owned(), until, queued: 0.0 });
        0.0
    }

    /// Counts a request that was sent, and takes over what the headers of its response tell.
    pub fn record(&mut self, bucket: &str, reading: Option<&Reading>, now: f64) -> &Bucket {
        self.release(bucket, now);
        let name = reading.filter(|_| !bucket.is_empty()).map_or(bucket, |reading| reading.bucket.as_str());
        let name = if self.has_room(name, now) { name } else { bucket };
        match self.bucket(name, now) {
            Some(known) => {
                known.count(reading, now);
                known
            }
            None => &EMPTY,
        }
    }

    /// Whether a name may be remembered; those whose window is over are forgotten for it.
    fn has_room(&mut self, name: &str, now: f64) -> bool {
        if self.buckets.iter().any(|known| known.name == name) {
            return true;
        }
        if self.buckets.len() >= MOST_BUCKETS {
            self.buckets.retain(|known| known.resets_at > now || known.in_flight > 0);
        }
        self.buckets.len() < MOST_BUCKETS && name.len() <= LONGEST_NAME
    }

    /// The bucket, in the window that `now` is in; an empty name has none.
    fn bucket(&mut self, name: &str, now: f64) -> Option<&mut Bucket> {
        if name.is_empty() {
            return None;
        }
        if !self.buckets.iter().any(|known| known.name == name) {
            self.buckets.push(Bucket::fresh(name, now));
        }
        let known = self.buckets.iter_mut().find(|known| known.name == name)?;
        if now >= known.resets_at {
            *known = Bucket { quota: known.quota, ..Bucket::fresh(name, now) };
        }
        Some(known)
    }
}

static EMPTY: Bucket = Bucket {
    name: String::new(),
    quota: None,
    remaining: None,
    resets_at: 0.0,
    sent: 0,
    from_headers: false,
    in_flight: 0,
};

impl Bucket {
    fn fresh(name: &str, now: f64) -> Bucket {
        Bucket { name: name.to_owned(), resets_at: now + WINDOW_MS, ..EMPTY.clone() }
    }

    /// Requests that the window has room for, those under way not counted. Where no response has stated it, it is what the Hub
    /// allows to anyone; the router's limits are the providers' and unknown.
    fn room(&self) -> u64 {
        let least = match self.name.as_str() {
            "api" => 500,
            "resolvers" => 3000,
            "pages" => 100,
            _ => u64::MAX,
        };
        self.remaining.unwrap_or_else(|| self.quota.unwrap_or(least).saturating_sub(self.sent))
    }

    fn count(&mut self, reading: Option<&Reading>, now: f64) {
        self.sent += 1;
        let Some(reading) = reading else { return };
        self.from_headers = true;
        self.quota = reading.quota.or(self.quota);
        // Told in whole seconds: the window may last for all of the last one.
        let resets_at = reading.reset_s.map_or(self.resets_at, |seconds| now + seconds as f64 * 1000.0 + 1000.0);
        // Answers overtake each other: within one window the lowest number is the newest.
        let same = self.remaining.filter(|_| resets_at < self.resets_at + 2000.0);
        self.remaining = reading.remaining.map(|left| same.map_or(left, |known| known.min(left)));
        self.resets_at = resets_at;
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
    fn a_name_may_look_like_a_parameter_and_a_list_may_follow() {
        let headers =
            [("ratelimit", "\"a;r=1;t=2\";r=3;t=4, \"b\";r=5"), ("ratelimit-policy", "\";q=1\";w=2,\"b\";q=5")];
        let reading = read(&headers).unwrap();
        assert_eq!((reading.bucket.as_str(), reading.remaining, reading.reset_s), ("a;r=1;t=2", Some(3), Some(4)));
        assert_eq!((reading.quota, reading.window_s), (None, Some(2)));
    }

    #[test]
    fn nonsense_is_no_reading() {
        for bad in ["", "api;r=1;t=2", "\"\";r=1"] {
            assert_eq!(read(&[("ratelimit", bad)]), None, "{bad}");
        }
        let odd = read(&[("ratelimit", "\"api\";r=-1;t=99999999999999999999999")]).unwrap();
        assert_eq!((odd.remaining, odd.reset_s), (None, None));
        for (number, known) in [("9007199254740991", Some(LARGEST)), ("9007199254740992", None)] {
            let (limit, policy) = (format!("\"api\";r={number}"), format!("\"api\";q={number}"));
            let reading = read(&[("ratelimit", limit.as_str()), ("ratelimit-policy", policy.as_str())]).unwrap();
            assert_eq!((reading.remaining, reading.quota), (known, known));
        }
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
        assert_eq!((bucket.remaining, bucket.quota, bucket.resets_at), (Some(5), Some(500), 12_000.0));
        let later = limits.record("api", None, 12_000.0);
        assert_eq!((later.remaining, later.quota, later.sent), (None, Some(500), 1));
        assert_eq!(limits.buckets(400_000.0).count(), 0);
    }

    #[test]
    fn a_limit_that_was_hit_holds_others_back_one_after_the_other() {
        let mut limits = RateLimits::default();
        assert_eq!(limits.hold("api", 5000.0, 1000.0), 0.0);
        assert_eq!(limits.hold("api", 4000.0, 1000.0), 25.0);
        assert_eq!(limits.admit("api", "modelInfo", 2000.0, 60_000.0), 3025.0);
        assert_eq!(limits.admit("api", "modelInfo", 2000.0, 60_000.0), 3050.0);
        assert_eq!(limits.admit("api", "modelInfo", 2000.0, 100.0), 0.0, "no max_wait");
        assert_eq!(limits.admit("resolvers", "downloadFile", 2000.0, 60_000.0), 0.0, "another bucket");
        assert_eq!(limits.admit("api", "modelInfo", 5000.0, 60_000.0), 0.0);
        limits.hold("createRepo", 9000.0, 5000.0);
        assert_eq!(limits.admit("api", "createRepo", 8000.0, 60_000.0), 1000.0);
        assert_eq!(limits.admit("api", "modelInfo", 8000.0, 60_000.0), 0.0, "another action");
    }

    #[test]
    fn pace_lets_through_what_the_window_has_room_for() {
        let mut limits = RateLimits::new(true);
        let reading = |remaining| Reading {
            bucket: "api".into(),
            remaining: Some(remaining),
            reset_s: Some(10),
            quota: Some(3),
            window_s: None,
        };
        assert_eq!(limits.admit("api", "x", 0.0, 0.0), 0.0);
        limits.record("api", Some(&reading(2)), 0.0);
        assert_eq!((limits.admit("api", "x", 0.0, 0.0), limits.admit("api", "x", 0.0, 0.0)), (0.0, 0.0));
        assert_eq!(limits.admit("api", "x", 4000.0, 0.0), 7000.0, "two are under way");
        limits.record("api", Some(&reading(0)), 0.0);
        limits.record("api", Some(&reading(1)), 0.0);
        assert_eq!(limits.admit("api", "x", 4000.0, 0.0), 7000.0, "an older answer came later");
        assert_eq!(limits.admit("api", "x", 11_000.0, 0.0), 0.0, "a new window");
    }

    #[test]
    fn pace_counts_where_nobody_tells() {
        let mut limits = RateLimits::new(true);
        for _ in 0..100 {
            assert_eq!(limits.admit("pages", "x", 0.0, 0.0), 0.0);
            limits.record("pages", None, 0.0);
        }
        assert_eq!(limits.admit("pages", "x", 1000.0, 0.0), 299_000.0);
        assert_eq!(limits.admit("router", "x", 1000.0, 0.0), 0.0);
        assert_eq!(limits.admit("", "x", 1000.0, 0.0), 0.0);
    }
}
