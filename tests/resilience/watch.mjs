// Sees the memory of the core from outside: to be in place before the core is loaded.

/** Notes the instance that is made from now on, as `globalThis.watchedCore`. Self-contained: a page gets its source. */
export function watchCore() {
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const result = await original.apply(WebAssembly, given);
      const { exports } = result.instance ?? result;
      // Node's own fetch is made of wasm too.
      if (exports.__wbindgen_start) globalThis.watchedCore = exports;
      return result;
    };
  }
}

/** Bytes of the core's memory, and the slots that it keeps for JavaScript values. Neither ever shrinks. */
export function sizes() {
  const { memory, __wbindgen_externrefs: values } = globalThis.watchedCore;
  return { bytes: memory.buffer.byteLength, slots: values.length };
}

/** Bytes of the memory that are in use: all but what can be had before it grows, which it does by a page for this. */
export function held() {
  const { memory, __wbindgen_malloc: malloc, __wbindgen_free: free } = globalThis.watchedCore;
  const size = memory.buffer.byteLength;
  const blocks = [];
  while (memory.buffer.byteLength === size) blocks.push(malloc(BLOCK, 1));
  for (const block of blocks) free(block, BLOCK, 1);
  return size - (blocks.length - 1) * BLOCK;
}

const BLOCK = 256;
