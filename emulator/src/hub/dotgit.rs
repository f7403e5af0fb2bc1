//! Names that some file system takes for `.git`, which git itself refuses in a tree.

/// Whether a name leads to `.git` where case does not matter, on HFS+, which skips some code points, or on NTFS,
/// which drops dots and blanks at the end, has the short name `git~1`, and puts streams behind a colon.
pub fn is_dotgit(name: &str) -> bool {
    let name: String = name.chars().filter(|letter| !is_ignored(*letter)).collect();
    let name = name.split([':', '\\']).next().unwrap_or_default().trim_end_matches(['.', ' ']);
    name.eq_ignore_ascii_case(".git") || name.eq_ignore_ascii_case("git~1")
}

/// Code points that HFS+ skips when it compares names.
fn is_ignored(letter: char) -> bool {
    matches!(letter, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::is_dotgit;

    #[test]
    fn look_alikes_are_known() {
        for name in [
            ".git", ".GIT", ".git ", ".git.", ".git . .", ".GiT...", "git~1", "GIT~1", "git~1.", "git~1 ",
            ".git::$INDEX_ALLOCATION", ".git:x", ".git .:x", "git~1::$INDEX_ALLOCATION", ".g\u{200c}it",
            "\u{feff}.git", ".git\u{206f}", ".\u{202e}G\u{200d}IT",
        ] {
            assert!(is_dotgit(name), "{name:?}");
        }
        for name in
            [".gitignore", ".gitattributes", ".gi", "git", "git~2", "x.git", ".git-x", ".git x", "a:.git", ".github"]
        {
            assert!(!is_dotgit(name), "{name:?}");
        }
    }
}
