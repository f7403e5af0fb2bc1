//! Which repository names and file paths the Hub takes.

use super::dotgit::is_dotgit;
use crate::hub::error::{Error, ErrorKind};

/// Longest `namespace/name`.
const LONGEST_ID: usize = 96;

/// Checks a repository's namespace and name.
pub fn check(namespace: &str, name: &str) -> Result<(), Error> {
    let full_name = format!("{namespace}/{name}");
    let refuse = |why: &str| Err(Error::invalid(format!("Invalid repo name: {full_name} - {why}")));
    if full_name.len() > LONGEST_ID {
        return refuse("at most 96 characters are allowed");
    }
    for part in [namespace, name] {
        if part.is_empty() || !part.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter)) {
            return refuse("only letters, digits, '-', '_' and '.' are allowed");
        }
        if part.contains("--") || part.contains("..") {
            return refuse("'--' and '..' are not allowed");
        }
        if part.starts_with(['-', '.']) || part.ends_with(['-', '.']) {
            return refuse("it cannot start or end with '-' or '.'");
        }
    }
    if name.ends_with(".git") {
        return refuse("it cannot end with '.git'");
    }
    Ok(())
}

/// Checks the path of a file in a repository, and hands it back without a trailing slash.
pub fn check_path(path: &str) -> Result<&str, Error> {
    let refuse = |why: &str| Err(Error::invalid(format!("Invalid file path: {path} - {why}")));
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() || path.len() > 1000 {
        return refuse("1 to 1000 characters are allowed");
    }
    if path.contains('\0') {
        return refuse("it holds a forbidden character");
    }
    // Elsewhere a backslash is a character like another.
    if path.starts_with("..\\") {
        return Err(Error::new(ErrorKind::Unprocessable, format!("Invalid file path: {path}")));
    }
    if path.split('/').any(|part| matches!(part, "" | "." | "..") || is_dotgit(part)) {
        return refuse("it must be relative, without '.', '..' and '.git'");
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules() {
        for name in ["a", "tiny-bert", "x.y_z", "0"] {
            assert!(check("acme", name).is_ok(), "{name}");
        }
        for name in ["", "a--b", "a..b", "-a", "a.", "a b", "a/b", "x.git", "é", &"a".repeat(96)] {
            assert!(check("acme", name).is_err(), "{name}");
        }
    }

    #[test]
    fn paths_stay_inside_the_repository() {
        assert_eq!(check_path("a/b.txt").unwrap(), "a/b.txt");
        assert_eq!(check_path("a/").unwrap(), "a");
        assert_eq!(check_path("folder/..\\..\\file").unwrap(), "folder/..\\..\\file");
        assert_eq!(check_path("..\\ddd").unwrap_err().kind, ErrorKind::Unprocessable);
        for path in
            ["", "/", "/etc/passwd", "../x", "a/../b", "a/./b", "a//b", ".git/config", "a/.GIT", "..\\b", "a\0b"]
        {
            assert!(check_path(path).is_err(), "{path}");
        }
    }
}
