/** The kernels: what is computed over large files, in a WebAssembly of its own that is loaded at the first of them. */
import * as glue from "./kernels_bg.js";
import { instantiate, once, provided } from "./source.js";

/** A SHA-256 of bytes that come in pieces. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

type Load = (imports: WebAssembly.Imports) => Promise<WebAssembly.Exports> | WebAssembly.Exports;

/** A function of no parameters that returns a vector: valid only where the runtime has SIMD. */
const VECTOR = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];

const imports = { "./kernels_bg.js": glue } as unknown as WebAssembly.Imports;
const shared = once<typeof glue>();

/** Whether the runtime takes the kernels that are compiled for SIMD. */
export const simd = () => WebAssembly.validate(Uint8Array.from(VECTOR));

/** A new SHA-256 by the kernels, which `load` loads unless `init` has named them. */
export async function sha256(load: Load): Promise<Sha256> {
  const { Sha256 } = await shared(async () => {
    const given = provided();
    const wasm = await (given ? instantiate(given, imports) : load(imports));
    glue.__wbg_set_wasm(wasm);
    (wasm as { __wbindgen_start?: () => void }).__wbindgen_start?.();
    return glue;
  });
  return new Sha256();
}
