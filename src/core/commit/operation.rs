//! What a caller wants a commit to do, checked before any request.

use crate::core::failure::Failure;
use crate::core::text::{digits, parts};
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
    /// Moves the file at `from` here.
    Rename { from: String },
    /// Copies the file at `from` of `revision` (default: the commit's own) here.
    Copy { from: String, revision: Option<String> },
}

/// Refuses an empty list, paths that leave the repository, and two operations that end at one path.
pub fn check(operations: &[Operation]) -> Result<(), Box<Failure>> {
    if operations.is_empty() {
        return Err(Failure::invalid("operations", "must not be empty"));
    }
    for (at, operation) in operations.iter().enumerate() {
        let field = field(at, "path");
        check_path(&field, &operation.path, operation.change == Change::Delete)?;
        // Quadratic, but a comparison of lengths for nearly every pair.
        if operations.iter().take(at).any(|other| other.path == operation.path) {
            return Err(Failure::invalid(&field, "is the path of another operation too"));
        }
        if let Change::Rename { from } | Change::Copy { from, .. } = &operation.change {
            check_path(&self::field(at, "from"), from, false)?;
        }
    }
    Ok(())
}

/// `operations[2].path`
pub fn field(at: usize, name: &str) -> String {
    ["operations[", &digits(at as u64), "].", name].concat()
}

fn check_path(field: &str, path: &str, folder: bool) -> Result<(), Box<Failure>> {
    let bare = if folder { path.strip_suffix('/').unwrap_or(path) } else { path };
    if bare.starts_with('/') || bare.ends_with('/') {
        return Err(Failure::invalid(field, "must name a file, without a slash at either end"));
    }
    if parts(bare, b'/').into_iter().any(|part| part == ".git") {
        return Err(Failure::invalid(field, "must not enter .git"));
    }
    url::path(field, bare).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(operations: &[(&str, Change)]) -> Option<String> {
        let operations: Vec<_> = operations
            .iter()
            .map(|(path, change)| Operation { path: (*path).into(), change: change.clone() })
            .collect();
        check(&operations).err().and_then(|failure| failure.field)
    }

    #[test]
    fn bad_operations_name_their_field() {
        let add = || Change::Add { index: 0, size: 1 };
        assert_eq!(refused(&[("a/b", add()), ("c/", Change::Delete)]), None);
        assert_eq!(refused(&[]).as_deref(), Some("operations"));
        for bad in ["", "/a", "a/", "a/../b", ".", "a//b", ".git/config"] {
            assert_eq!(refused(&[("ok", add()), (bad, add())]).as_deref(), Some("operations[1].path"), "{bad}");
        }
        assert_eq!(refused(&[("a", add()), ("a", Change::Delete)]).as_deref(), Some("operations[1].path"));
        assert_eq!(refused(&[("a", Change::Rename { from: "../x".into() })]).as_deref(), Some("operations[0].from"));
    }
}
