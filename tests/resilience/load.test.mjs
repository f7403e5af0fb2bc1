// 10,000 mixed calls, 64 at once, while 5 % of the responses are spoiled: each call has an end, what was created is there
// once, and no response is mixed up with another's. `SEED=n` repeats a run, but for the order of what is at once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { HfError, Hub, InferenceRouter } from "hf-wasm";

import { startEmulator, tokens } from "../emulator.mjs";
import { audit } from "./audit.mjs";
import { dice, pick, seedOf } from "./dice.mjs";
import { Ledger } from "./ledger.mjs";
import { readsOf } from "./reads.mjs";
import { writesOf } from "./writes.mjs";

const CALLS = Number(process.env.CALLS ?? 10_000);
const AT_ONCE = 64;
/** No call takes that long; one that does is stuck. */
const DEADLINE = 40_000;

const soon = (ms) => ({ "retry-after-ms": String(ms) });
/** Shares of all requests; together 5 %, and 1 % that is only late. `after` does the work and loses the response. */
const FAULTS = [
  { status: 500, probability: 0.008 },
  { status: 503, probability: 0.006 },
  { status: 503, probability: 0.006, headers: soon(20) },
  { status: 429, probability: 0.007, headers: soon(20) },
  { cut_after_bytes: 15, probability: 0.006 },
  { path: "chat/completions", cut_after_bytes: 1500, probability: 0.02 },
  { status: 502, after: true, probability: 0.006 },
  { no_answer: true, probability: 0.005 },
  { no_answer: true, after: true, probability: 0.004 },
  { delay_ms: 150, probability: 0.01 },
];

let emulator;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
});
after(() => emulator?.stop());

test(`${CALLS} mixed calls, ${AT_ONCE} at once, with 5 % faults`, { timeout: 300_000 }, async () => {
  const seed = seedOf();
  console.log(`seed ${seed}`);
  const wire = { sent: 0, open: 0 };
  const options = { token: tokens.write, fetch: counting(wire), retry: { attempts: 7, maxDelay: 60 } };
  const hub = new Hub({ ...options, endpoint: emulator.endpoint });
  const router = new InferenceRouter({ ...options, endpoint: emulator.routerEndpoint });
  const ledger = new Ledger();
  const places = await prepare(hub);
  const mix = [
    ...(await readsOf(hub, router)),
    ...writesOf({ hub, router, ledger, ...places, endpoint: emulator.endpoint }),
  ];
  const quiet = wire.sent;
  await faults("POST", FAULTS.map((rule, at) => ({ path: "", ...rule, seed: seed + at })));
  const begin = performance.now();
  const results = await storm(mix, seed);
  const seconds = (performance.now() - begin) / 1000;
  const hits = (await faults("GET")).map(({ hits }) => hits);
  await faults("DELETE");
  tabulate(mix, results);
  console.log(`${wire.sent - quiet} requests in ${seconds.toFixed(1)} s, ${hits.reduce((sum, one) => sum + one)} of them spoiled`);

  const books = await audit({ hub, ledger, ...places, endpoint: emulator.endpoint });
  console.table(Object.fromEntries(Object.entries(books).map(([kind, { wrong, ...sums }]) => [kind, sums])));

  assert.equal(results.length, CALLS);
  assert.deepEqual(results.filter(({ problem }) => problem).slice(0, 10), [], "unexpected ends");
  assert.deepEqual(Object.values(books).flatMap(({ wrong }) => wrong), [], "what is there is what was reported");
  assert.equal(wire.open, 0, "requests without an end");
  assert.ok(hits.every((count) => count > 0) || CALLS < 5000, `each fault struck: ${hits}`);
});

/** Makes a repository for each worker, one for all, and one with a discussion. */
async function prepare(hub) {
  const repos = Array.from({ length: AT_ONCE }, (_, at) => `alice/load-worker-${at}`);
  const [talk, shared] = ["alice/load-talk", "alice/load-shared"];
  for (const repo of [...repos, talk, shared]) await hub.createRepo({ repo });
  await hub.createDiscussion({ repo: talk, title: "The only one", description: "Comments go here." });
  return { repos, talk, shared };
}

/** Runs all calls; `{ action, kind, problem }` of each. */
async function storm(mix, seed) {
  const results = [];
  let next = 0;
  const worker = async (_, at) => {
    while (next < CALLS) {
      const number = next++;
      const roll = dice(seed + number * 7919);
      const action = pick(mix, roll);
      results.push({ action: action.name, ...(await outcome(action, { number, worker: at, roll })) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

async function outcome({ name, kinds, run }, given) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("stuck")), DEADLINE);
  });
  try {
    await Promise.race([run(given), deadline]);
    return { kind: "success" };
  } catch (error) {
    const expected = error instanceof HfError && kinds.includes(error.kind) && error.endpoint && error.advice;
    return { kind: error?.kind ?? "other", ...(!expected && { problem: `call ${given.number}, ${name}: ${error?.stack ?? error}` }) };
  } finally {
    clearTimeout(timer);
  }
}

function tabulate(mix, results) {
  const rows = Object.fromEntries(mix.map(({ name }) => [name, { calls: 0 }]));
  for (const { action, kind } of [...results, ...results.map(({ kind }) => ({ action: "all", kind }))]) {
    const row = (rows[action] ??= { calls: 0 });
    row.calls += 1;
    row[kind] = (row[kind] ?? 0) + 1;
  }
  console.table(rows);
}

/** The global `fetch`, counting what was sent and what has no end yet. */
function counting(wire) {
  return async (url, init) => {
    wire.sent += 1;
    wire.open += 1;
    try {
      return await fetch(url, init);
    } finally {
      wire.open -= 1;
    }
  };
}

async function faults(method, rules) {
  const headers = { "x-emulator-control": "1", "content-type": "application/json" };
  const body = rules && JSON.stringify(rules);
  const response = await fetch(`${emulator.endpoint}/_emulator/faults`, { method, headers, body });
  assert.ok(response.ok, `${method} faults: ${response.status}`);
  return method === "GET" ? await response.json() : undefined;
}
