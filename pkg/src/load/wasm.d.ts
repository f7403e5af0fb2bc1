declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "#load" {
  export const redirect: "manual" | "follow";
  export function load(imports: WebAssembly.Imports): Promise<WebAssembly.Exports>;
  export function loadCommit(imports: WebAssembly.Imports): Promise<WebAssembly.Exports> | WebAssembly.Exports;
  export function sha256(): Promise<import("../kernels.js").Sha256>;
  /** Whether the body of a response is read into the same buffer again and again. */
  export const lends: boolean;
  /** A Blob that counts how much of it a request has taken, where the runtime lets one count. */
  export const counted: typeof import("./uploads.js").counted;
  /** A `fetch` for uploads, where that of the runtime would keep their bodies. */
  export const lean: typeof import("./uploads.js").lean | undefined;
  type Worker = typeof import("../spool/worker.js");
  /**
   * What keeps content that can be read only once. Where there is little room, what can be read again is not kept. `fileAt`
   * is there where there are files.
   */
  export function spool(): Promise<Pick<typeof import("../spool/web.js"), "spool"> & Partial<Pick<Worker, "again" | "Reread"> & Pick<typeof import("../spool/file.js"), "fileAt">>>;
}
