//! Builds the npm package: the wasm and its glue with wasm-pack, the TypeScript with tsc, both into `pkg/dist`.
//!
//! The standard library is rebuilt for size, and so that a panic is a trap without a message. `--stable` builds with
//! the standard library that comes with Rust, which any stable toolchain can do; `docs/decisions.md` has the difference.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use hf_wasm::core::hash::base64;

use crate::fresh::newest;

/// A panic is a trap, without a message. No reference types: V8 as of Node 20 and 22 ends the process when optimised
/// code calls a function that returns one and is thrown away meanwhile.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none \
    -Ctarget-feature=-reference-types,-multivalue --cfg=sha2_backend_soft=\"compact\"";
const SHA2: &str = "--cfg=sha2_backend_soft=\"compact\"";
const STD: [&str; 4] = ["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"];

/// Which standard library the wasm is built with.
#[derive(Clone, Copy)]
pub enum Std {
    /// Rebuilt from its source, for size.
    Rebuilt,
    /// As it comes with Rust.
    Stable,
}

/// Brings `pkg/dist` up to date; what is newer than its sources is left alone.
pub fn run(root: &Path, std: Std) -> Result<(), String> {
    let path = search_path(root)?;
    let core = wasm(root, &path, std)?;
    let dist = root.join("pkg/dist");
    take(&core.join("core_bg.wasm"), &dist.join("core_bg.wasm"))?;
    take(&core.join("core_bg.js"), &dist.join("core_bg.js"))?;
    // The declarations of what the classes use of the glue; tsc copies no declarations.
    take(&root.join("pkg/src/core_bg.d.ts"), &dist.join("core_bg.d.ts"))?;
    inline(&dist)?;
    package(root, &path)?;
    browser(root, &path)
}

/// Builds the wasm where a source is newer, and returns the folder that holds it. `wasm-pack` runs `wasm-opt` as
/// `Cargo.toml` says.
fn wasm(root: &Path, path: &OsString, std: Std) -> Result<PathBuf, String> {
    let target = root.join(match std {
        Std::Rebuilt => "target/wasm",
        Std::Stable => "target/wasm-stable",
    });
    let out = target.join("pkg");
    let sources = ["src", "Cargo.toml", "Cargo.lock", "xtask/src/build.rs"].map(|name| root.join(name));
    let stamp = out.join(".built");
    if newest(&sources)? <= newest(std::slice::from_ref(&stamp))? {
        println!("wasm: nothing is newer");
        return Ok(out);
    }
    let mut command = Command::new("wasm-pack");
    // The default mode would ask for the target's `std`, which is not needed where it is rebuilt.
    command.args(["build", "--mode", "force", "--target", "bundler", "--release", "--no-pack", "--out-name", "core"]);
    command.arg("--out-dir").arg(&out).arg(root);
    command.env("PATH", path).env("CARGO_TARGET_DIR", &target).env_remove("CARGO").env_remove("RUSTC");
    match std {
        Std::Rebuilt => {
            has_source_of_std(path)?;
            println!("wasm: wasm-pack build (rebuilds Rust's std the first time)");
            command.arg("--").args(STD).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", RUSTFLAGS);
        }
        Std::Stable => {
            println!("wasm: wasm-pack build, with the std that comes with Rust");
            command.env("RUSTFLAGS", SHA2);
        }
    }
    done(command)?;
    fs::write(&stamp, "").map_err(|error| told(&stamp, &error))?;
    Ok(out)
}

/// Compiles `pkg/src` where a source is newer.
fn package(root: &Path, path: &OsString) -> Result<(), String> {
    let stamp = root.join("pkg/dist/.built");
    let sources = ["pkg/src", "pkg/tsconfig.json", "pkg/package.json"];
    if newest(&sources.map(|name| root.join(name)))? <= newest(std::slice::from_ref(&stamp))? {
        println!("package: nothing is newer");
        return Ok(());
    }
    println!("package: tsc -p pkg");
    let mut command = Command::new("node");
    command.arg(root.join("node_modules/typescript/bin/tsc")).args(["-p", "pkg"]);
    command.current_dir(root).env("PATH", path);
    done(command)?;
    fs::write(&stamp, "").map_err(|error| told(&stamp, &error))
}

/// The package as one module without bare specifiers, for pages without a bundler. The wasm lies beside it.
fn browser(root: &Path, path: &OsString) -> Result<(), String> {
    let mut command = Command::new("esbuild");
    command.args(["dist/index.js", "--bundle", "--format=esm", "--target=es2022", "--external:*.wasm"]);
    command.args(["--alias:#load=./dist/load/browser.js", "--minify-whitespace", "--minify-syntax"]);
    command.args([
        "--banner:js=// @ts-self-types=\"./browser.d.ts\"",
        "--outfile=dist/browser.js",
        "--log-level=warning",
    ]);
    command.current_dir(root.join("pkg")).env("PATH", path);
    done(command)?;
    let types = root.join("pkg/dist/browser.d.ts");
    fs::write(&types, "export * from \"./index.js\";\n").map_err(|error| told(&types, &error))
}

/// The wasm as a JavaScript module, for where no asset can be had.
fn inline(dist: &Path) -> Result<(), String> {
    let (wasm, module, types) = (dist.join("core_bg.wasm"), dist.join("inline.js"), dist.join("inline.d.ts"));
    let text = base64(&fs::read(&wasm).map_err(|error| told(&wasm, &error))?);
    let code = format!(
        "// @ts-self-types=\"./inline.d.ts\"\nexport default Uint8Array.from(atob(\"{text}\"), (char) => char.charCodeAt(0));\n"
    );
    fs::write(&module, code).map_err(|error| told(&module, &error))?;
    let code = "/** The WebAssembly as bytes: `await init(import(\"hf-wasm/inline\"))`. */\ndeclare const wasm: Uint8Array<ArrayBuffer>;\nexport default wasm;\n";
    fs::write(&types, code).map_err(|error| told(&types, &error))?;
    // For those who import the asset itself: `init(import("hf-wasm/core_bg.wasm"))`.
    let types = dist.join("core_bg.wasm.d.ts");
    let code = "declare const wasm: WebAssembly.Module;\nexport default wasm;\n";
    fs::write(&types, code).map_err(|error| told(&types, &error))
}

fn take(from: &Path, to: &Path) -> Result<(), String> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| told(folder, &error))?;
    }
    fs::copy(from, to).map(drop).map_err(|error| told(from, &error))
}

/// This cargo's own folder and the packages' programs first, cargo's installed programs last.
fn search_path(root: &Path) -> Result<OsString, String> {
    let mut folders = vec![root.join("node_modules/.bin")];
    if let Some(cargo) = env::var_os("CARGO") {
        folders.extend(Path::new(&cargo).parent().map(Path::to_path_buf));
    }
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    folders.extend(home.map(|home| home.join("bin")));
    env::join_paths(folders).map_err(|error| error.to_string())
}

fn has_source_of_std(path: &OsString) -> Result<(), String> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).env("PATH", path).output();
    let output = output.map_err(|error| format!("rustc: {error}"))?;
    let sysroot = String::from_utf8_lossy(&output.stdout);
    if Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std").exists() {
        return Ok(());
    }
    Err(format!(
        "the Rust in {} has no source of its standard library; `npm run build` finds or installs one that has",
        sysroot.trim()
    ))
}

fn done(mut command: Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name} failed ({status})")),
        Err(error) => Err(format!("{name}: {error}; `npm run setup` installs what is missing")),
    }
}

fn told(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
