// Eight processes with one token spend a quota of 100 together: none meets a 429 of the server, and nearly all of it is used.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Hub } from "hf-wasm";
import { sharedLimits } from "hf-wasm/limits";

import { startEmulator } from "../emulator.mjs";

const PROCESSES = 8;
const QUOTA = 100;
const worker = fileURLToPath(new URL("limits.worker.mjs", import.meta.url));
const values = new Map();

/** A store that all processes reach, as slow as one in the same region. */
const server = createServer(async (request, response) => {
  let text = "";
  for await (const piece of request) text += piece;
  const { get, set, increment, value, by, ttl } = JSON.parse(text);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
  const known = (key) => {
    const found = values.get(key);
    return found && found.until > Date.now() ? found.value : null;
  };
  const sum = increment && (known(increment) ?? 0) + by;
  if (set ?? increment) values.set(set ?? increment, { value: sum ?? value, until: Date.now() + ttl });
  response.end(JSON.stringify({ value: increment ? sum : get ? known(get) : null }));
});

let emulator;
before(async () => {
  emulator = await startEmulator([]);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
after(() => {
  server.close();
  server.closeAllConnections();
  return emulator?.stop();
});

async function control(path, body) {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${emulator.endpoint}/_emulator${path}`, { ...init, headers: { "x-emulator-control": "1", "content-type": "application/json" } });
  return await response.json();
}

beforeEach(async () => {
  values.clear();
  await control("/quotas", { api: QUOTA });
});

/** The requests that the emulator has received since it was asked last. */
let seen = 0;
async function received() {
  const entries = await control(`/log?since=${seen}`);
  seen = Math.max(seen, ...entries.map(({ id }) => id));
  return entries;
}

const store = () => `http://127.0.0.1:${server.address().port}`;
const isolate = (...more) => promisify(execFile)(process.execPath, [worker, emulator.endpoint, emulator.tokens.write, store(), ...more]);

for (const atomic of [false, true]) {
  test(`a store ${atomic ? "that adds" : "that only reads and writes"} keeps ${PROCESSES} processes within a quota of ${QUOTA}`, async () => {
    await received();
    const outputs = await Promise.all(Array.from({ length: PROCESSES }, () => isolate(...(atomic ? ["atomic"] : []))));
    const counts = outputs.map(({ stdout }) => Number(stdout));
    const entries = (await received()).filter(({ path }) => path.startsWith("/api/models/"));
    const used = counts.reduce((total, count) => total + count, 0);
    assert.deepEqual(entries.filter(({ status }) => status !== 200), [], "a 429 of the server");
    assert.equal(entries.length, used);
    assert.ok(used >= 90 && used <= QUOTA, `${used} of ${QUOTA}: ${counts}`);
    assert.ok(counts.filter((count) => count > 0).length >= PROCESSES / 2, `nearly all by few: ${counts}`);
  });
}

/** A server of one window after the other, and isolates with a store in memory. */
function standIn({ quota, seconds, delay = 5 }) {
  let [ends, used, refused] = [0, 0, 0];
  const fetch = async () => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * delay));
    if (Date.now() >= ends) [ends, used] = [Date.now() + seconds * 1000, 0];
    used++;
    if (used > quota) refused++;
    const headers = { ratelimit: `"api";r=${Math.max(0, quota - used)};t=${Math.ceil((ends - Date.now()) / 1000)}` };
    return Response.json({ id: "a/b" }, { status: used > quota ? 429 : 200, headers });
  };
  const map = new Map();
  const store = { get: async (key) => map.get(key), set: async (key, value) => void map.set(key, value) };
  const shared = () => sharedLimits({ store, endpoint: "https://hub.example", fetch, settle: 40 });
  const client = (options) => new Hub({ endpoint: "https://hub.example", token: "hf_x", fetch: shared(), retry: { maxElapsed: 60_000 }, ...options });
  const spend = (others) => (used += others);
  return { client, spend, refused: () => refused, keys: () => [...map.keys()] };
}

