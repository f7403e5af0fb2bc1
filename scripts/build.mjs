// Builds what runs: the npm package (wasm, glue, JavaScript) and the emulator. Both skip what is not newer.

import path from "node:path";
import { pathToFileURL } from "node:url";

import { root, run, windows } from "./lib/run.mjs";
import { heading, main, say } from "./lib/say.mjs";
import { setup } from "./setup.mjs";

/** Builds in the environment that `setup` returned. */
export async function build(env) {
  say("cargo build --workspace: the local Hub and the repository's own commands");
  await run("cargo", ["build", "-q", "--workspace"], { env });
  say("xtask build: Rust to WebAssembly, TypeScript to JavaScript");
  await run(path.join(root, "target/debug", windows ? "xtask.exe" : "xtask"), ["build"], { env });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await main(async () => {
    const env = await setup();
    heading("Build");
    await build(env);
  });
}
