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
        let (pattern, rest) = pattern(line.trim_start())?;
        let mut words = rest.split_whitespace();
        let filter = words.rfind(|word| word.trim_start_matches(['-', '!']).starts_with("filter"))?;
        Some(if filter == "filter=lfs" { pattern } else { format!("!{pattern}") })
    });
    let lines: Vec<String> = lines.collect();
    Patterns::new(lines.iter().map(String::as_str))
}

/// The pattern of a line and the rest of it. One with a space stands in quotes, with the escapes of C.
fn pattern(line: &str) -> Option<(String, &str)> {
    if line.starts_with(['#', '!']) {
        return None;
    }
    let Some(quoted) = line.strip_prefix('"') else {
        let (pattern, rest) = line.split_once(char::is_whitespace)?;
        return Some((pattern.to_owned(), rest));
    };
    let mut bytes = Vec::new();
    let mut rest = quoted.bytes().enumerate();
    while let Some((at, byte)) = rest.next() {
        match byte {
            b'"' => return Some((String::from_utf8(bytes).ok()?, quoted.get(at + 1..)?)),
            b'\\' => {
                let (at, escaped) = rest.next()?;
                match escaped {
                    b'0'..=b'3' => {
                        bytes.push(u8::from_str_radix(quoted.get(at..at + 3)?, 8).ok()?);
                        rest.nth(1)?;
                    }
                    // An escaped wildcard is a literal character, and stays escaped.
                    b'*' | b'?' | b'[' => bytes.extend([b'\\', escaped]),
                    _ => bytes.push(unescaped(escaped)),
                }
            }
            _ => bytes.push(byte),
        }
    }
    None
}

fn unescaped(letter: u8) -> u8 {
    match letter {
        b'a' => 7,
        b'b' => 8,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 11,
        b'f' => 12,
        b'r' => b'\r',
        other => other,
    }
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
    fn a_pattern_may_stand_in_quotes() {
        let attributes = "\"my file*.bin\" filter=lfs -text\n\"gr\\303\\274n.dat\" filter=lfs\n\"a\\\"b\\\\c.x\" filter=lfs\n\
                          \"not closed.bin filter=lfs\n  *.pt filter=lfs\nplain.bin\n*.md filter=lfs\n\"read me.md\" -filter";
        let large = large(attributes);
        for path in ["my file 1.bin", "d/my file.bin", "gr\u{fc}n.dat", "x.pt", "other.md"] {
            assert!(large.matches(path), "{path}");
        }
        for path in ["my", "file.bin", "\"my file.bin", "not closed.bin", "plain.bin", "read me.md"] {
            assert!(!large.matches(path), "{path}");
        }
        assert_eq!(pattern("\"a\\\"b\\tc\" x"), Some(("a\"b\tc".to_owned(), " x")));
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
