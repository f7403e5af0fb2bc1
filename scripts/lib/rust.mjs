// A Rust toolchain that can rebuild `std` for wasm: rustup's, or else Debian's packages.

import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { canInstall, hasApt, install, installed, isDebian } from "./apt.mjs";
import { run } from "./progress.mjs";
import { after, before, CommandFailed, find, read, root } from "./run.mjs";
import { Missing, say } from "./say.mjs";

const VERSION = /^channel = "(.+)"$/m.exec(readFileSync(path.join(root, "rust-toolchain.toml"), "utf8"))[1];
const PACKAGES = [
  "rustc-web",
  "cargo-web",
  "rust-web-src",
  "rust-web-llvm",
  "lld-22",
  "rust-web-clippy",
  "rustfmt-web",
];
/** How long rustup's servers may take to answer, in milliseconds. */
const PATIENCE = 10_000;

/** Where rustup puts cargo. */
const cargoHome = () => process.env.CARGO_HOME ?? path.join(homedir(), ".cargo");
/** Where cargo puts the programs that it installs. */
const installRoot = () => process.env.CARGO_INSTALL_ROOT ?? cargoHome();

/** The environment in which `cargo` and `rustc` are the toolchain; installs it where it is missing. */
export async function rust() {
  const env = before({ ...process.env, RUSTUP_AUTO_INSTALL: "0" }, path.dirname(process.execPath));
  const ready = viaRustup(env) ?? viaDebian(env);
  if (ready) return named(ready);

  if (find("rustup", withCargoBin(env))) {
    await installThroughRustup(withCargoBin(env));
    const done = viaRustup(env);
    if (done) return named(done);
  }
  if (isDebian() && canInstall() && (await install(PACKAGES))) {
    const done = viaDebian(env);
    if (done) return named(done);
  }
  throw missing();
}

function viaRustup(env) {
  const rustup = { ...withCargoBin(env), RUSTUP_TOOLCHAIN: VERSION };
  return find("rustup", rustup) && complete(rustup) ? rustup : undefined;
}

function viaDebian(env) {
  if (!hasApt() || !installed(PACKAGES)) return undefined;
  const { RUSTUP_TOOLCHAIN: _, ...rest } = env;
  const debian = before(rest, path.dirname(process.execPath), "/usr/bin");
  return complete(debian) ? debian : undefined;
}

/** Whether `std` can be rebuilt, and code checked, with this environment's Rust. */
function complete(env) {
  const { ok, text } = read("rustc", ["--print", "sysroot"], { env });
  if (!ok || !existsSync(path.join(text, "lib/rustlib/src/rust/library/std"))) return false;
  return ["cargo", "cargo-clippy", "rustfmt"].every((program) => read(program, ["--version"], { env }).ok);
}

async function installThroughRustup(env) {
  const answers = await fetch(`https://static.rust-lang.org/dist/channel-rust-${VERSION}.toml.sha256`, {
    signal: AbortSignal.timeout(PATIENCE),
  }).then(
    (response) => response.ok,
    () => false,
  );
  if (!answers) return say("rustup's servers do not answer");
  const components = ["-c", "rust-src", "-c", "clippy", "-c", "rustfmt", "-t", "wasm32-unknown-unknown"];
  const args = ["toolchain", "install", VERSION, "--profile", "minimal", "--no-self-update", ...components];
  await run(`rustup toolchain install ${VERSION}`, "rustup", args, { env }).catch((error) => {
    if (!(error instanceof CommandFailed)) throw error;
    say(error.message);
  });
}

function named(env) {
  say(`Rust: ${read("rustc", ["--version"], { env }).text} (${find("rustc", env)})`);
  return after(env, path.join(installRoot(), "bin"), path.join(cargoHome(), "bin"));
}

function withCargoBin(env) {
  return before(env, path.join(cargoHome(), "bin"));
}

function missing() {
  const commands = ["curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"];
  if (isDebian()) commands.push(`or, as root:  apt-get install ${PACKAGES.join(" ")}`);
  return new Missing(`Rust ${VERSION} with the source of its standard library is missing. What brings it:`, ...commands);
}
