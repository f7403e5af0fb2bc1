/** What `wasm-bindgen` generates; the build puts `core_bg.js` beside the compiled shell. */
export class Task {
  /**
   * Goes on with what came: 0 fulfilled, 1 rejected, 2 timed out, 3 aborted. Gives what to wait for next (undefined:
   * just the time), or the result.
   */
  resume(how: 0 | 1 | 2 | 3, value: unknown): unknown;
  /** Milliseconds to wait; NaN when the call has ended. */
  limit(): number;
  free(): void;
}
export class Client {
  constructor(host: "hub" | "router", options: object);
  call(name: string, mode: "reply" | "page" | "events", url: string | undefined, params: object, options: object | undefined): Task;
  rateLimits(): Record<string, unknown>;
}
export class Events {
  next(): Task;
  cancel(): void;
  failure(text: string): unknown;
  free(): void;
}
export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
