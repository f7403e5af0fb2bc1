/** What `wasm-bindgen` generates; the build puts `core_bg.js` beside the compiled shell. */
export class Client {
  constructor(host: "hub" | "router", options: object);
  call(name: string, params: object, options: object | undefined): Promise<unknown>;
  page(name: string, params: object, url: string | undefined, options: object | undefined): Promise<unknown>;
  events(name: string, params: object, options: object | undefined): Promise<Events>;
  rateLimits(): Record<string, unknown>;
}
export class Events {
  next(): Promise<string | undefined>;
  cancel(): void;
  failure(text: string): unknown;
}
export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
