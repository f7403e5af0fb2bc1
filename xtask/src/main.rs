//! The repository's own commands: `cargo xtask gen [--check] | build [--stable] | ci`.

mod build;
mod fresh;
mod generate;

use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["gen"] => generate::run(&root, false),
        ["gen", "--check"] => generate::run(&root, true),
        ["build"] => build::run(&root, build::Std::Rebuilt),
        ["build", "--stable"] => build::run(&root, build::Std::Stable),
        ["ci"] => ci(&root),
        _ => Err("usage: cargo xtask gen [--check] | build [--stable] | ci".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Everything that must hold: what `npm test` runs.
fn ci(root: &Path) -> Result<(), String> {
    let status = Command::new("node").arg("scripts/test.mjs").current_dir(root).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err("some tests failed".into()),
        Err(error) => Err(format!("node: {error}")),
    }
}
