/** Node and Bun: the file beside this one. */
import { readFile } from "node:fs/promises";

export { sha256 } from "./crypto.js";

/** Redirects are shown here, so the core follows them, and decides what goes along. */
export const redirect = "manual";

export function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return instantiated("core_bg.wasm", new URL("../core_bg.wasm", import.meta.url), imports);
}

export function loadCommit(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return instantiated("commit_bg.wasm", new URL("../commit_bg.wasm", import.meta.url), imports);
}

async function instantiated(name: string, url: URL, imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  // Next.js makes of this an address for pages, without an origin. A base that it does not know it leaves as it is.
  const file = url.protocol ? url : new URL(`../${name}`, new URL(import.meta.url));
  return (await WebAssembly.instantiate(await readFile(file), imports)).instance.exports;
}
