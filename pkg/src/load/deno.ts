/** Deno: an import, which needs no permission to read; the runtime links the module by itself. */
export async function load(): Promise<WebAssembly.Exports> {
  return (await import("../core_bg.wasm")) as unknown as WebAssembly.Exports;
}
