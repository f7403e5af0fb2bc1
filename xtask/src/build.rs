//! Builds the npm package into `pkg/dist`: the wasm and its glue with wasm-pack, the TypeScript with tsc, and of what tsc
//! writes, with Rollup, the files that are published.
//!
//! The standard library is rebuilt for size, and so that a panic is a trap without a message. `--dev` keeps the names of
//! functions, which the stack of a trap then shows. `--stable` builds with the standard library that comes with Rust,
//! which any stable toolchain can do; `docs/decisions.md` has the difference.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use hf_wasm::core::hash::base64;

use crate::fresh::newest;
use crate::generate;

/// A panic is a trap, without a message. No reference types: V8 as of Node 20 and 22 ends the process when optimised
/// code calls a function that returns one and is thrown away meanwhile.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none \
    -Ctarget-feature=-reference-types,-multivalue";
const STD: [&str; 4] = ["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"];

/// A WebAssembly of the package.
struct Part {
    name: &'static str,
    /// The crate that it is built from, and the folder of its sources.
    manifest: &'static str,
    sources: &'static str,
    /// Name of the glue, which parts with the same exports share.
    glue: &'static str,
    /// What cargo and the compiler are given as well.
    features: &'static [&'static str],
    flags: &'static str,
}

/// The core, which every call needs; commits; the kernels, for every runtime and for those with SIMD.
const PARTS: [Part; 4] = [
    Part { name: "core", glue: "core", features: &["--no-default-features", "--features", "client"], ..COMMIT },
    COMMIT,
    KERNELS,
    Part { name: "kernels_simd", flags: "-Ctarget-feature=+simd128", ..KERNELS },
];
const COMMIT: Part = Part {
    name: "commit",
    manifest: ".",
    sources: "src",
    glue: "commit",
    features: &["--no-default-features", "--features", "commit"],
    flags: "",
};
const KERNELS: Part =
    Part { name: "kernels", manifest: "kernels", sources: "kernels", glue: "kernels", features: &[], flags: "" };

/// A file that is as new as what was built.
const STAMP: &str = ".built";

const INLINE_TYPES: &str = "/** The WebAssembly as bytes: `await init(import(\"hf-wasm/inline\"))`. */
declare const wasm: Uint8Array<ArrayBuffer>;
export default wasm;
/** The WebAssembly for commits. */
export declare const commit: Uint8Array<ArrayBuffer>;
/** The WebAssembly for large files. */
export declare const kernels: Uint8Array<ArrayBuffer>;
";

/// How the wasm is built.
#[derive(Clone, Copy)]
pub enum Mode {
    /// As it is published: with a standard library that is rebuilt from its source.
    Release,
    /// The same with the names of functions.
    Dev,
    /// With the standard library that comes with Rust.
    Stable,
}

/// Brings `pkg/dist` up to date; what is newer than its sources is left alone.
pub fn run(root: &Path, mode: Mode) -> Result<(), String> {
    let path = search_path(root)?;
    let dist = root.join("pkg/dist");
    let mut parts = Vec::new();
    for part in &PARTS {
        let built = wasm(root, &path, mode, part)?;
        declarations(root, &built, part.glue)?;
        parts.push((part, built));
    }
    package(root, &path)?;
    for (Part { name, glue, .. }, built) in &parts {
        take(&built.join(format!("{glue}_bg.wasm")), &dist.join(format!("{name}_bg.wasm")))?;
        take(&built.join(format!("{glue}_bg.js")), &dist.join(format!("{glue}_bg.js")))?;
        take(&root.join(format!("pkg/src/{glue}_bg.d.ts")), &dist.join(format!("{glue}_bg.d.ts")))?;
    }
    generate::catalogue(root)?;
    inline(&dist)?;
    browser(root, &path)?;
    command_line(root, &path)?;
    page(root, &path)
}

/// Brings one part up to date, and prints the folder that holds it. The package is left as it is.
pub fn part(root: &Path, mode: Mode, name: &str) -> Result<(), String> {
    let part = PARTS.iter().find(|part| part.name == name).ok_or_else(|| {
        let names: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        format!("there is no part {name}; there are {}", names.join(", "))
    })?;
    println!("{}", wasm(root, &search_path(root)?, mode, part)?.display());
    Ok(())
}

