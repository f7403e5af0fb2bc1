/** Vercel's edge: a module that was compiled with the function, since a function may not compile. */
import module from "../core_bg.wasm?module";

export async function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  return new WebAssembly.Instance(module, imports).exports;
}
