/** The wasm: loaded once, at the first call. */
import { load } from "#load";
import * as glue from "./core_bg.js";
import { InternalError } from "./errors.js";
import { instantiate, once, provide, type WasmSource, type WasmSources } from "./source.js";
import { words } from "./words.js";

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

const shared = once<typeof glue>();

/**
 * The core's classes.
 *
 * @internal
 */
export function core(): Promise<typeof glue> {
  return started(() => load(imports));
}

/** The first load counts, whoever began it: clients point into its memory. */
function started(loading: () => Promise<WebAssembly.Exports>): Promise<typeof glue> {
  return shared(async () => {
    try {
      wasm = (await loading()) as Exports;
      glue.__wbg_set_wasm(wasm);
      wasm.__wbindgen_start?.();
      return glue;
    } catch (cause) {
      const message = `hf-wasm could not load its WebAssembly: ${words(cause).message}`;
      const advice = "Call init() with the address or the bytes of core_bg.wasm first. In Vite, name hf-wasm in optimizeDeps.exclude.";
      throw new InternalError({ kind: "internal", message, advice, cause });
    }
  });
}

/**
 * Loads the wasm from where the caller says, for bundlers that copy no asset. Not needed elsewhere; without effect once
 * the wasm is there.
 *
 * @param source - An address, bytes, a `Response`, a compiled module, an object that holds one as `default` and may hold
 * that of the kernels, for large files, as `kernels`, or the promise of any of them.
 */
export async function init(source: WasmSource | WasmSources | Promise<WasmSource | WasmSources>): Promise<void> {
  const parts = async (): Promise<WasmSources> => {
    const given = await source;
    return typeof given === "object" && "default" in given ? given : { default: given };
  };
  await started(async () => instantiate((await parts()).default, imports));
  provide((await parts()).kernels);
}
