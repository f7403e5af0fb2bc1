//! A repository as callers write it: `acme/x`, `datasets/acme/x`, `spaces/acme/x`, or a type and a name.

use super::failure::Failure;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepoId {
    /// `model`, `dataset`, `space` or `kernel`.
    pub kind: &'static str,
    /// None for old ids such as `gpt2`, and for a new repository of the token's user.
    pub namespace: Option<String>,
    pub name: String,
}

const KINDS: [(&str, &str); 4] =
    [("model", "models"), ("dataset", "datasets"), ("space", "spaces"), ("kernel", "kernels")];

impl RepoId {
    /// Reads `[models/|datasets/|spaces/|kernels/][namespace/]name`.
    pub fn parse(field: &str, text: &str) -> Result<RepoId, Box<Failure>> {
        RepoId::typed(field, "model", text)
    }

    /// Reads `[prefix/][namespace/]name` where the type is fixed unless a prefix says otherwise.
    pub fn typed(field: &str, kind: &str, text: &str) -> Result<RepoId, Box<Failure>> {
        match text.split_once('/') {
            Some((segment, id)) if KINDS.iter().any(|(_, known)| segment == *known) => RepoId::of(field, segment, id),
            _ => RepoId::of(field, kind, text),
        }
    }

    /// Reads an id whose type is known.
    pub fn of(field: &str, kind: &str, id: &str) -> Result<RepoId, Box<Failure>> {
        let Some((kind, _)) = KINDS.iter().find(|(known, segment)| kind == *known || kind == *segment) else {
            return Err(Failure::invalid(field, "has an unknown type: use model, dataset, space or kernel"));
        };
        let (namespace, name) = match id.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, id),
        };
        check_name(field, name)?;
        let first = namespace.unwrap_or(name);
        // Addresses of files begin with the namespace, and mean something else there.
        check_name(field, if KINDS.iter().any(|(_, segment)| first == *segment) { "" } else { first })?;
        Ok(RepoId { kind, namespace: namespace.map(str::to_owned), name: name.to_owned() })
    }

    /// Checks the name of a repository that is to be created; what the Hub would refuse is reported before a request is sent.
    pub fn check_new(&self, field: &str) -> Result<(), Box<Failure>> {
        let name = self.name.as_str();
        let problem = match name {
            _ if name.contains("--") || name.contains("..") => "must not hold \"--\" or \"..\"",
            _ if name.starts_with(['-', '.']) || name.ends_with(['-', '.']) => {
                "must not begin or end with \"-\" or \".\""
            }
            _ if name.ends_with(".git") => "must not end with \".git\"",
            _ => return Ok(()),
        };
        Err(Failure::invalid(field, &format!("{problem}: the Hub refuses it in new names")))
    }

    /// `acme/x`
    pub fn full_name(&self) -> String {
        match &self.namespace {
            Some(namespace) => [namespace, "/", &self.name].concat(),
            None => self.name.clone(),
        }
    }

    /// `models/acme/x`, as it stands after `/api/`.
    pub fn api_path(&self) -> String {
        [self.kind, "s/", &self.full_name()].concat()
    }

    /// `acme/x` or `datasets/acme/x`, as it stands in page and file addresses.
    pub fn page_path(&self) -> String {
        match self.kind {
            "model" => self.full_name(),
            _ => self.api_path(),
        }
    }
}

/// Letters, digits, `-`, `_`, `.`: at most 96, and no dot segment. The Hub is stricter with new names
/// ([`RepoId::check_new`]), but has older ones.
fn check_name(field: &str, name: &str) -> Result<(), Box<Failure>> {
    let allowed = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if name.is_empty() || name.len() > 96 || !allowed || matches!(name, "." | "..") {
        return Err(Failure::invalid(
            field,
            "is not a repository id: use \"namespace/name\", with \"datasets/\" or \"spaces/\" before it, of at most 96 letters, digits, - _ .",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let cases = [
            ("acme/x", "models/acme/x", "acme/x"),
            ("models/acme/x", "models/acme/x", "acme/x"),
            ("a--b/c--d", "models/a--b/c--d", "a--b/c--d"),
            ("-x/..y", "models/-x/..y", "-x/..y"),
            ("datasets/acme/x", "datasets/acme/x", "datasets/acme/x"),
            ("spaces/acme/x.y_z", "spaces/acme/x.y_z", "spaces/acme/x.y_z"),
            ("gpt2", "models/gpt2", "gpt2"),
            ("datasets/squad", "datasets/squad", "datasets/squad"),
        ];
        for (text, api, page) in cases {
            let repo = RepoId::parse("repo", text).unwrap();
            assert_eq!((repo.api_path().as_str(), repo.page_path().as_str()), (api, page));
        }
    }

    #[test]
    fn a_fixed_type_may_stand_before_the_id() {
        for text in ["datasets/squad", "squad"] {
            assert_eq!(RepoId::typed("repo", "dataset", text).unwrap().full_name(), "squad");
        }
        assert_eq!(RepoId::typed("repo", "model", "models/acme/x").unwrap().full_name(), "acme/x");
        assert_eq!(RepoId::typed("repo", "model", "datasets/acme/x").unwrap().kind, "dataset");
    }

    #[test]
    fn bad_ids_name_the_field() {
        for bad in ["", "a/b/c/d", "../x", "acme/..", "acme/x?y", "acme/", "/x", "acme/.", "a b/c"] {
            let failure = RepoId::parse("fromRepo", bad).unwrap_err();
            assert_eq!(failure.field.as_deref(), Some("fromRepo"), "{bad}");
        }
        assert!(RepoId::of("repo", "book", "a/b").is_err());
        for bad in ["datasets/x", "models/x", "datasets"] {
            assert!(RepoId::of("repo", "model", bad).is_err(), "{bad}");
        }
    }
}
