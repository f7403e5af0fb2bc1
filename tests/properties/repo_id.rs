//! Repository ids: what is read is what was written, and only names that the Hub allows are read.

use hf_wasm::core::repo_id::RepoId;

use crate::input;

pub const KINDS: [&str; 4] = ["model", "dataset", "space", "kernel"];

pub fn fuzz(bytes: &[u8]) {
    let text = input::text(bytes);
    holds(&text);
    for kind in KINDS {
        typed_holds(kind, &text);
    }
}

/// An id of any type is read as [`parts`] says, and its own forms are read as the same id.
pub fn holds(text: &str) {
    let (kind, id) = match text.split_once('/') {
        Some((segment, id)) if KINDS.contains(&segment.strip_suffix('s').unwrap_or("")) => {
            (&segment[..segment.len() - 1], id)
        }
        _ => ("model", text),
    };
    let read = RepoId::parse("repo", text).ok();
    assert_eq!(read.as_ref().map(taken_apart), parts(id).map(|(namespace, name)| (kind, namespace, name)), "{text:?}");
    if let Some(repo) = read {
        written_is_read(&repo);
    }
}

/// An id whose type is known may have a type before it, which counts.
pub fn typed_holds(kind: &str, text: &str) {
    let named = KINDS.into_iter().find_map(|kind| Some((kind, text.strip_prefix(kind)?.strip_prefix("s/")?)));
    let (kind, bare) = named.unwrap_or((kind, text));
    let read = RepoId::typed("repo", kind, text).ok();
    let expected = parts(bare).map(|(namespace, name)| (kind, namespace, name));
    assert_eq!(read.as_ref().map(taken_apart), expected, "{kind} {text:?}");
}

fn written_is_read(repo: &RepoId) {
    let read = |text: &str| RepoId::parse("repo", text).ok();
    assert_eq!(read(&repo.api_path()).as_ref(), Some(repo));
    assert_eq!(RepoId::of("repo", repo.kind, &repo.full_name()).ok().as_ref(), Some(repo));
    assert_eq!(RepoId::typed("repo", repo.kind, &repo.api_path()).ok().as_ref(), Some(repo));
    assert_eq!(read(&repo.page_path()).as_ref(), Some(repo));
}

fn taken_apart(repo: &RepoId) -> (&str, Option<&str>, &str) {
    (repo.kind, repo.namespace.as_deref(), &repo.name)
}

/// Namespace and name of an id that the Hub allows.
pub fn parts(id: &str) -> Option<(Option<&str>, &str)> {
    let (namespace, name) = id.split_once('/').map_or((None, id), |(namespace, name)| (Some(namespace), name));
    // No user can be called as a type: `datasets/x` is a dataset.
    let is_type = KINDS.iter().any(|kind| namespace.unwrap_or(name) == format!("{kind}s"));
    (!is_type && namespace.into_iter().chain([name]).all(allowed)).then_some((namespace, name))
}

fn allowed(name: &str) -> bool {
    let known = name.chars().all(|char| matches!(char, 'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.'));
    known && (1..=96).contains(&name.len()) && !matches!(name, "." | "..")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    prop_compose! {
        fn repo()(kind in select(KINDS.to_vec()), namespace in proptest::option::of(name()), name in name()) -> RepoId {
            RepoId { kind, namespace, name }
        }
    }

    pub fn name() -> impl Strategy<Value = String> {
        "[a-zA-Z0-9_]([-.]?[a-zA-Z0-9_]){0,47}"
    }

    #[test]
    fn no_user_is_called_as_a_type() {
        for text in ["models/models/l.", "datasets/spaces/x", "models/datasets", "spaces"] {
            holds(text);
            assert!(RepoId::parse("repo", text).is_err(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(crate::config())]

        #[test]
        fn what_is_written_is_read_back(repo in repo()) {
            written_is_read(&repo);
            holds(&repo.api_path());
            holds(&repo.page_path());
        }

        #[test]
        fn anything_is_borne(text in "((model|dataset|space|kernel)s/)?[a-z._/-]{0,9}|[ -~ü/]{0,12}|[a-z]{90,100}|(a/)?a[._-]{1,2}a") {
            holds(&text);
            for kind in KINDS {
                typed_holds(kind, &text);
            }
        }
    }
}
