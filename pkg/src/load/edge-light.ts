/** Vercel's edge: modules that were compiled with the function, since a function may not compile. */
import commit from "../commit_bg.wasm?module";
import core from "../core_bg.wasm?module";
import * as kernels from "../kernels.js";
import simd from "../kernels_simd_bg.wasm?module";

/** Redirects are shown here, so the core follows them, and decides what goes along. */
export const redirect = "manual";

export async function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return new WebAssembly.Instance(core, imports).exports;
}

export function loadCommit(imports: WebAssembly.Imports): WebAssembly.Exports {
  return new WebAssembly.Instance(commit, imports).exports;
}

export function sha256(): Promise<kernels.Sha256> {
  return kernels.sha256((imports) => new WebAssembly.Instance(simd, imports).exports);
}

export const spool = () => import("../spool/web.js");

/** What a body hands over cannot be counted here. */
export const counted = undefined;
export const lean = undefined;

/** Bodies fill buffers that they are given. */
export const lends = true;
