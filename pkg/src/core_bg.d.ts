import type { Task as Shell } from "./task.js";

/** What `wasm-bindgen` generates; the build puts `core_bg.js` beside the compiled shell. */
export class Task {
  /**
   * Goes on with what came: 0 fulfilled, 1 rejected, 2 timed out, 3 the whole call's time is over, 4 aborted,
   * 5 senseless. Returns how many milliseconds to wait for what the shell was given; -1 when that is the result, -2 when
   * it is why the call failed, -3 when it is a part of the result. Throws only what is a defect, or the caller's own.
   */
  resume(how: number, value: unknown): number;
  free(): void;
}
export class Client {
  /** Throws the facts of an error. */
  constructor(router: boolean, options: object);
  /** `mode`: 0, the reply; 1, a page, the first or the one at `url`; 2, the parts of a stream. */
  call(name: string, mode: 0 | 1 | 2, url: string | undefined, params: object, options: object | undefined, shell: Shell): Task;
  /** Puts them into `known`, by bucket. */
  rateLimits(known: object): void;
}
export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
