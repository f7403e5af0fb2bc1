//! Path patterns of `.gitattributes` and `.gitignore`; the last line that matches decides.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

pub struct Patterns(Gitignore);

impl Patterns {
    /// Lines that are no valid pattern are left out.
    pub fn new<'a>(lines: impl Iterator<Item = &'a str>) -> Patterns {
        let mut builder = GitignoreBuilder::new("");
        for line in lines {
            // The builder keeps what it can read of a faulty line, and so does this.
            builder.add_line(None, line).ok();
        }
        Patterns(builder.build().unwrap_or_else(|_| Gitignore::empty()))
    }

    /// Whether the file itself matches.
    pub fn matches(&self, path: &str) -> bool {
        self.0.matched(path, false).is_ignore()
    }

    /// Whether the file or a folder above it matches.
    pub fn match_below(&self, path: &str) -> bool {
        !path.starts_with('/') && self.0.matched_path_or_any_parents(path, false).is_ignore()
    }
}

/// The paths that `.gitattributes` declares large: those whose `filter` is `lfs`.
pub fn large(attributes: &str) -> Patterns {
    let lines = attributes.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let pattern = words.next().filter(|pattern| !pattern.starts_with(['#', '!']))?;
        let filter = words.rfind(|word| word.trim_start_matches(['-', '!']).starts_with("filter"))?;
        Some(if filter == "filter=lfs" { pattern.to_owned() } else { format!("!{pattern}") })
    });
    let lines: Vec<String> = lines.collect();
    Patterns::new(lines.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_name_large_files() {
        let attributes = "*.bin filter=lfs diff=lfs -text\n# *.md filter=lfs\nsaved_model/**/* filter=lfs\n*.txt text\n\
                          small.bin -filter\n*tfevents* filter=lfs";
        let large = large(attributes);
        for path in ["a.bin", "d/a.bin", "saved_model/x/y", "x.tfevents.1"] {
            assert!(large.matches(path), "{path}");
        }
        for path in ["a.md", "a.txt", "small.bin", "d/small.bin", "a.bin.txt"] {
            assert!(!large.matches(path), "{path}");
        }
    }

    #[test]
    fn ignored_folders_hold_ignored_files() {
        let ignored = Patterns::new("*.log\n/build/\n!keep.log\n".lines());
        for path in ["a.log", "d/a.log", "build/x/y.txt"] {
            assert!(ignored.match_below(path), "{path}");
        }
        for path in ["a.txt", "keep.log", "d/build.txt"] {
            assert!(!ignored.match_below(path), "{path}");
        }
    }
}