/// Builds a part where a source is newer, and returns the folder that holds it. `wasm-pack` runs `wasm-opt` as the
/// crate's `Cargo.toml` says.
fn wasm(root: &Path, path: &OsString, mode: Mode, part: &Part) -> Result<PathBuf, String> {
    let Part { name, manifest, sources, glue, features, flags } = part;
    // What differs in names alone is compiled once.
    let (target, profile, out) = match mode {
        Mode::Release => ("target/wasm", "--release", "target/wasm"),
        Mode::Dev => ("target/wasm", "--profiling", "target/wasm-dev"),
        Mode::Stable => ("target/wasm-stable", "--release", "target/wasm-stable"),
    };
    let (target, out) = (root.join(target), root.join(out).join(name));
    let sources = [sources, "Cargo.toml", "Cargo.lock", "xtask/src/build.rs"].map(|name| root.join(name));
    if newest(&sources)? <= newest(&[out.join(STAMP)])? {
        println!("{name}: nothing is newer");
        return Ok(out);
    }
    let mut command = Command::new("wasm-pack");
    // The default mode would ask for the target's `std`, which is not needed where it is rebuilt.
    command.args(["build", "--mode", "force", "--target", "bundler", profile, "--no-pack", "--out-name", glue]);
    command.arg("--out-dir").arg(&out).arg(root.join(manifest)).arg("--").args(*features);
    command.env("PATH", path).env("CARGO_TARGET_DIR", &target).env_remove("CARGO").env_remove("RUSTC");
    match mode {
        Mode::Release | Mode::Dev => {
            has_source_of_std(path)?;
            println!("{name}: wasm-pack build (rebuilds Rust's std the first time)");
            command.args(STD).env("RUSTC_BOOTSTRAP", "1");
            command.env("RUSTFLAGS", format!("{RUSTFLAGS} {flags}").trim_end());
        }
        Mode::Stable => {
            println!("{name}: wasm-pack build, with the std that comes with Rust");
            command.env("RUSTFLAGS", flags);
        }
    }
    done(command)?;
    built(&out)?;
    Ok(out)
}

/// Notes that what lies in a folder is as new as its sources.
fn built(folder: &Path) -> Result<(), String> {
    let stamp = folder.join(STAMP);
    fs::write(&stamp, "").map_err(|error| in_file(&stamp, &error))
}

/// The declarations that `wasm-bindgen` writes of the border, beside the code that uses it.
fn declarations(root: &Path, built: &Path, name: &str) -> Result<(), String> {
    let written = built.join(format!("{name}.d.ts"));
    let text = fs::read_to_string(&written).map_err(|error| in_file(&written, &error))?;
    let text = format!(
        "// Generated by `cargo xtask build` from the Rust. Do not edit.\n{text}\nexport function __wbg_set_wasm(exports: WebAssembly.Exports): void;\n"
    );
    let name = format!("{name}_bg.d.ts");
    let source = root.join("pkg/src").join(&name);
    if fs::read_to_string(&source).unwrap_or_default() != text {
        fs::write(&source, text).map_err(|error| in_file(&source, &error))?;
        println!("wrote pkg/src/{name}");
    }
    Ok(())
}

/// Compiles `pkg/src` and joins its modules, where a source is newer.
fn package(root: &Path, path: &OsString) -> Result<(), String> {
    let dist = root.join("pkg/dist");
    let sources =
        ["pkg/src", "pkg/tsconfig.json", "pkg/package.json", "pkg/rollup.config.mjs"].map(|name| root.join(name));
    if newest(&sources)? <= newest(&[dist.join(STAMP)])? {
        println!("package: nothing is newer");
        return Ok(());
    }
    println!("package: tsc -p pkg, rollup");
    let compiled = root.join("target/package");
    // What has no source any more is not to be published.
    for folder in [&dist, &compiled] {
        remove_folder(folder)?;
    }
    let mut command = Command::new("node");
    command.arg(root.join("node_modules/typescript/bin/tsc")).args(["-p", "pkg", "--declarationDir", "pkg/dist"]);
    command.arg("--outDir").arg(&compiled).current_dir(root).env("PATH", path);
    done(command)?;
    let mut command = Command::new("rollup");
    command.args(["--config", "pkg/rollup.config.mjs", "--silent"]).current_dir(root).env("PATH", path);
    done(command)?;
    built(&dist)
}

/// The package as one module without bare specifiers, for pages without a bundler. The wasm lies beside it.
fn browser(root: &Path, path: &OsString) -> Result<(), String> {
    let mut command = Command::new("esbuild");
    command.args(["dist/load/page.js", "--bundle", "--format=esm", "--target=es2022", "--external:*.wasm"]);
    command.args(["--alias:#load=./dist/load/browser.js", "--minify-whitespace", "--minify-syntax", "--sourcemap"]);
    command.args([
        "--banner:js=// @ts-self-types=\"./browser.d.ts\"",
        "--outfile=dist/browser.js",
        "--log-level=warning",
    ]);
    command.current_dir(root.join("pkg")).env("PATH", path);
    done(command)?;
    let types = root.join("pkg/dist/browser.d.ts");
    fs::write(&types, "export * from \"./load/page.js\";\n").map_err(|error| in_file(&types, &error))
}

