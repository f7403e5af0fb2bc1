// Sees the memory of the core and of the WebAssembly of commits, wherever they run.

const watched = [];

/** Watches the two, as the package's own `dist/core.js` has them. Loads them, if that has not happened. */
export async function watch({ core, commit }) {
  for (const [wasm, begin] of [[core, "client_call"], [commit, "commit"]]) {
    const glue = await wasm.ready();
    const { exports } = wasm;
    const seen = { exports, slots: 0 };
    watched.push(seen);
    // The last value is the driver: its number says how many slots for JavaScript values are in use.
    const counted = (...values) => {
      seen.slots = Math.max(seen.slots, values.at(-1));
      return exports[begin](...values);
    };
    glue.__wbg_set_wasm({ ...exports, [begin]: counted });
  }
}

/** Bytes of memory, and the slots for JavaScript values that were ever in use. Neither ever shrinks. */
export function sizes() {
  return watched.map(({ exports, slots }) => ({ bytes: exports.memory.buffer.byteLength, slots }));
}

/** Bytes of memory that are in use: all but what can be had before it grows, which it does by a page for this. */
export function held() {
  return watched.reduce((sum, { exports }) => sum + heldBy(exports), 0);
}

function heldBy({ memory, __wbindgen_malloc: malloc, __wbindgen_free: free }) {
  const size = memory.buffer.byteLength;
  const blocks = [];
  while (memory.buffer.byteLength === size) blocks.push(malloc(BLOCK, 1));
  for (const block of blocks) free(block, BLOCK, 1);
  return size - (blocks.length - 1) * BLOCK;
}

const BLOCK = 256;
