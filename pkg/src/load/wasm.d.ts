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
}
