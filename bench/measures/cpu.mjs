// Time on processors in workerd, all its threads together.

import { NAMES } from "../lib/clients.mjs";
import { median, ratio } from "../lib/rounds.mjs";
import { prepareWorker, startWorker } from "../lib/workerd.mjs";

const TASKS = {
  info: { what: "a model's facts", times: 200 },
  chat: { what: "a chat's completion", times: 200 },
  list: { what: "1,000 models", times: 10 },
  stream: { what: "5,000 chunks", times: 3 },
};
const ABLE = { fetch: Object.keys(TASKS), "hf-wasm": Object.keys(TASKS), hub: ["info", "list"] };
const SAMPLES = 11;
/** The most that counts as reached, over the least peer. */
const MOST = 1.25;

export async function cpu({ origin }) {
  const workers = {};
  for (const name of NAMES) workers[name] = await startWorker(await prepareWorker(name), origin);
  const results = [];
  for (const [task, { what, times }] of Object.entries(TASKS)) {
    const names = NAMES.filter((name) => (ABLE[name] ?? ["chat", "stream"]).includes(task));
    const spent = Object.fromEntries(names.map((name) => [name, []]));
    for (let round = -3; round < SAMPLES; round++) {
      for (const name of names) {
        const before = workers[name].cpu();
        await workers[name].run(task, times);
        if (round >= 0) spent[name].push((workers[name].cpu() - before) / times);
      }
    }
    results.push({ what, spent, peers: names.slice(2) });
  }
  for (const worker of Object.values(workers)) worker.stop();
  return {
    title: "Time on the processor in workerd",
    head: ["", "fetch, ms", ...NAMES.slice(1)],
    rows: results.map(({ what, spent }) => {
      const over = (name) => (spent[name] ? `${ratio(spent, name).toFixed(2)}×` : "");
      return [what, median(spent.fetch).toFixed(2), ...NAMES.slice(1).map(over)];
    }),
    goals: results.map(({ what, spent, peers }) => {
      const here = Math.max(...peers.map((peer) => ratio(spent, "hf-wasm", peer)));
      return { what: `processor time of ${what} in workerd over the least peer's`, most: MOST, here };
    }),
  };
}
