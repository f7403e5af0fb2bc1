//! The repository's own commands: `cargo xtask gen [--check] | build [--dev | --stable] [PART]`.

mod build;
mod fresh;
mod generate;

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask gen [--check] | build [--dev | --stable] [PART]";

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["gen"] => generate::run(&root, false),
        ["gen", "--check"] => generate::run(&root, true),
        ["build", options @ ..] => build(&root, options),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the package, or a part of it alone.
fn build(root: &Path, options: &[&str]) -> Result<(), String> {
    let (mode, part) = match options {
        ["--dev", part @ ..] => (build::Mode::Dev, part),
        ["--stable", part @ ..] => (build::Mode::Stable, part),
        part => (build::Mode::Release, part),
    };
    match part {
        [] => build::run(root, mode),
        [name] if !name.starts_with('-') => build::part(root, mode, name),
        _ => Err(USAGE.into()),
    }
}
