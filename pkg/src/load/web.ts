/** Browsers and bundlers: the asset beside this file. */
import { fetched } from "./fetched.js";

export { redirect } from "./fetched.js";

export function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return fetched(new URL("../core_bg.wasm", import.meta.url), import.meta.url, imports);
}
