// A child of the bench: does one thing in a fresh Node and prints what came of it as JSON.

import { FIRST, NAMES } from "./clients.mjs";

const [task, origin, name] = process.argv.slice(2);
const load = async (name) => (await import(`../clients/${name}.mjs`)).client(origin);

const tasks = {
  /** Milliseconds from the import to the first reply. */
  async first() {
    const start = performance.now();
    const one = await load(name);
    const imported = performance.now();
    await one[FIRST[name]]();
    return { imported: imported - start, ms: performance.now() - start };
  },
  /** Bytes that are held after so many calls more. */
  async memory() {
    const one = await load(name);
    const core = name === "hf-wasm" ? await import("../../pkg/dist/core.js") : undefined;
    const call = one[FIRST[name]];
    const held = async (calls) => {
      for (let left = calls; left > 0; left -= 10) await Promise.all(Array.from({ length: 10 }, call));
      // What a finalizer lets go is garbage of the next collection.
      for (let turn = 0; turn < 3; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        globalThis.gc();
      }
      const { heapUsed, external } = process.memoryUsage();
      return { heap: heapUsed + external, wasm: core?.core.exports.memory.buffer.byteLength };
    };
    const [first, last] = [await held(1000), await held(10_000)];
    return { heap: last.heap - first.heap, wasm: core && last.wasm - first.wasm };
  },
};

if (tasks[task]) {
  console.log(JSON.stringify(await tasks[task]()));
} else {
  const { timed } = await import("./timed.mjs");
  const clients = {};
  for (const name of NAMES) clients[name] = await load(name);
  console.log(JSON.stringify(await timed[task](clients)));
}
process.exit();
