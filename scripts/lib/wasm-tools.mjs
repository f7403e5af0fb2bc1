// wasm-pack, and the wasm-bindgen CLI in exactly the version of the crate; cargo installs what is missing.

import { readFileSync } from "node:fs";
import path from "node:path";

import { CommandFailed, read, root, run } from "./run.mjs";
import { say } from "./say.mjs";

const WASM_PACK = "0.15.1";

/** Makes both tools answer in `env`. */
export async function wasmTools(env) {
  const bindgen = bindgenVersion();
  if (!answers("wasm-bindgen", bindgen, env)) await install("wasm-bindgen-cli", bindgen, env);
  if (!answers("wasm-pack", WASM_PACK, env)) await install("wasm-pack", WASM_PACK, env);
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
  say(`cargo install ${crate} ${version} (some minutes, once)`);
  const args = ["install", "-q", crate, "--version", `=${version}`, "--force"];
  try {
    await run("cargo", [...args, "--locked"], { env });
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    // A registry's mirror may lack a version that the tool's own lock file names.
    say("once more, with the versions that the registry has");
    await run("cargo", args, { env });
  }
}
