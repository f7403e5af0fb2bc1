// What is held after 10,000 calls that was not held after 1,000.

import { inNode } from "../lib/children.mjs";
import { NAMES } from "../lib/clients.mjs";
import { median } from "../lib/rounds.mjs";

const SAMPLES = 3;
/** Bytes a call below which memory is flat: code that is compiled later, and caches of the runtime. */
const FLAT = 20;

export async function memory({ origin }) {
  const held = {};
  for (const name of NAMES) {
    const samples = [];
    for (let round = 0; round < SAMPLES; round++) samples.push(await inNode("memory", origin, name));
    held[name] = { heap: median(samples.map(({ heap }) => heap)) / 10_000, wasm: samples[0].wasm };
  }
  const ours = held["hf-wasm"];
  return {
    title: "Memory held after 10,000 calls more, in Node",
    head: ["", ...NAMES],
    rows: [
      ["bytes of the heap a call", ...NAMES.map((name) => held[name].heap.toFixed(1))],
      ["bytes of the wasm's memory", ...NAMES.map((name) => held[name].wasm ?? "")],
    ],
    goals: [{ what: "bytes held a call", most: FLAT, here: ours.heap + ours.wasm / 10_000 }],
  };
}
