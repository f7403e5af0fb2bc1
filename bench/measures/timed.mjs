// What is timed within a process that runs: small calls, lists, streams, and how they grow.

import { inNode } from "../lib/children.mjs";
import { NAMES } from "../lib/clients.mjs";
import { median, ratio } from "../lib/rounds.mjs";

const WORDS = {
  info: "a model's facts",
  chat: "a chat's completion",
  10000: "10,000 models",
  packed: "5,000 chunks, 16 kB a write",
  apart: "5,000 chunks, one a write",
};
/** The highest ratio to `fetch` that counts as reached, where there is a goal. */
const GOALS = {
  "10,000 models, Node": 1,
  "10,000 models, Chromium": 1,
  "5,000 chunks, 16 kB a write, Node": 1.1,
  "64 calls at once": 1.25,
};
const CALL = { title: "One small call after the other", per: 100 };
const LIST = { title: "10,000 models by pages, item by item", per: 1 };
const STREAM = { title: "A chat's stream, chunk by chunk", per: 1 };

export const call = (context) => both(context, "call", CALL);
export const list = (context) => both(context, "list", LIST);
export const stream = (context) => both(context, "stream", STREAM);

async function both({ origin, chromium }, measure, { title, per }) {
  const runtimes = { Node: await inNode(measure, origin), Chromium: await chromium.timed(measure) };
  const rows = Object.entries(runtimes).flatMap(([runtime, sets]) =>
    Object.entries(sets).map(([what, times]) => ({ what: `${WORDS[what]}, ${runtime}`, times })),
  );
  return {
    title,
    head: ["", "fetch, ms", ...NAMES.slice(1)],
    rows: rows.map(({ what, times }) => [what, (median(times.fetch) / per).toFixed(2), ...ratios(times)]),
    goals: goals(rows),
  };
}

/** What is asked of some rows, `{ what, times }` each. */
function goals(rows) {
  return rows
    .filter(({ what }) => GOALS[what])
    .map(({ what, times }) => ({ what: `${what}, over fetch`, most: GOALS[what], here: ratio(times, "hf-wasm") }));
}

export async function growth({ origin }) {
  const sets = await inNode("growth", origin);
  const all = Object.entries(sets).map(([key, times]) => {
    const [kind, count] = key.split(" ");
    const per = kind === "list" ? Math.max(1000, count) : 512;
    return { what: kind === "list" ? `a list of ${Number(count).toLocaleString("en")}` : `${count} calls at once`, times, per };
  });
  return {
    title: "How it grows, in Node",
    head: ["", "fetch, µs an item or a call", ...NAMES.slice(1)],
    rows: all.map(({ what, times, per }) => [what, ((1000 * median(times.fetch)) / per).toFixed(2), ...ratios(times)]),
    goals: goals(all),
  };
}

/** Of all but the floor; empty for who cannot do it. */
const ratios = (times) => NAMES.slice(1).map((name) => (times[name] ? `${ratio(times, name).toFixed(2)}×` : ""));
