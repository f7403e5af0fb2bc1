/** Node and Bun: the file beside this one. */
import { readFile } from "node:fs/promises";

/** Redirects are shown here, so the core follows them, and decides what goes along. */
export const redirect = "manual";

export async function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  const bytes = await readFile(new URL("../core_bg.wasm", import.meta.url));
  return (await WebAssembly.instantiate(bytes, imports)).instance.exports;
}
