//! Builds the npm package: the wasm and its glue with wasm-pack, the TypeScript with tsc, both into `pkg/dist`.
//!
//! `std` is rebuilt, so that a panic is a trap and nothing else: the shell rejects that call, and the next one works.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use hf_wasm::core::hash::base64;

use crate::fresh::newest;
use crate::slim::{TABLE_BASE, slim};

/// A panic is a trap, without a message.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort --cfg=sha2_backend_soft=\"compact\" -Zlocation-detail=none -Zfmt-debug=none";
const STD: [&str; 4] = ["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"];

// Memory below 1024 is the end of the stack, which no frame that fits reaches.
const WASM_OPT: [&str; 13] = [
    "--low-memory-unused",
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Brings `pkg/dist` up to date; what is newer than its sources is left alone.
pub fn run(root: &Path) -> Result<(), String> {
    let path = search_path(root)?;
    let core = wasm(root, &path)?;
    let dist = root.join("pkg/dist");
    take(&core.join("core_bg.wasm"), &dist.join("core_bg.wasm"))?;
    take(&core.join("core_bg.js"), &dist.join("core_bg.js"))?;
    // The declarations of what the classes use of the glue; tsc copies no declarations.
    take(&root.join("pkg/src/core_bg.d.ts"), &dist.join("core_bg.d.ts"))?;
    inline(&dist)?;
    package(root, &path)?;
    browser(root, &path)
}

/// Builds the wasm where a source is newer, and returns the folder that holds it.
fn wasm(root: &Path, path: &OsString) -> Result<PathBuf, String> {
    let out = root.join("target/wasm/pkg");
    let sources =
        ["src", "Cargo.toml", "Cargo.lock", "xtask/src/build.rs", "xtask/src/slim"].map(|name| root.join(name));
    let stamp = out.join(".built");
    if newest(&sources)? <= newest(std::slice::from_ref(&stamp))? {
        println!("wasm: nothing is newer");
        return Ok(out);
    }
    has_source_of_std(path)?;
    println!("wasm: wasm-pack build (rebuilds Rust's std the first time)");
    let flags = format!("{RUSTFLAGS} -Clink-arg=--table-base={TABLE_BASE} -Clink-arg=--export=__stack_pointer");
    let mut command = Command::new("wasm-pack");
    // The target needs no installed `std`, which is what the default mode would ask for.
    command.args([
        "build", "--mode", "force", "--target", "bundler", "--release", "--no-pack", "--no-opt", "--out-name", "core",
    ]);
    command.arg("--out-dir").arg(&out).arg(root).arg("--").args(STD);
    command.env("PATH", path).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", flags);
    command.env("CARGO_TARGET_DIR", root.join("target/wasm")).env_remove("CARGO").env_remove("RUSTC");
    done(command)?;
    optimise(&out, path)?;
    fs::write(&stamp, "").map_err(|error| told(&stamp, &error))?;
    Ok(out)
}

/// Slims the wasm and its glue in place, then lets `wasm-opt` do its work. Features are named: with all of them, older
/// runtimes reject the result.
fn optimise(out: &Path, path: &OsString) -> Result<(), String> {
    let (wasm, glue) = (out.join("core_bg.wasm"), out.join("core_bg.js"));
    let bytes = fs::read(&wasm).map_err(|error| told(&wasm, &error))?;
    let text = fs::read_to_string(&glue).map_err(|error| told(&glue, &error))?;
    let (bytes, text) = slim(&bytes, &text)?;
    fs::write(&wasm, bytes).map_err(|error| told(&wasm, &error))?;
    fs::write(&glue, text).map_err(|error| told(&glue, &error))?;
    println!("wasm: wasm-opt");
    let mut command = Command::new("wasm-opt");
    command.args(WASM_OPT).arg(&wasm).arg("-o").arg(&wasm).env("PATH", path);
    done(command)
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
