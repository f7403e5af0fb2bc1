/** A page without a bundler: this is bundled into `dist/browser.js`, and the assets lie beside that. */
import * as kernels from "../kernels.js";
import { fetched } from "./fetched.js";

export { redirect } from "./fetched.js";

export function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return fetched("core_bg.wasm", new URL("core_bg.wasm", import.meta.url), import.meta.url, imports);
}

export function loadCommit(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return fetched("commit_bg.wasm", new URL("commit_bg.wasm", import.meta.url), import.meta.url, imports);
}

export function sha256(): Promise<kernels.Sha256> {
  return kernels.sha256((imports) => {
    const name = kernels.simd() ? "kernels_simd_bg.wasm" : "kernels_bg.wasm";
    return fetched(name, new URL(name, import.meta.url), import.meta.url, imports);
  });
}

export const spool = () => import("../spool/web.js");

/** What a body hands over cannot be counted here. */
export const counted = undefined;
export const lean = undefined;

/** Bodies fill buffers that they are given. */
export const lends = true;
