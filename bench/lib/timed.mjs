// What is timed in Node and in a page alike: `timed[measure](clients)` gives milliseconds by variant and row.

import { rounds } from "./rounds.mjs";

const CHUNKS = 5000;

export const timed = {
  /** 100 calls, one after the other. */
  call: async (clients) => ({
    info: await rounds(each(clients, "info", (one) => times(100, one.info)), { samples: 21 }),
    chat: await rounds(each(clients, "chat", (one) => times(100, one.chat)), { samples: 21 }),
  }),
  list: async (clients) => ({ 10000: await lists(clients, 10_000, 15) }),
  stream: async (clients) => ({
    packed: await streams(clients, "bench/packed"),
    apart: await streams(clients, "bench/apart"),
  }),
  growth: async (clients) => ({
    ...Object.fromEntries(await inTurn([10, 1000, 100_000], async (total) => [`list ${total}`, await lists(clients, total, 9)])),
    ...Object.fromEntries(await inTurn([1, 64, 512], async (many) => [`calls ${many}`, await bursts(clients, many)])),
  }),
};

function lists(clients, total, samples) {
  // A short list is over before a browser's clock moves on.
  const repeat = Math.max(1, 1000 / total);
  const walk = (one) => async () => {
    let seen = 0;
    await one.list(total, (item) => {
      if (item.id) seen++;
    });
    if (seen !== total) throw new Error(`${seen} of ${total} items`);
  };
  return rounds(each(clients, "list", (one) => times(repeat, walk(one))), { samples, warmUp: 2 });
}

function streams(clients, model) {
  const walk = async (one) => {
    let seen = 0;
    await one.stream(model, (chunk) => {
      if (chunk.choices[0].delta.content) seen++;
    });
    if (seen !== CHUNKS) throw new Error(`${seen} of ${CHUNKS} chunks`);
  };
  return rounds(each(clients, "stream", walk), { samples: 15 });
}

/** 512 calls, so many at once. */
function bursts(clients, many) {
  const all = async (one) => {
    for (let left = 512; left > 0; left -= many) await Promise.all(Array.from({ length: many }, one.info));
  };
  return rounds(each(clients, "info", all), { samples: 9, warmUp: 1 });
}

/** A variant of every client that can do it. */
function each(clients, ability, run) {
  const able = Object.entries(clients).filter(([, one]) => one[ability]);
  return Object.fromEntries(able.map(([name, one]) => [name, () => run(one)]));
}

async function times(count, run) {
  for (let left = count; left > 0; left--) await run();
}

async function inTurn(values, run) {
  const results = [];
  for (const value of values) results.push(await run(value));
  return results;
}