test("a client waits for the next window, which all begin together", async () => {
  const { client, refused, keys } = standIn({ quota: 20, seconds: 3 });
  const clients = Array.from({ length: 4 }, () => client());
  const results = await Promise.all(clients.flatMap((hub) => Array.from({ length: 10 }, () => hub.modelInfo({ repo: "a/b" }))));
  assert.equal(results.length, 40);
  assert.equal(refused(), 0);
  assert.ok(!keys().some((key) => key.includes("hf_x")), "the token is in the store");
});

test("what is no limit of the endpoint passes, and others who use the token are noticed", async () => {
  const { client, refused, spend } = standIn({ quota: 20, seconds: 300 });
  const hub = client({ retry: false });
  await hub.modelInfo({ repo: "a/b" });
  spend(16);
  let answered = 0;
  await assert.rejects(async () => {
    for (; ; answered++) await hub.modelInfo({ repo: "a/b" });
  }, { kind: "rateLimited" });
  assert.deepEqual([answered, refused()], [3, 0]);
  let elsewhere = 0;
  const passes = sharedLimits({ store: { get: () => assert.fail("asked"), set: () => assert.fail("asked") }, fetch: async () => Response.json({ elsewhere: ++elsewhere }) });
  await passes("https://cdn.example/file", {});
  assert.equal(elsewhere, 1);
  assert.throws(() => sharedLimits({ store: {} }), /get and set/);
});

test("a store that is slower than what it takes to settle is an error that says so", async () => {
  const map = new Map();
  const slow = (work) => new Promise((resolve) => setTimeout(() => resolve(work()), 15));
  const store = { get: (key) => slow(() => map.get(key)), set: (key, value) => slow(() => void map.set(key, value)) };
  const fetch = sharedLimits({ store, endpoint: "https://hub.example", fetch: async () => Response.json({}), settle: 20 });
  await assert.rejects(fetch("https://hub.example/api/models/a/b", {}), /the store took \d+ ms .*longer than settle \(20 ms\)/);
});

test("a wait for the window's end stops with the call's signal", async () => {
  const map = new Map();
  const store = { get: async (key) => map.get(key), set: async (key, value) => void map.set(key, value) };
  const headers = { ratelimit: '"api";r=50;t=1' };
  const fetch = sharedLimits({ store, endpoint: "https://hub.example", fetch: async () => Response.json({}, { headers }), settle: 5 });
  await fetch("https://hub.example/api/models/a/b", {});
  await assert.rejects(fetch("https://hub.example/api/models/a/b", { signal: AbortSignal.timeout(20) }), { name: "TimeoutError" });
});

test("where no limit is told, nothing is held back", async () => {
  const map = new Map();
  let sent = 0;
  const fetch = async () => Response.json({ sent: ++sent });
  const shared = sharedLimits({ store: { get: (key) => map.get(key), set: (key, value) => map.set(key, value) }, endpoint: "https://hub.example", fetch, settle: 5 });
  for (let at = 0; at < 3; at++) assert.equal((await shared("https://hub.example/api/models", {})).status, 200);
  assert.equal(sent, 3);
});

/** A Hub with a quota for each bucket, which counts requests as the emulator does. */
function buckets(quotas) {
  const used = { api: 0, resolvers: 0, pages: 0 };
  let refused = 0;
  const fetch = async (url) => {
    const { pathname } = new URL(url);
    const isApi = pathname.startsWith("/api/");
    const isFile = pathname.startsWith("/api/resolve-cache/") || (!isApi && pathname.includes("/resolve/"));
    const bucket = isFile ? "resolvers" : isApi || pathname.includes("/info/lfs/") ? "api" : "pages";
    used[bucket]++;
    const headers = { ratelimit: `"${bucket}";r=${Math.max(0, quotas[bucket] - used[bucket])};t=250` };
    if (used[bucket] > quotas[bucket]) return Response.json({}, { status: 429, headers: { ...headers, "x-refused": `${++refused}` } });
    const [, repo, path] = /^\/(\w+\/\w+)\/resolve\/main\/(.*)/.exec(pathname) ?? [];
    if (!isApi && path) return new Response(null, { status: 307, headers: { ...headers, location: `/api/resolve-cache/models/${repo}/${"0".repeat(40)}/${path}` } });
    return isFile ? new Response("text", { headers }) : Response.json([], { headers });
  };
  const map = new Map();
  const store = { get: (key) => map.get(key), set: (key, value) => void map.set(key, value) };
  const shared = (settle = 5) => sharedLimits({ store, endpoint: "https://hub.example", fetch, settle });
  const client = (settle) => new Hub({ endpoint: "https://hub.example", token: "hf_x", retry: false, fetch: shared(settle) });
  return { client, shared, used, refused: () => refused };
}

