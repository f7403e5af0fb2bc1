/** The wasm: loaded once, at the first call. */
import { load } from "#load";
import * as glue from "./core_bg.js";
import { InternalError } from "./errors.js";
import type { Response, URL, WebAssemblyModule } from "./types/platform.js";
import { words } from "./words.js";

/** What {@link init} takes: an address, bytes, a reply, a compiled module, or the promise of one of them. */
export type WasmSource = string | URL | Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssemblyModule;

const imports = { "./core_bg.js": glue } as unknown as WebAssembly.Imports;

/** @internal */
interface Exports extends WebAssembly.Exports {
  /** Moves the stack pointer by so many bytes, and gives it. Absent from a build with Rust's own `std`. */
  __wbindgen_add_to_stack_pointer?(bytes: number): number;
  /** Absent where there is nothing to begin with. */
  __wbindgen_start?(): void;
}

/**
 * What the wasm exports, once it is there.
 *
 * @internal
 */
export let wasm: Exports | undefined;

/** Enters the core. What is thrown out of it leaves the stack pointer where it was, so it is put back. */
export function enter<T>(run: () => T): T {
  const move = wasm?.__wbindgen_add_to_stack_pointer;
  const top = move?.(0) ?? 0;
  try {
    return run();
  } catch (thrown) {
    move?.(top - move(0));
    throw thrown;
  }
}

let ready: Promise<typeof glue> | undefined;

/**
 * The core's classes.
 *
 * @internal
 */
export function core(): Promise<typeof glue> {
  return once(() => load(imports));
}

/** The first load counts, whoever began it: clients point into its memory. One that failed is forgotten. */
function once(loading: () => Promise<WebAssembly.Exports>): Promise<typeof glue> {
  ready ??= start(loading()).catch((cause: unknown) => {
    ready = undefined;
    const message = `hf-wasm could not load its WebAssembly: ${words(cause).message}`;
    const advice = "Call init() with the address or the bytes of core_bg.wasm first. In Vite, name hf-wasm in optimizeDeps.exclude.";
    throw new InternalError({ kind: "internal", message, advice, cause });
  });
  return ready;
}

/**
 * Loads the wasm from where the caller says, for bundlers that copy no asset. Not needed elsewhere; without effect once
 * the wasm is there.
 *
 * @param source - An address, bytes, a `Response`, a compiled module, an object that holds one as `default`, or the
 * promise of any of them.
 */
export async function init(source: WasmSource | { default: WasmSource } | Promise<WasmSource | { default: WasmSource }>): Promise<void> {
  await once(async () => {
    const given = await source;
    return instantiate(typeof given === "object" && "default" in given ? given.default : given);
  });
}

async function instantiate(source: WasmSource): Promise<WebAssembly.Exports> {
  if (source instanceof WebAssembly.Module) return (await WebAssembly.instantiate(source, imports)).exports;
  const fetched = typeof source === "string" || source instanceof globalThis.URL ? await fetch(source) : source;
  const bytes = "arrayBuffer" in fetched ? await fetched.arrayBuffer() : fetched;
  return (await WebAssembly.instantiate(bytes, imports)).instance.exports;
}

async function start(loading: Promise<WebAssembly.Exports>): Promise<typeof glue> {
  wasm = (await loading) as Exports;
  glue.__wbg_set_wasm(wasm);
  wasm.__wbindgen_start?.();
  return glue;
}
