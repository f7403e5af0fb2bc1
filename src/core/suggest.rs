//! Which known name a caller may have meant.

/// Names that users of other clients write, and what they are called here.
const ELSEWHERE: [(&str, &str); 33] = [
    ("accessToken", "token"),
    ("access_token", "token"),
    ("apiKey", "token"),
    ("api_key", "token"),
    ("credentials", "token"),
    ("auth", "token"),
    ("hubUrl", "endpoint"),
    ("baseUrl", "endpoint"),
    ("baseURL", "endpoint"),
    ("endpointUrl", "endpoint"),
    ("url", "endpoint"),
    ("abortSignal", "signal"),
    ("maxRetries", "retry"),
    ("defaultHeaders", "headers"),
    ("prompt", "messages"),
    ("prompt", "inputs"),
    ("message", "messages"),
    ("message", "title"),
    ("text", "inputs"),
    ("input", "inputs"),
    ("filename", "path"),
    ("repoId", "repo"),
    ("repo_id", "repo"),
    ("name", "repo"),
    ("discussionNum", "num"),
    ("owner", "author"),
    ("sha", "revision"),
    ("branch", "revision"),
    ("commitTitle", "title"),
    ("commit_message", "title"),
    ("commitDescription", "description"),
    ("commit_description", "description"),
    ("isPullRequest", "create_pr"),
];

/// The known name that `given` is a slip of, or is called elsewhere.
pub fn meant<'a>(given: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let elsewhere = ELSEWHERE.iter().filter(|(name, _)| *name == given);
    let elsewhere = elsewhere.filter_map(|(_, here)| known.clone().find(|known| known == here)).next();
    elsewhere.or_else(|| known.clone().find(|known| is_slip(given, known)))
}

/// `; did you mean "token"?`, or nothing.
pub fn question<'a>(given: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    meant(given, known).map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
}

/// Whether one name becomes the other by leaving out or adding one letter, by swapping two neighbours, or by writing it
/// with other capitals and underscores. A letter in the place of another makes another name: `top_k` is not `top_p`.
fn is_slip(one: &str, other: &str) -> bool {
    if one.len() < 3 || one == other {
        return false;
    }
    let bare = |name: &str| -> Vec<u8> {
        name.bytes().filter(|byte| *byte != b'_' && *byte != b'-').map(|byte| byte.to_ascii_lowercase()).collect()
    };
    let (one, other) = (bare(one), bare(other));
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let same = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    let (rest, other_rest) = (short.get(same..).unwrap_or_default(), long.get(same..).unwrap_or_default());
    match (rest, other_rest) {
        ([], rest) => rest.len() <= 1,
        (rest, [_, after @ ..]) if rest == after => true,
        ([a, b, rest @ ..], [c, d, other_rest @ ..]) => a == d && b == c && rest == other_rest,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_names() {
        let known = ["search", "model", "max_tokens", "top_p", "messages", "private", "token", "operations", "path"];
        let meant = |given| meant(given, known.into_iter());
        let cases = [
            ("serach", Some("search")),
            ("searc", Some("search")),
            ("searchh", Some("search")),
            ("maxTokens", Some("max_tokens")),
            ("max_token", Some("max_tokens")),
            ("Private", Some("private")),
            ("privat", Some("private")),
            ("operation", Some("operations")),
            ("prompt", Some("messages")),
            ("filename", Some("path")),
            ("accessToken", Some("token")),
            ("top_k", None),
            ("min_p", None),
            ("chat_template_kwargs", None),
            ("ab", None),
            ("model", None),
        ];
        for (given, expected) in cases {
            assert_eq!(meant(given), expected, "{given}");
        }
        assert_eq!(question("serach", known.into_iter()), "; did you mean \"search\"?");
        assert_eq!(question("nothing", known.into_iter()), "");
    }
}
