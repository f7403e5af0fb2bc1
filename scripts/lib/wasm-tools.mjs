// wasm-pack, and wasm-bindgen's program in exactly the version of the crate. Where this system has not got them, cargo
// builds both from `tools/`, at once and without optimisation: they run for a moment.

import { readFileSync, rmSync } from "node:fs";
import path from "node:path";

import { run } from "./progress.mjs";
import { CommandFailed, read, root } from "./run.mjs";
import { say } from "./say.mjs";

const ROOT = path.join(root, ".cache/tools");
const TARGET = path.join(root, "target/tools");

/** Where the tools of this repository are put. */
export const toolsBin = path.join(ROOT, "bin");

/** Makes both tools answer in `env`, on whose PATH `toolsBin` is. */
export async function wasmTools(env) {
  const bindgen = versionIn("Cargo.lock", "wasm-bindgen");
  const pack = versionIn("tools/Cargo.lock", "wasm-pack");
  const ready = () => answers("wasm-bindgen", bindgen, env) && answers("wasm-pack", pack, env);
  if (!ready()) {
    await install(env);
    if (!ready()) throw new Error(`wasm-bindgen ${bindgen} or wasm-pack ${pack} does not answer; tools/Cargo.toml says what was built`);
  }
  say(`wasm-bindgen ${bindgen}, wasm-pack ${pack}`);
}

/** The version that a lock file gives to a crate. */
function versionIn(lock, crate) {
  const text = readFileSync(path.join(root, lock), "utf8");
  return new RegExp(`name = "${crate}"\nversion = "([^"]+)"`).exec(text)?.[1];
}

function answers(program, version, env) {
  return read(program, ["--version"], { env }).text.split(" ")[1] === version;
}

async function install(env) {
  const title = "cargo install of wasm-bindgen and wasm-pack";
  const args = ["install", "--debug", "--path", "tools", "--root", ROOT, "--force"];
  const options = { env: { ...env, CARGO_TARGET_DIR: TARGET } };
  try {
    await run(title, "cargo", [...args, "--locked"], options);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    // A registry's mirror may lack a version that the lock file names.
    await run(title, "cargo", args, options);
  }
  rmSync(TARGET, { recursive: true, force: true });
}
