// Sees the memory of the core, and of the WebAssembly of commits, from outside: to be in place before they are loaded.

/** Notes the instances that are made from now on, in `globalThis.watched`. Self-contained: a page gets its source. */
export function watchCore() {
  const watched = (globalThis.watched = []);
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const result = await original.apply(WebAssembly, given);
      const { exports } = result.instance ?? result;
      // Neither Node's own fetch, which is made of wasm too, nor the kernels.
      if (!exports.pendingcall_poll) return result;
      const seen = { exports, slots: 0 };
      watched.push(seen);
      const begin = exports.client_call ? "client_call" : "commit";
      const watching = { ...exports };
      // The last value is the driver: its number says how many slots for JavaScript values are in use.
      watching[begin] = (...values) => {
        seen.slots = Math.max(seen.slots, values.at(-1));
        return exports[begin](...values);
      };
      return { module: result.module, instance: { exports: watching } };
    };
  }
}

/** Bytes of memory, and the slots for JavaScript values that were ever in use. Neither ever shrinks. */
export function sizes() {
  return globalThis.watched.map(({ exports, slots }) => ({ bytes: exports.memory.buffer.byteLength, slots }));
}

/** Bytes of memory that are in use: all but what can be had before it grows, which it does by a page for this. */
export function held() {
  return globalThis.watched.reduce((sum, { exports }) => sum + heldBy(exports), 0);
}

function heldBy({ memory, __wbindgen_malloc: malloc, __wbindgen_free: free }) {
  const size = memory.buffer.byteLength;
  const blocks = [];
  while (memory.buffer.byteLength === size) blocks.push(malloc(BLOCK, 1));
  for (const block of blocks) free(block, BLOCK, 1);
  return size - (blocks.length - 1) * BLOCK;
}

const BLOCK = 256;
