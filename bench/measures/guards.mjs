// What it costs to be careful, in Node: to look how deep JSON is before it is parsed, and to keep where a call was made.

import { Hub } from "hf-wasm";

import { median, ratio, rounds } from "../lib/rounds.mjs";

const { depth } = await import(new URL("../../pkg/dist/depth.js", import.meta.url));
const MODELS = 10_000;
const CALLS = 1000;
/** Frames of the program above a call. */
const FRAMES = 20;

export async function guards({ origin }) {
  const rows = [await deep(origin), await stack()];
  return { title: "What care costs, in Node", head: ["", "without, ms", "with"], rows, goals: [] };
}

/** One reply of all models: longer than what is parsed unseen. */
async function deep(origin) {
  const page = await (await fetch(`${origin}/api/models?search=1000`)).json();
  const models = Array.from({ length: MODELS }, (_, at) => page[at % page.length]);
  const bytes = new TextEncoder().encode(JSON.stringify(models));
  const parse = () => JSON.parse(new TextDecoder().decode(bytes));
  const careful = () => {
    if (depth(bytes) > 1000) throw new Error("deep");
    return parse();
  };
  const megabytes = (bytes.length / 1e6).toFixed(1);
  return row(`parse ${MODELS.toLocaleString("en")} models in one reply of ${megabytes} MB: its depth`, { parse, careful });
}

/** Calls over a `fetch` that answers from memory: over a network the share is smaller. */
async function stack() {
  const hub = new Hub({ endpoint: "https://hub.example", fetch: async () => Response.json({ id: "acme/x" }) });
  const below = async (frames) => (frames > 0 ? await below(frames - 1) : await hub.modelInfo({ repo: "acme/x" }));
  const calls = (limit) => async () => {
    const usual = Error.stackTraceLimit;
    Error.stackTraceLimit = limit;
    for (let left = CALLS; left > 0; left--) await below(FRAMES);
    Error.stackTraceLimit = usual;
  };
  return row(`${CALLS.toLocaleString("en")} calls from memory, ${FRAMES} frames deep: the caller's stack`, { bare: calls(0), kept: calls(10) });
}

async function row(what, variants) {
  const [without, kept] = Object.keys(variants);
  const times = await rounds(variants, { samples: 21 });
  return [what, median(times[without]).toFixed(2), `${ratio(times, kept, without).toFixed(2)}×`];
}
