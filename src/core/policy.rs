//! What the owner of a program allows it: which endpoints it may call, and on which repositories.
//!
//! What is said of a repository goes before what is said of all, and what is said of an endpoint before what is said of
//! its group. What nobody allows is denied. Two things hold wherever they are said: an endpoint that is off or asked for
//! is so in every repository, unless that repository says otherwise of it.

use std::iter;
use std::rc::Rc;

use crate::endpoints::{Access, Endpoint};

/// A policy, as `pkg/src/agent/policy.ts` has checked it.
#[derive(Debug, Default)]
pub struct Policy {
    /// What holds for every call.
    pub general: Rules,
    /// What holds for repositories, the most specific pattern first.
    pub repos: Vec<RepoRules>,
    /// Denies nothing, and tells what it would have denied.
    pub dry_run: bool,
    /// What this one narrows: it must allow a call, too.
    pub wider: Option<Rc<Policy>>,
}

/// Words by group (`off`, `read`, `full`) and by endpoint (`off`, `ask`, `on`).
#[derive(Debug, Default)]
pub struct Rules {
    pub groups: Vec<(String, String)>,
    pub endpoints: Vec<(String, String)>,
}

#[derive(Debug, Default)]
pub struct RepoRules {
    /// `models/acme/*`
    pub pattern: String,
    /// How messages name it: `repos["acme/*"]`.
    pub name: String,
    pub rules: Rules,
}

/// What a call wants to do.
#[derive(Debug, Clone, Copy)]
pub struct Action<'a> {
    pub endpoint: &'static Endpoint,
    /// Such as `models/acme/x`, or `models/acme/*` for whatever there is.
    pub repos: &'a [String],
    /// It cannot be taken back, or changes who sees something.
    pub destructive: bool,
}

/// What a policy says, the stricter the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub enum Verdict {
    Allowed,
    /// A person has to be asked.
    Ask,
    Denied,
}

/// What a policy says, and the rule that says it.
#[derive(Debug, PartialEq, Eq)]
pub struct Decision {
    pub verdict: Verdict,
    pub rule: String,
}

impl Decision {
    pub const ALLOWED: Decision = Decision { verdict: Verdict::Allowed, rule: String::new() };

    /// Takes over what is stricter.
    pub fn and(&mut self, other: Decision) {
        if other.verdict > self.verdict {
            *self = other;
        }
    }
}

impl Policy {
    /// This one, and those that it narrows.
    pub fn all(&self) -> impl Iterator<Item = &Policy> {
        iter::successors(Some(self), |policy| policy.wider.as_deref())
    }

    pub fn decide(&self, action: Action<'_>) -> Decision {
        if action.repos.is_empty() {
            return self.general(action);
        }
        let mut decision = Decision::ALLOWED;
        for repo in action.repos {
            self.on(repo, action, &mut decision);
        }
        decision
    }

    /// What is said of one repository. One without a namespace may be anybody's, so every rule for its name counts.
    fn on(&self, repo: &str, action: Action<'_>, decision: &mut Decision) {
        // Addresses of git have such an end, and mean the same.
        let repo = repo.strip_suffix(".git").unwrap_or(repo);
        let whole = match repo.split_once('/') {
            Some((kind, name)) if !name.contains('/') => &[kind, "/*/", name].concat(),
            _ => repo,
        };
        let is_one = !whole.contains('*');
        for rules in &self.repos {
            if matches(&rules.pattern, whole) {
                decision.and(self.of(rules, action));
                if is_one || rules.pattern.eq_ignore_ascii_case(whole) {
                    return;
                }
            }
        }
        decision.and(self.general(action));
    }

    fn of(&self, repo: &RepoRules, action: Action<'_>) -> Decision {
        let name = action.endpoint.name;
        if let Some(word) = word(&repo.rules.endpoints, name) {
            return of_word(word, action, &[&repo.name, ".endpoints.", name]);
        }
        let Some(mode) = word(&repo.rules.groups, action.endpoint.group.as_str()) else { return self.general(action) };
        let mut decision = of_word(mode, action, &[&repo.name]);
        decision.and(match word(&self.general.endpoints, name) {
            Some(word) => of_word(word, action, &["endpoints.", name]),
            None => of_risk(action),
        });
        decision
    }

