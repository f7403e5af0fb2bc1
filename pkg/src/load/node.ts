/** Node and Bun: the file beside this one. */
import { readFile } from "node:fs/promises";

export { counted, lean } from "./uploads.js";
export { sha256 } from "./crypto.js";

/** Redirects are shown here, so the core follows them, and decides what goes along. */
export const redirect = "manual";

// Tools that collect the files of a program find these by how their addresses are written here, in each function. Next.js
// makes of such an address one for pages, without an origin. A base that it does not know it leaves as it is.

export async function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  let file = new URL("../core_bg.wasm", import.meta.url);
  if (!file.protocol) file = new URL("../core_bg.wasm", new URL(import.meta.url));
  return (await WebAssembly.instantiate(await readFile(file), imports)).instance.exports;
}

export async function loadCommit(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  let file = new URL("../commit_bg.wasm", import.meta.url);
  if (!file.protocol) file = new URL("../commit_bg.wasm", new URL(import.meta.url));
  return (await WebAssembly.instantiate(await readFile(file), imports)).instance.exports;
}

export const spool = () => import("../spool/file.js");

/** Node's bodies copy into a buffer that they are given, and leave its old shell to the collector for each 64 KiB. */
export const lends = false;
