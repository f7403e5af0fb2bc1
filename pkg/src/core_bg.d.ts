/** What `wasm-bindgen` generates; the build puts `core_bg.js` beside the compiled shell. */
export class Task {
  /**
   * Goes on with what came: 0 fulfilled, 1 rejected, 2 timed out, 3 aborted. Gives what to wait for next (undefined:
   * just the time), or what the call ends with. Throws only what is a defect, or the caller's own.
   */
  resume(how: 0 | 1 | 2 | 3, value: unknown): unknown;
  /** Milliseconds to wait; -1 when the call has its result, -2 when it has failed. */
  limit(): number;
  free(): void;
}
export class Client {
  constructor(router: boolean, options: object);
  /** `mode`: 0, the reply; 1, a page, the first or the one at `url`; 2, an open stream. */
  call(name: string, mode: 0 | 1 | 2, url: string | undefined, params: object, options: object): Task;
  rateLimits(): Record<string, unknown>;
}
export class Events {
  next(): Task;
  cancel(): void;
  failure(chunk: unknown): unknown;
  free(): void;
}
export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
