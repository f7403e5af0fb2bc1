// From the import to the first reply, in a fresh process, a page with an empty cache, a fresh workerd.

import { inNode } from "../lib/children.mjs";
import { FIRST, NAMES } from "../lib/clients.mjs";
import { median, ratio, rounds } from "../lib/rounds.mjs";
import { prepareWorker, startWorker } from "../lib/workerd.mjs";

const SAMPLES = 15;
/** The most that counts as reached, over the fastest peer. */
const MOST = { Node: 0.95, Chromium: 1.1, "workerd, with its start": 1 };

export async function first({ origin, chromium }) {
  const node = await sampled((name) => inNode("first", origin, name));
  const page = await sampled(chromium.first);
  const files = {};
  for (const name of NAMES) files[name] = await prepareWorker(name);
  // The start of the program counts as well: no clock runs in a worker while it computes.
  const worker = (name) => async () => {
    const worker = await startWorker(files[name], origin);
    await worker.run(FIRST[name], 1);
    worker.stop();
  };
  const workerd = await rounds(Object.fromEntries(NAMES.map((name) => [name, worker(name)])), { samples: SAMPLES, warmUp: 1 });
  const runtimes = [["Node", node.ms], ["Chromium", page.ms], ["workerd, with its start", workerd]];
  return {
    title: "From the import to the first reply, ms",
    head: ["", ...NAMES],
    rows: [
      ["Node, import alone", ...row(node.imported)],
      ...runtimes.map(([what, times]) => [what, ...row(times)]),
    ],
    goals: runtimes.map(([what, times]) => {
      const peers = NAMES.slice(2).map((name) => ratio(times, "hf-wasm", name));
      return { what: `import to first reply over the fastest peer's, ${what}`, most: MOST[what], here: Math.max(...peers) };
    }),
  };
}

/** The times of `run(name)` by variant, `{ imported, ms }` each. */
async function sampled(run) {
  const empty = () => Object.fromEntries(NAMES.map((name) => [name, []]));
  const [imported, ms] = [empty(), empty()];
  for (let round = -1; round < SAMPLES; round++) {
    for (const name of NAMES) {
      const sample = await run(name);
      if (round < 0) continue;
      imported[name].push(sample.imported);
      ms[name].push(sample.ms);
    }
  }
  return { imported, ms };
}

const row = (times) => NAMES.map((name) => median(times[name]).toFixed(0));
