/** Browsers and bundlers: the assets beside this file. Bundlers find them by how their addresses are written here. */
import * as kernels from "../kernels.js";
import { fetched } from "./fetched.js";

export { redirect } from "./fetched.js";

export function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return fetched("core_bg.wasm", new URL("../core_bg.wasm", import.meta.url), import.meta.url, imports);
}

export function loadCommit(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return fetched("commit_bg.wasm", new URL("../commit_bg.wasm", import.meta.url), import.meta.url, imports);
}

export function sha256(): Promise<kernels.Sha256> {
  return kernels.sha256((imports) =>
    kernels.simd()
      ? fetched("kernels_simd_bg.wasm", new URL("../kernels_simd_bg.wasm", import.meta.url), import.meta.url, imports)
      : fetched("kernels_bg.wasm", new URL("../kernels_bg.wasm", import.meta.url), import.meta.url, imports),
  );
}

export const spool = () => import("../spool/web.js");

/** What a body hands over cannot be counted here. */
export const counted = undefined;
export const lean = undefined;

/** Bodies fill buffers that they are given. */
export const lends = true;
