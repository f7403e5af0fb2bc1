//! What a message says for the parameters of a function.

/// Letters of the value of a parameter that takes no whole message.
const MAX_LENGTH: usize = 80;

/// Words after which a name stands.
const BEFORE_A_NAME: [&str; 6] = ["by", "of", "from", "user", "author", "organization"];
const BEFORE_A_SUBJECT: [&str; 8] = ["for", "about", "match", "matching", "named", "called", "search", "containing"];

/// The text that a message gives for a parameter of that name: what is written after the name, else what has the form of
/// such a thing.
pub fn text(message: &str, name: &str) -> Option<String> {
    after_name(message, name).or_else(|| by_form(message, &words(name)))
}

/// What a function needs for a parameter that the message does not speak of.
pub fn anything(message: &str, name: &str) -> String {
    let message = message.trim();
    let takes_prose = words(name).iter().any(|word| {
        let prose = ["text", "prompt", "question", "query", "input", "inputs", "content", "comment", "description"];
        prose.contains(&word.as_str()) || word == "message"
    });
    let longest = if takes_prose { usize::MAX } else { MAX_LENGTH };
    if message.is_empty() { "echo".to_owned() } else { message.chars().take(longest).collect() }
}

/// Whether a message has every word of a name: `private`, or `sort by` for `sortBy`.
pub fn names(message: &str, name: &str) -> bool {
    words(name).iter().all(|word| has(message, word))
}

/// Whether a message has a word, in small letters or capitals.
pub fn has(message: &str, word: &str) -> bool {
    let word = word.to_lowercase();
    tokens(message).any(|token| bare(token).to_lowercase() == word)
}

/// The number beside a name: `limit 5`, `days: 3`, `3 days`, and `#7` for what is called a number.
pub fn number(message: &str, name: &str) -> Option<f64> {
    let tokens: Vec<&str> = tokens(message).collect();
    let digits = |at: Option<usize>| at.and_then(|at| tokens.get(at)).and_then(|token| bare(token).parse().ok());
    if name == "num" || name.ends_with("Number") {
        let hash = tokens.iter().find_map(|token| token.strip_prefix('#'));
        if let Some(found) = hash.and_then(|token| bare(token).parse().ok()) {
            return Some(found);
        }
    }
    let is_name = |token: &&str| bare(token).eq_ignore_ascii_case(name);
    let at = tokens.iter().position(is_name)?;
    digits(Some(at + 1)).or_else(|| digits(at.checked_sub(1)))
}

/// `title: Fix it, path: a.md` has a title up to the comma; `title "Fix it"` one in quotes.
fn after_name(message: &str, name: &str) -> Option<String> {
    let spaced = words(name).join(" ");
    let lower = message.to_ascii_lowercase();
    [name.to_ascii_lowercase(), spaced].iter().find_map(|name| {
        let starts = lower.match_indices(name.as_str()).map(|(at, _)| at);
        starts.filter(|at| is_word(message, *at, name.len())).find_map(|at| {
            let rest = message.get(at + name.len()..)?.trim_start();
            match rest.strip_prefix([':', '=']) {
                Some(value) => quoted_at(value.trim_start()).or_else(|| clause(value)),
                None => quoted_at(rest),
            }
        })
    })
}

fn by_form(message: &str, words: &[String]) -> Option<String> {
    let is = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    let mut said = tokens(message).map(bare);
    if is(&["repo", "model", "dataset", "space"]) {
        return said.find(|token| is_repo(token)).map(str::to_owned);
    }
    if is(&["url", "uri", "link"]) {
        return said.find(|token| token.starts_with("http://") || token.starts_with("https://")).map(str::to_owned);
    }
    if is(&["path", "file", "filename"]) {
        return said.find(|token| is_file(token)).map(str::to_owned);
    }
    if is(&["author", "owner", "namespace", "username", "user"]) {
        return after_one_of(message, &BEFORE_A_NAME);
    }
    if is(&["search", "query", "q"]) {
        return quoted(message).or_else(|| after_one_of(message, &BEFORE_A_SUBJECT));
    }
    if is(&["title", "content", "comment", "description", "text", "name"]) { quoted(message) } else { None }
}

