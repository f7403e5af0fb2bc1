/** Cloudflare's workerd: modules that were compiled with the worker, since a worker may not compile. */
import commit from "../commit_bg.wasm";
import core from "../core_bg.wasm";
import * as kernels from "../kernels.js";
import type { Reread } from "../spool/worker.js";
import simd from "../kernels_simd_bg.wasm";

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

export const spool = () => import("../spool/worker.js");

/** What a body hands over cannot be counted here. */
export const counted = undefined;

type Fetch = (url: string, init: RequestInit) => Promise<Response>;
declare const FixedLengthStream: new (size: number) => TransformStream<Uint8Array, Uint8Array>;

/** A `fetch` for uploads of what can be read again: its bytes pass through. */
export function lean(fetch: Fetch): Fetch {
  return async (url, init) => {
    const { size, pipe } = Object(init.body) as Partial<Reread>;
    if (size === undefined || !pipe) return fetch(url, init);
    const { readable, writable } = new FixedLengthStream(size);
    let broken: unknown;
    const piped = pipe.call(init.body, writable, init.signal ?? undefined).catch((error: unknown) => (broken = error));
    try {
      return await fetch(url, { ...init, body: readable });
    } catch (error) {
      // To the request it is a connection that was lost.
      await piped;
      throw broken ?? error;
    }
  };
}

/** Bodies fill buffers that they are given. */
export const lends = true;