    /// What is said of everything.
    fn general(&self, action: Action<'_>) -> Decision {
        let (group, name) = (action.endpoint.group.as_str(), action.endpoint.name);
        if let Some(word) = word(&self.general.endpoints, name) {
            return of_word(word, action, &["endpoints.", name]);
        }
        let mut decision = of_word(word(&self.general.groups, group).unwrap_or("off"), action, &["groups.", group]);
        decision.and(of_risk(action));
        decision
    }
}

fn word<'a>(words: &'a [(String, String)], name: &str) -> Option<&'a str> {
    words.iter().find(|(known, _)| known == name).map(|(_, word)| word.as_str())
}

/// What a word says of a call; the rule that it stands in has these parts.
fn of_word(word: &str, action: Action<'_>, rule: &[&str]) -> Decision {
    let verdict = match word {
        "on" | "full" => return Decision::ALLOWED,
        "read" if action.endpoint.access != Access::Write => return Decision::ALLOWED,
        "ask" => Verdict::Ask,
        _ => Verdict::Denied,
    };
    Decision { verdict, rule: [&rule.concat(), ": ", word].concat() }
}

/// A person is asked, unless the policy says otherwise.
fn of_risk(action: Action<'_>) -> Decision {
    if action.destructive { of_word("ask", action, &["endpoints.", action.endpoint.name]) } else { Decision::ALLOWED }
}

/// Whether the pattern means a repository, or may: a `*` in the place of its namespace or name stands for any.
fn matches(pattern: &str, repo: &str) -> bool {
    let mut given = repo.split('/');
    pattern
        .split('/')
        .all(|part| given.next().is_some_and(|one| one == "*" || is_like(part.as_bytes(), one.as_bytes())))
}

