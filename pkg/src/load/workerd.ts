/** Cloudflare's workerd: a module that was compiled with the worker, since a worker may not compile. */
import module from "../core_bg.wasm";

/** Redirects are shown here, so the core follows them, and decides what goes along. */
export const redirect = "manual";

export async function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return new WebAssembly.Instance(module, imports).exports;
}
