/** Vercel's edge: a module that was compiled with the function, since a function may not compile. */
import module from "../core_bg.wasm?module";

/** Redirects are shown here, so the core follows them, and decides what goes along. */
export const redirect = "manual";

export async function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return new WebAssembly.Instance(module, imports).exports;
}
