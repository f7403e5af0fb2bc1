/** What `wasm-bindgen` generates; the build puts `core_bg.js` beside the compiled shell. */
export class Task {
  /** Gives a promise to wait for; anything else is the result. */
  resume(fulfilled: boolean, settled: unknown): unknown;
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
}
export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
