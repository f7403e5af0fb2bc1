// Builds what runs: the npm package (wasm, glue, JavaScript) and the emulator. Both skip what is not newer.

import path from "node:path";
import { pathToFileURL } from "node:url";

import { run } from "./lib/progress.mjs";
import { root, windows } from "./lib/run.mjs";
import { main } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

/** Builds in the environment that `setup` returned. */
export async function build(env) {
  await programs(env);
  await npmPackage(env);
}

/**
 * Sets up and builds, both at the same time where that can be; returns the environment. `options` are those of
 * `cargo xtask build`: `--dev` keeps the names of functions, `--stable` takes the standard library that comes with Rust,
 * for which its target `wasm32-unknown-unknown` is needed.
 */
export async function setupAndBuild(options = []) {
  const env = await setup({ meanwhile: programs });
  await npmPackage(env, options);
  return env;
}

/** The local Hub and the repository's own commands. */
async function programs(env) {
  await run("cargo build", "cargo", ["build", "--workspace"], { env });
}

/** Rust to WebAssembly, TypeScript to JavaScript. */
async function npmPackage(env, options = []) {
  await run("xtask build", path.join(root, "target/debug", windows ? "xtask.exe" : "xtask"), ["build", ...options], { env });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => void (await setupAndBuild(process.argv.slice(2))));
}
