//! What a caller wants a commit to do.

use crate::core::failure::Failure;
use crate::core::url;

/// One operation on one path.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    pub path: String,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Adds or replaces a file with the caller's file `index` of `size` bytes.
    Add { index: usize, size: u64 },
    /// Deletes a file, or a folder if the path ends with a slash.
    Delete,
    /// Moves the file that the parent commit has at `from` here.
    Rename { from: String },
    /// Copies the file at `from` of `revision` (default: the parent commit) here.
    Copy { from: String, revision: Option<String> },
}

impl Operation {
    /// Path and revision of the file that is renamed or copied.
    pub fn source(&self) -> Option<(&str, Option<&str>)> {
        match &self.change {
            Change::Rename { from } => Some((from, None)),
            Change::Copy { from, revision } => Some((from, revision.as_deref())),
            Change::Add { .. } | Change::Delete => None,
        }
    }

    /// Checks the paths themselves; [`super::plan`] checks the operations against each other.
    pub fn check(&self, at: usize) -> Result<(), Box<Failure>> {
        check_path(&field(at, "path"), &self.path, self.change == Change::Delete)?;
        self.source().map_or(Ok(()), |(from, _)| check_path(&field(at, "from"), from, false))
    }
}

/// `operations[2].path`
pub fn field(at: usize, name: &str) -> String {
    format!("operations[{at}].{name}")
}

fn check_path(field: &str, path: &str, folder: bool) -> Result<(), Box<Failure>> {
    let bare = if folder { path.strip_suffix('/').unwrap_or(path) } else { path };
    if bare.starts_with('/') || bare.ends_with('/') {
        return Err(Failure::invalid(field, "must name a file, without a slash at either end"));
    }
    if bare.split('/').any(|part| part == ".git") {
        return Err(Failure::invalid(field, "must not enter .git"));
    }
    url::path(field, bare).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_path_names_its_field() {
        let refused = |path: &str, change: Change| {
            Operation { path: path.into(), change }.check(1).err().and_then(|failure| failure.field)
        };
        let add = || Change::Add { index: 0, size: 1 };
        assert_eq!((refused("a/b", add()), refused("c/", Change::Delete)), (None, None));
        for bad in ["", "/a", "a/", "a/../b", ".", "a//b", ".git/config"] {
            assert_eq!(refused(bad, add()).as_deref(), Some("operations[1].path"), "{bad}");
        }
        assert_eq!(refused("a", Change::Rename { from: "../x".into() }).as_deref(), Some("operations[1].from"));
    }
}
