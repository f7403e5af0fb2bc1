// wasm-pack, and the wasm-bindgen CLI in exactly the version of the crate; cargo installs what is missing. It compiles
// them without optimisation, into one folder, so that what both need is compiled once: they run for a moment.

import { readFileSync, rmSync } from "node:fs";
import path from "node:path";

import { run } from "./progress.mjs";
import { CommandFailed, read, root } from "./run.mjs";
import { say } from "./say.mjs";

const WASM_PACK = "0.15.1";
const TARGET = path.join(root, "target/tools");
/** The profile `dev`, without what only a debugger reads. */
const BUILD = { CARGO_TARGET_DIR: TARGET, CARGO_PROFILE_DEV_DEBUG: "0", CARGO_PROFILE_DEV_OPT_LEVEL: "0" };

/** Makes both tools answer in `env`. */
export async function wasmTools(env) {
  const bindgen = bindgenVersion();
  if (!answers("wasm-bindgen", bindgen, env)) await install("wasm-bindgen-cli", bindgen, env);
  if (!answers("wasm-pack", WASM_PACK, env)) await install("wasm-pack", WASM_PACK, env);
  rmSync(TARGET, { recursive: true, force: true });
  say(`wasm-bindgen ${bindgen}, wasm-pack ${WASM_PACK}`);
}

/** The version that the lock file gives to the crate `wasm-bindgen`. */
function bindgenVersion() {
  const lock = readFileSync(path.join(root, "Cargo.lock"), "utf8");
  return /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock)?.[1];
}

function answers(program, version, env) {
  return read(program, ["--version"], { env }).text.split(" ")[1] === version;
}

async function install(crate, version, env) {
  const title = `cargo install ${crate} ${version}`;
  const args = ["install", "--debug", crate, "--version", `=${version}`, "--force"];
  const options = { env: { ...env, ...BUILD } };
  try {
    await run(title, "cargo", [...args, "--locked"], options);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    // A registry's mirror may lack a version that the tool's own lock file names.
    await run(title, "cargo", args, options);
  }
}
