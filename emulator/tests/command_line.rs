//! The program itself: what its help says, and how it refuses what it cannot do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

/// Runs the emulator with its input at its end, so that one that starts stops at once.
fn emulator(arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_emulator");
    Command::new(program).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn refusal(arguments: &[&str]) -> String {
    let output = emulator(arguments);
    assert!(!output.status.success(), "{arguments:?} was taken");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_help_fits_a_terminal_and_has_examples() {
    let output = emulator(&["--help"]);
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    for part in ["Usage: emulator [OPTIONS]", "Rate limits:", "Inference:", "Web pages and webhooks:", "Examples:"] {
        assert!(help.contains(part), "{part}: {help}");
    }
    assert_eq!(help.lines().find(|line| line.chars().count() > 100), None);
}

#[test]
fn it_starts_with_nothing_but_a_port_and_names_its_addresses_first() {
    let output = emulator(&["--port", "0", "--until-eof"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(text.starts_with("Hub           http://127.0.0.1:"), "{text}");
    assert!(text.contains("hf_emulator_write"), "{text}");
}

#[test]
fn a_port_that_is_taken_is_named_with_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let expected = |option: &str| format!("emulator: port {port} is taken; `{option} 0` takes a free one\n");
    assert_eq!(refusal(&["--port", &port]), expected("--port"));
    assert_eq!(refusal(&["--port", "0", "--cdn-port", &port]), expected("--cdn-port"));
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let name = file.path().to_str().unwrap();
    assert!(refusal(&["--port", "0", "--data", name]).starts_with(&format!("emulator: {name}: ")));
    for option in ["--www", "--pkg"] {
        let text = refusal(&[option, name]);
        assert!(text.contains(&format!("'{name}'")) && text.contains("there is no such folder"), "{text}");
    }
}

#[test]
fn addresses_are_checked_before_anything_starts() {
    for (option, value, expected) in [
        ("--inference-upstream", "https://models.test", "begins with http://"),
        ("--inference-upstream", "models.test", "begins with http://"),
        ("--allow-host", "http://hub.test", "a host name without scheme and port"),
        ("--allow-host", "hub.test:80", "a host name without scheme and port"),
        ("--allow-origin", "app.test", "such as https://app.example:5173"),
        ("--allow-origin", "https://app.test/page", "such as https://app.example:5173"),
        ("--port", "99999", "0..=65535"),
    ] {
        let text = refusal(&[option, value]);
        assert!(text.contains(expected) && text.contains(option), "{option} {value}: {text}");
    }
}
