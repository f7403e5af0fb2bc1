//! The seeds of the fuzz targets, tried without a fuzzer.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{error_body, lines, link, rate_limit, repo_id, retry_after, sse, url};

const TARGETS: [(&str, fn(&[u8])); 8] = [
    ("error_body", error_body::fuzz),
    ("lines", lines::fuzz),
    ("link", link::fuzz),
    ("rate_limit", rate_limit::fuzz),
    ("repo_id", repo_id::fuzz),
    ("retry_after", retry_after::fuzz),
    ("sse", sse::fuzz),
    ("url", url::fuzz),
];

#[test]
fn every_target_is_here() {
    let mut names: Vec<_> = files("fuzz_targets").iter().map(|path| path.file_stem().unwrap().to_owned()).collect();
    names.sort();
    assert_eq!(names, TARGETS.map(|(name, _)| name));
}

#[test]
fn every_seed_holds() {
    for (name, fuzz) in TARGETS {
        let seeds = files(&format!("corpus/{name}"));
        assert!(!seeds.is_empty(), "{name} has no seed");
        for seed in seeds {
            println!("{}", seed.display());
            fuzz(&fs::read(seed).unwrap());
        }
    }
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}