/// The word after one of these that is no small word itself.
fn after_one_of(message: &str, before: &[&str]) -> Option<String> {
    let tokens: Vec<&str> = tokens(message).map(bare).collect();
    let pairs = tokens.iter().zip(tokens.iter().skip(1));
    let small =
        |word: &str| matches!(word, "the" | "a" | "an" | "all" | "my" | "me" | "models" | "datasets" | "spaces");
    let found = pairs.filter(|(word, next)| before.contains(&word.to_lowercase().as_str()) && !small(next));
    found.map(|(_, next)| (*next).to_owned()).find(|next| !next.is_empty())
}

/// The first text in quotes.
fn quoted(message: &str) -> Option<String> {
    message.char_indices().filter(|(at, _)| is_start(message, *at)).find_map(|(at, _)| quoted_at(message.get(at..)?))
}

/// The text in the quotes that begin here.
fn quoted_at(text: &str) -> Option<String> {
    let pairs = [('"', '"'), ('“', '”'), ('\'', '\''), ('`', '`')];
    let (open, close) = pairs.into_iter().find(|(open, _)| text.starts_with(*open))?;
    let (inside, _) = text.get(open.len_utf8()..)?.split_once(close)?;
    (!inside.is_empty()).then(|| inside.to_owned())
}

/// Up to a comma, a semicolon or the end of the line.
fn clause(text: &str) -> Option<String> {
    let part = text.split([',', ';', '\n']).next()?.trim().trim_end_matches('.');
    (!part.is_empty()).then(|| part.to_owned())
}

/// `pipeline` and `tag` of `pipeline_tag`, `from` and `repo` of `fromRepo`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if letter.is_uppercase() || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn tokens(message: &str) -> impl Iterator<Item = &str> {
    message.split_whitespace()
}

/// Without the marks around it.
fn bare(token: &str) -> &str {
    let inner =
        token.trim_matches(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '/' | '_' | '-' | '.'));
    inner.trim_end_matches(['.', '/'])
}

/// Whether no letter stands before this place.
fn is_start(message: &str, at: usize) -> bool {
    !message.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric))
}

fn is_word(message: &str, at: usize, length: usize) -> bool {
    is_start(message, at) && !message.get(at + length..).is_some_and(|after| after.starts_with(char::is_alphanumeric))
}

/// `acme/x`, `datasets/acme/x`
fn is_repo(token: &str) -> bool {
    let name =
        |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || "._-".contains(letter));
    let rest = token.strip_prefix("datasets/").or_else(|| token.strip_prefix("spaces/")).unwrap_or(token);
    rest.split_once('/').is_some_and(|(owner, repo)| name(owner) && name(repo))
}

/// `README.md`, `data/train.csv`
fn is_file(token: &str) -> bool {
    let Some((stem, extension)) = token.rsplit_once('.') else { return false };
    let is_extension =
        (1..=8).contains(&extension.len()) && extension.chars().all(|letter| letter.is_ascii_alphanumeric());
    is_extension && extension.chars().any(char::is_alphabetic) && !stem.is_empty() && !token.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_name_and_by_form() {
        let message =
            "Commit README.md to datasets/alice/notes with the title \"Fix a typo\", content: Hello there, by bob.";
        for (name, value) in [
            ("repo", Some("datasets/alice/notes")),
            ("path", Some("README.md")),
            ("title", Some("Fix a typo")),
            ("content", Some("Hello there")),
            ("author", Some("bob")),
            ("url", None),
            ("revision", None),
        ] {
            assert_eq!(text(message, name).as_deref(), value, "{name}");
        }
        assert_eq!(text("List models by acme that match bert.", "search").as_deref(), Some("bert"));
        assert_eq!(text("Move acme/a, toRepo: acme/b", "toRepo").as_deref(), Some("acme/b"));
        assert_eq!(text("the author's title", "title"), None);
    }

    #[test]
    fn numbers_and_names_are_found() {
        assert_eq!(number("the weather for 3 days", "days"), Some(3.0));
        assert_eq!(number("List models, limit: 5", "limit"), Some(5.0));
        assert_eq!(number("Comment on #7 of acme/x", "num"), Some(7.0));
        assert_eq!(number("List 5 models", "limit"), None);
        assert!(names("Make it private.", "private") && !names("Make it public", "private"));
    }

    #[test]
    fn what_takes_prose_gets_the_whole_message() {
        let long = "word ".repeat(100);
        assert_eq!(anything(&long, "prompt"), long.trim());
        assert_eq!(anything(&long, "title").chars().count(), MAX_LENGTH);
    }
}
