// The cache of `hf-wasm/browser` in Firefox: a file is fetched once by a page and a worker, goes on after an abort, and is
// there offline. Chromium has tests/runtimes/opfs.test.mjs; in WebKitGTK the page of this test has not reported yet.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Hub } from "hf-wasm";

import { startEmulator } from "../emulator.mjs";
import { bytes, contextOf } from "../runtimes/context.mjs";
import { serve } from "../runtimes/serve.mjs";
import { browsers, closeBrowsers } from "./lib/browsers.mjs";
import { awaited } from "./cells/browsers.mjs";
import { collector } from "./lib/site.mjs";

const SIZE = 14 << 20;
const repo = "alice/browsers";

let emulator;
let context;
let site;
before(async () => {
  [emulator, site] = await Promise.all([startEmulator(["--no-rate-limit"]), serve()]);
  context = contextOf({ Hub }, emulator);
  const hub = context.hub();
  await hub.createRepo({ repo });
  await hub.uploadFiles({ repo, files: [{ path: "w.safetensors", content: bytes(SIZE, 7) }, { path: "config.json", content: "{}" }] });
});
after(() => Promise.all([closeBrowsers(), site?.stop(), emulator?.stop()]));

test("the cache in Firefox", { timeout: 120_000, skip: browsers.firefox.absent() }, async () => {
  const taken = await collector();
  const given = { repo, endpoint: emulator.endpoint, token: emulator.tokens.write, report: taken.origin };
  const url = `${site.origin}/tests/package/cache/index.html#${encodeURIComponent(JSON.stringify(given))}`;
  let outcome;
  const log = await context.received(async () => {
    outcome = await awaited("firefox", url, taken.outcome);
  });
  await taken.stop();
  assert.deepEqual(outcome, { aborted: "AbortError", sizes: [SIZE, SIZE], same: true, offline: SIZE, absent: "NotFoundError", texts: ["{}"], evicted: SIZE });
  const came = log.filter(({ method, path }) => method === "GET" && path.startsWith("/lfs/")).map(({ responseBytes }) => responseBytes);
  assert.equal(came.length, 2, "one until the abort, one for the rest");
  assert.ok(came[1] <= SIZE - 9e6, `${came}`);
});
