// Files up and down, beside the official clients in JavaScript and in Python.

import { median, ratio } from "../lib/rounds.mjs";
import { MOVERS, openTransfers } from "../lib/transfers.mjs";

/** Samples of each: many files take the local Hub, which is a debug build, a minute and more. */
const SAMPLES = { file: 3, folder: 1 };
/** The most MB over idle that counts as flat. */
const FLAT = 64;
const QUANTITIES = { time: "s", processors: "s on processors", memory: "MB over idle" };

export async function transfer() {
  const transfers = await openTransfers();
  const all = [];
  try {
    for (const [kind, what] of [["file", "1 GB"], ["folder", "5,000 files"]]) {
      all.push({ what: `${what} up`, ...(await sampled(transfers.up(kind), SAMPLES[kind])) });
      all.push({ what: `${what} down`, ...(await sampled(await transfers.down(kind), SAMPLES[kind])) });
    }
  } finally {
    await transfers.stop();
  }
  const digits = { time: 2, processors: 2, memory: 0 };
  const quantities = Object.keys(QUANTITIES);
  return {
    title: "Files to and from the local Hub, in Node and Python",
    head: ["", ...MOVERS],
    rows: all.flatMap(({ what, ...samples }) =>
      quantities.map((quantity) => [`${what}, ${QUANTITIES[quantity]}`, ...MOVERS.map((mover) => median(samples[quantity][mover]).toFixed(digits[quantity]))]),
    ),
    goals: all.flatMap(({ what, time, memory }) => {
      const here = Math.max(...MOVERS.slice(1).map((peer) => ratio(time, "hf-wasm", peer)));
      const took = { what: `${what}, time over the faster peer's`, most: 1, here };
      return what.startsWith("1 GB") ? [took, { what: `${what}, MB over idle`, most: FLAT, here: median(memory["hf-wasm"]) }] : [took];
    }),
  };
}

/** Samples by quantity and mover, taken in turn; each round begins with another. */
async function sampled(run, most) {
  const samples = Object.fromEntries(Object.keys(QUANTITIES).map((quantity) => [quantity, Object.fromEntries(MOVERS.map((mover) => [mover, []]))]));
  for (let round = 0; round < most; round++) {
    for (let turn = 0; turn < MOVERS.length; turn++) {
      const mover = MOVERS[(turn + round) % MOVERS.length];
      const sample = await run(mover);
      for (const quantity of Object.keys(QUANTITIES)) samples[quantity][mover].push(sample[quantity]);
    }
  }
  return samples;
}
