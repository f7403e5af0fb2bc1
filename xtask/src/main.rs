//! The repository's own commands: `cargo xtask gen [--check] | build [--stable]`.

mod build;
mod fresh;
mod generate;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["gen"] => generate::run(&root, false),
        ["gen", "--check"] => generate::run(&root, true),
        ["build"] => build::run(&root, build::Std::Rebuilt),
        ["build", "--stable"] => build::run(&root, build::Std::Stable),
        _ => Err("usage: cargo xtask gen [--check] | build [--stable]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