/// The program `hf-wasm` as one module, with the libraries that are no dependencies of the package, so that `npx` can run
/// it; and the licenses of those.
fn command_line(root: &Path, path: &OsString) -> Result<(), String> {
    let meta = root.join("target/command-line.json");
    let mut command = Command::new("esbuild");
    command.args(["dist/mcp/command.js", "--bundle", "--format=esm", "--platform=node", "--target=node20", "--minify"]);
    command.args(["--external:../main.js", "--external:../agent/*", "--external:@cfworker/json-schema"]);
    command.args(["--legal-comments=none", "--outfile=dist/mcp/cli.js", "--log-level=warning"]);
    command.arg(format!("--metafile={}", meta.display())).current_dir(root.join("pkg")).env("PATH", path);
    done(command)?;
    let text = fs::read_to_string(&meta).map_err(|error| in_file(&meta, &error))?;
    let inputs: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let files = inputs.get("inputs").and_then(serde_json::Value::as_object).into_iter().flatten();
    let libraries: BTreeSet<_> = files.filter_map(|(file, _)| library(file)).collect();
    let mut licenses = String::from("cli.js holds code of these libraries.\n");
    for name in libraries {
        let folder = root.join("node_modules").join(&name);
        let license = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"]
            .iter()
            .find_map(|file| fs::read_to_string(folder.join(file)).ok())
            .ok_or_else(|| format!("{name} has no license file"))?;
        licenses.push_str(&format!("\n{name}\n\n{}\n", license.trim()));
    }
    let file = root.join("pkg/dist/mcp/LICENSES.txt");
    fs::write(&file, licenses).map_err(|error| in_file(&file, &error))
}

/// The demo page, by esbuild.
fn page(root: &Path, path: &OsString) -> Result<(), String> {
    let mut command = Command::new("node");
    command.arg("scripts/page.mjs").current_dir(root).env("PATH", path);
    done(command)
}

/// The package of a file below `node_modules`: `zod`, `@modelcontextprotocol/sdk`.
fn library(file: &str) -> Option<String> {
    let (_, inside) = file.rsplit_once("node_modules/")?;
    let parts = if inside.starts_with('@') { 2 } else { 1 };
    Some(inside.split('/').take(parts).collect::<Vec<_>>().join("/"))
}

/// The wasm as a JavaScript module, for where no asset can be had.
fn inline(dist: &Path) -> Result<(), String> {
    let bytes = |name: &str| {
        let wasm = dist.join(name);
        fs::read(&wasm).map(|bytes| base64(&bytes)).map_err(|error| in_file(&wasm, &error))
    };
    let write = |name: &str, code: &str| {
        let file = dist.join(name);
        fs::write(&file, code).map_err(|error| in_file(&file, &error))
    };
    let (core, commit, kernels) = (bytes("core_bg.wasm")?, bytes("commit_bg.wasm")?, bytes("kernels_bg.wasm")?);
    let code = format!(
        "// @ts-self-types=\"./inline.d.ts\"
const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
export default bytes(\"{core}\");
export const commit = bytes(\"{commit}\");
export const kernels = bytes(\"{kernels}\");
"
    );
    write("inline.js", &code)?;
    write("inline.d.ts", INLINE_TYPES)?;
    // For those who import an asset itself: `init(import("hf-wasm/core_bg.wasm"))`.
    for name in ["core", "commit", "kernels", "kernels_simd"] {
        let types = "declare const wasm: WebAssembly.Module;\nexport default wasm;\n";
        write(&format!("{name}_bg.wasm.d.ts"), types)?;
    }
    Ok(())
}

fn take(from: &Path, to: &Path) -> Result<(), String> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| in_file(folder, &error))?;
    }
    fs::copy(from, to).map(drop).map_err(|error| in_file(from, &error))
}

/// The packages' programs, the tools of this repository and this cargo's own folder first, cargo's installed programs last.
fn search_path(root: &Path) -> Result<OsString, String> {
    let mut folders = vec![root.join("node_modules/.bin"), root.join(".cache/tools/bin")];
    if let Some(cargo) = env::var_os("CARGO") {
        folders.extend(Path::new(&cargo).parent().map(Path::to_path_buf));
    }
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    folders.extend(home.map(|home| home.join("bin")));
    env::join_paths(folders).map_err(|error| error.to_string())
}

fn remove_folder(folder: &Path) -> Result<(), String> {
    fs::remove_dir_all(folder).or_else(|error| match error.kind() {
        io::ErrorKind::NotFound => Ok(()),
        _ => Err(in_file(folder, &error)),
    })
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

fn in_file(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
