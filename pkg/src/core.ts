/** The WebAssemblies: the core, which every call needs, that of commits, and the kernels, for large files. */
import { load, loadCommit } from "#load";
import * as coreGlue from "./core_bg.js";
import { provide, type WasmSource, type WasmSources } from "./source.js";
import { Wasm } from "./wasm.js";

/** @internal */
export const core = new Wasm("core", () => coreGlue, load);
/** @internal */
export const commit = new Wasm("commit", () => import("./commit_bg.js"), loadCommit);

/**
 * Loads the core from where the caller says, for bundlers that copy no asset. Not needed elsewhere; without effect once
 * the core is there.
 *
 * @param source - A URL, bytes, a `Response`, a compiled module, an object that holds one as `default` and may hold
 * `commit`, for commits, and `kernels`, for large files in them, or the promise of any of them.
 */
export async function init(source: WasmSource | WasmSources | Promise<WasmSource | WasmSources>): Promise<void> {
  const given = await source;
  const parts: WasmSources = typeof given === "object" && "default" in given ? given : { default: given };
  core.provide(parts.default);
  commit.provide(parts.commit);
  provide(parts.kernels);
  await core.ready();
}
