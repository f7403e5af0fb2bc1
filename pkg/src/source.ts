/** Where a WebAssembly comes from. */
import type { Response, URL, WebAssemblyModule } from "./types/platform.js";

/** What `init` takes for one: a URL, bytes, a response, or a compiled module. */
export type WasmSource = string | URL | Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssemblyModule;

/** The core, which every call needs; what commits need; the kernels, which they need for large files. */
export interface WasmSources {
  default: WasmSource;
  commit?: WasmSource | undefined;
  kernels?: WasmSource | undefined;
}

let kernels: WasmSource | undefined;

/**
 * Where the caller has the kernels, should they be needed.
 *
 * @internal
 */
export const provided = () => kernels;

/** @internal */
export function provide(source: WasmSource | undefined): void {
  kernels = source ?? kernels;
}

/** @internal */
export async function instantiate(source: WasmSource, imports: WebAssembly.Imports): Promise<WebAssembly.Exports> {
  if (source instanceof WebAssembly.Module) return (await WebAssembly.instantiate(source, imports)).exports;
  const fetched = typeof source === "string" || source instanceof globalThis.URL ? await fetch(source) : source;
  const bytes = "arrayBuffer" in fetched ? await fetched.arrayBuffer() : fetched;
  return (await WebAssembly.instantiate(bytes, imports)).instance.exports;
}

/**
 * A load that all who need it share. One that failed is forgotten, so that the next tries again.
 *
 * @internal
 */
export function once<T>(): (load: () => Promise<T>) => Promise<T> {
  let ready: Promise<T> | undefined;
  return (load) => {
    ready ??= load().catch((problem: unknown) => {
      ready = undefined;
      throw problem;
    });
    return ready;
  };
}