/// `*` stands for any text. The Hub's names are the same in capitals.
fn is_like(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) if is_like(rest, text) => true,
        ([b'*', ..], [_, text @ ..]) => is_like(pattern, text),
        ([one, pattern @ ..], [other, text @ ..]) => one.eq_ignore_ascii_case(other) && is_like(pattern, text),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::repo_id::RepoId;
    use crate::endpoints::{account, discussions, inference, models, repos};

    fn pairs(words: &[(&str, &str)]) -> Vec<(String, String)> {
        words.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect()
    }

    fn policy(groups: &[(&str, &str)], endpoints: &[(&str, &str)]) -> Policy {
        Policy { general: Rules { groups: pairs(groups), endpoints: pairs(endpoints) }, ..Policy::default() }
    }

    fn repo(pattern: &str, groups: &[(&str, &str)], endpoints: &[(&str, &str)]) -> RepoRules {
        let rules = Rules { groups: pairs(groups), endpoints: pairs(endpoints) };
        RepoRules { pattern: pattern.into(), name: format!("repos[\"{pattern}\"]"), rules }
    }

    fn decide(policy: &Policy, endpoint: &'static Endpoint, repos: &[&str]) -> Decision {
        let repos: Vec<_> = repos.iter().map(|text| RepoId::parse("repo", text).unwrap().api_path()).collect();
        policy.decide(Action { endpoint, repos: &repos, destructive: endpoint.destructive.is_given(|_| false) })
    }

    fn denied(rule: &str) -> Decision {
        Decision { verdict: Verdict::Denied, rule: rule.into() }
    }

    fn asks(decision: Decision) -> bool {
        decision.verdict == Verdict::Ask
    }

    #[test]
    fn what_nobody_allows_is_denied() {
        assert_eq!(decide(&Policy::default(), &models::LIST_MODELS, &[]), denied("groups.models: off"));
        let reads = policy(&[("repos", "read"), ("inference", "read")], &[]);
        assert_eq!(decide(&reads, &repos::LIST_FILES, &["acme/x"]), Decision::ALLOWED);
        assert_eq!(decide(&reads, &repos::COMMIT, &["acme/x"]), denied("groups.repos: read"));
        assert_eq!(decide(&reads, &inference::LIST_ROUTER_MODELS, &[]), Decision::ALLOWED);
        assert_eq!(decide(&reads, &inference::CHAT_COMPLETION, &[]), denied("groups.inference: read"));
        assert_eq!(decide(&reads, &account::WHO_AM_I, &[]), denied("groups.account: off"));
    }

    #[test]
    fn an_endpoint_goes_before_its_group() {
        let some = policy(&[("repos", "read")], &[("commit", "on"), ("listFiles", "off"), ("createRepo", "ask")]);
        assert_eq!(decide(&some, &repos::COMMIT, &["acme/x"]), Decision::ALLOWED);
        assert_eq!(decide(&some, &repos::LIST_FILES, &["acme/x"]), denied("endpoints.listFiles: off"));
        assert!(asks(decide(&some, &repos::CREATE_REPO, &["acme/x"])));
    }

    #[test]
    fn a_person_is_asked_about_what_cannot_be_taken_back() {
        let full = policy(&[("repos", "full"), ("discussions", "full")], &[]);
        for endpoint in [&repos::DELETE_REPO, &repos::MOVE_REPO, &discussions::MERGE_PULL_REQUEST] {
            assert!(asks(decide(&full, endpoint, &["acme/x"])), "{}", endpoint.name);
        }
        let trusted = policy(&[("repos", "full")], &[("deleteRepo", "on")]);
        assert_eq!(decide(&trusted, &repos::DELETE_REPO, &["acme/x"]), Decision::ALLOWED);
        let reads = policy(&[("repos", "read")], &[]);
        assert_eq!(decide(&reads, &repos::DELETE_REPO, &["acme/x"]), denied("groups.repos: read"));
    }

    #[test]
    fn a_repository_goes_before_all() {
        let mut rules = policy(&[("repos", "read")], &[("deleteRepo", "off")]);
        rules.repos = vec![
            repo("models/acme/secret", &[("repos", "off")], &[]),
            repo("models/acme/mine", &[], &[("deleteRepo", "on")]),
            repo("models/acme/*", &[("repos", "full")], &[]),
        ];
        assert_eq!(decide(&rules, &repos::COMMIT, &["acme/x"]), Decision::ALLOWED);
        assert_eq!(decide(&rules, &repos::COMMIT, &["ACME/x"]), Decision::ALLOWED);
        assert_eq!(decide(&rules, &repos::COMMIT, &["bob/x"]), denied("groups.repos: read"));
        assert_eq!(decide(&rules, &repos::COMMIT, &["datasets/acme/x"]), denied("groups.repos: read"));
        assert_eq!(decide(&rules, &repos::LIST_FILES, &["acme/Secret"]), denied("repos[\"models/acme/secret\"]: off"));
        assert_eq!(decide(&rules, &repos::DELETE_REPO, &["acme/x"]), denied("endpoints.deleteRepo: off"));
        assert_eq!(decide(&rules, &repos::DELETE_REPO, &["acme/mine"]), Decision::ALLOWED);
        assert_eq!(decide(&rules, &repos::MOVE_REPO, &["acme/x", "bob/x"]), denied("groups.repos: read"));
        assert!(asks(decide(&rules, &repos::MOVE_REPO, &["acme/x", "acme/y"])));
    }

    #[test]
    fn a_repository_without_a_namespace_may_be_anybodys() {
        let mut rules = policy(&[("repos", "full")], &[]);
        rules.repos = vec![repo("models/alice/*", &[("repos", "off")], &[])];
        assert_eq!(decide(&rules, &repos::CREATE_REPO, &["x"]), denied("repos[\"models/alice/*\"]: off"));
        rules.repos = vec![repo("models/alice/*", &[("repos", "full")], &[])];
        rules.general.groups = pairs(&[("repos", "read")]);
        assert_eq!(decide(&rules, &repos::CREATE_REPO, &["x"]), denied("groups.repos: read"));
    }

    #[test]
    fn patterns() {
        let cases = [
            ("models/acme/*", "models/acme/x", true),
            ("models/acme/*", "models/acmeother/x", false),
            ("models/acme/*", "datasets/acme/x", false),
            ("*/acme/*", "spaces/acme/x", true),
            ("models/*/tiny-*-v*", "models/a/tiny-bert-v2", true),
            ("models/*/tiny-*-v*", "models/a/tiny-v2", false),
            ("models/a/ab*ba", "models/a/aba", false),
            ("models/acme/x", "models/acme/xx", false),
            ("models/acme/x", "models/*/x", true),
            ("models/acme/y", "models/*/x", false),
            ("models/acme/x", "models/acme/*", true),
            ("models/acme/x", "models/other/*", false),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }
}
