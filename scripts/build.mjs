// Builds what runs: the npm package (wasm, glue, JavaScript) and the emulator. Both skip what is not newer.

import { pathToFileURL } from "node:url";

import { run } from "./lib/run.mjs";
import { heading, main, say } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

/** Builds in the environment that `setup` returned. */
export async function build(env) {
  heading("Build");
  say("cargo xtask build: Rust to WebAssembly, TypeScript to JavaScript");
  await run("cargo", ["xtask", "build"], { env });
  say("cargo build -p emulator: the local Hub");
  await run("cargo", ["build", "-q", "-p", "emulator"], { env });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => {
    await build(await setup());
  });
}