test("files, the API and large uploads are counted apart, as the Hub does", async () => {
  const { client, shared, used, refused } = buckets({ api: 20, resolvers: 3000, pages: 100 });
  const hub = client();
  assert.equal(await (await hub.downloadFile({ repo: "a/b", path: "x.txt" })).text(), "text");
  const isolate = shared();
  const send = (path) => isolate(`https://hub.example${path}`, { headers: { authorization: "Bearer hf_x" } });
  const calls = [
    () => hub.listRefs({ repo: "a/b" }),
    async () => void (await hub.listFiles({ repo: "a/b", path: "x/resolve/y" })),
    () => send("/a/b.git/info/lfs/objects/batch"),
    () => send("/api/models?search=/resolve/"),
  ];
  for (let at = 0; at < 30; at++) await calls[at % calls.length]().catch(({ kind }) => assert.equal(kind, "rateLimited"));
  assert.equal(refused(), 0, JSON.stringify(used));
  assert.ok(used.api >= 15, JSON.stringify(used));
});

test("the numbers of another bucket are not taken", async () => {
  const map = new Map();
  const store = { get: (key) => map.get(key), set: (key, value) => void map.set(key, value) };
  const limits = ['"search";r=0;t=1', '"api";r=50;t=300', '"search";r=0;t=1', '"search";r=0;t=1, "api";r=40;t=300', "api;r=30;t=300"];
  const shared = sharedLimits({ store, endpoint: "https://hub.example", fetch: async () => Response.json({}, { headers: { ratelimit: limits.shift() } }), settle: 5 });
  while (limits.length > 0) assert.equal((await shared("https://hub.example/api/models", { signal: AbortSignal.timeout(500) })).status, 200);
  assert.ok(JSON.parse([...map].find(([key]) => /^hf-wasm:limit:api:[^:]*$/.test(key))[1]).room > 40);
});

test("one call that is aborted fails no other", async () => {
  const { client, used } = buckets({ api: 100, resolvers: 10, pages: 10 });
  const both = async (hub, settle) => {
    const stop = new AbortController();
    const left = hub.listRefs({ repo: "a/b" }, { signal: stop.signal });
    const other = hub.listRefs({ repo: "a/b" });
    setTimeout(() => stop.abort(new Error("left")), settle / 2);
    await assert.rejects(left, /left/);
    await other;
  };
  // The first request of the window, and then a part of it.
  const hub = client(100);
  await both(hub, 100);
  await both(hub, 100);
  assert.equal(used.api, 2);
  // Nobody waits for a first request that was left.
  const fresh = buckets({ api: 100, resolvers: 10, pages: 10 });
  await assert.rejects(fresh.client(100).listRefs({ repo: "a/b" }, { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
  const begun = Date.now();
  await fresh.client(100).listRefs({ repo: "a/b" });
  assert.ok(Date.now() - begun < 3000, `${Date.now() - begun} ms`);
});

test("calls of one isolate at the same moment begin a window with one request; where no limit is told, they go at the same time", async () => {
  for (const [headers, alone] of [[{ ratelimit: '"api";r=500;t=300' }, true], [{}, true], [{ ratelimit: '"search";r=5;t=300' }, false]]) {
    const map = new Map();
    const store = { get: async (key) => map.get(key), set: async (key, value) => void map.set(key, value) };
    let [under, most, first] = [0, 0, 0];
    const fetch = async () => {
      under += 1;
      most = Math.max(most, under);
      first ||= under;
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (first === 1 && most === 1) first = -1;
      under -= 1;
      return Response.json({}, { headers });
    };
    const shared = sharedLimits({ store, endpoint: "https://hub.example", fetch, settle: 20 });
    await Promise.all(Array.from({ length: 12 }, () => shared("https://hub.example/api/models", {})));
    assert.equal(first, -1, "the first request went alone");
    assert.equal(most > 3, alone, `${JSON.stringify(headers)}: ${most} at the same time`);
  }
});
