/** Deno: an import, which needs no permission to read; the runtime links the module by itself. */
export { counted, lean } from "./uploads.js";
export { sha256 } from "./crypto.js";

/** Redirects are shown here, so the core follows them, and decides what goes along. */
export const redirect = "manual";

export async function load(): Promise<WebAssembly.Exports> {
  return (await import("../core_bg.wasm")) as unknown as WebAssembly.Exports;
}

export async function loadCommit(): Promise<WebAssembly.Exports> {
  return (await import("../commit_bg.wasm")) as unknown as WebAssembly.Exports;
}

export const spool = () => import("../spool/file.js");

/** Bodies fill buffers that they are given. */
export const lends = true;
