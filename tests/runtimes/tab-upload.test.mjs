// A tab of Chromium that is closed while it uploads: nothing is committed, and the tab that is opened again, with a store that
// the browser keeps, sends only the parts that are missing.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";

import { Hub } from "hf-wasm";
import { startEmulator } from "../emulator.mjs";
import { launch } from "./chromium.mjs";
import { bytes, contextOf } from "./context.mjs";
import { serve } from "./serve.mjs";

const PART = 1_000_000;
const SIZE = 8 * PART + 1;
const PARTS = 9;
const SEED = 3;
const FILES = { "w.safetensors": SIZE, "small.safetensors": 300_000 };

let [emulator, site, browser, context, hub] = [];
before(async () => {
  [emulator, site, browser] = await Promise.all([startEmulator(["--no-rate-limit", "--part-size", String(PART)]), serve(), launch()]);
  context = contextOf({ Hub }, emulator);
  hub = context.hub();
});
after(() => Promise.all([browser?.close(), site?.stop(), emulator?.stop()]));

const puts = (log) => log.filter(({ method, path, status }) => method === "PUT" && path.startsWith("/lfs/") && status === 200);

test("a tab that is closed while it uploads, and opened again, sends what is missing only", { timeout: 120_000 }, async () => {
  const repo = "alice/tab";
  await hub.createRepo({ repo });
  const profile = await browser.newContext();
  const open = async () => {
    const page = await profile.newPage();
    await page.goto(`${site.origin}/tests/runtimes/opfs.html`);
    await page.waitForFunction(() => globalThis.ready, undefined, { timeout: 10_000 });
    return page;
  };
  const upload = (page) =>
    page.evaluate(
      async ([repo, options, files, seed]) => {
        const { bytes } = await import("/tests/runtimes/context.mjs");
        const store = {
          get: (key) => localStorage.getItem(key),
          set: (key, value) => localStorage.setItem(key, value),
          delete: (key) => localStorage.removeItem(key),
        };
        const given = Object.entries(files).map(([path, size]) => ({ path, content: new Blob([bytes(size, seed)]) }));
        return (await new hf.Hub(options).uploadFiles({ repo, files: given }, { store })).commitOid;
      },
      [repo, { endpoint: emulator.endpoint, token: emulator.tokens.write }, FILES, SEED],
    );
  const kept = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => /-\d+$/.test(key)).length);

  const first = await open();
  const watcher = await open();
  await context.control("network", { bandwidth: 4_000_000 });
  void upload(first).catch(() => {});
  for (let have = 0; have < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    have = await kept(watcher);
  }
  await first.close();
  await context.control("network", {});
  assert.deepEqual((await hub.listFiles({ repo })).items.map(({ path }) => path), [".gitattributes"], "nothing is committed");
  const had = await kept(watcher);
  assert.ok(had >= 3 && had < PARTS, `${had} parts are in the store`);

  const again = await open();
  const sent = puts(await context.received(async () => assert.match(await upload(again), /^[0-9a-f]{40}$/)));
  assert.equal(sent.filter(({ path }) => /^\/lfs\/[0-9a-f]{64}\/\d+/.test(path)).length, PARTS - had);
  assert.equal(await kept(again), 0, "nothing is left in the store");
  for (const [path, size] of Object.entries(FILES)) {
    const [{ lfs }] = await hub.pathsInfo({ repo, paths: [path] });
    assert.equal(lfs.oid, createHash("sha256").update(bytes(size, SEED)).digest("hex"), path);
  }
  await profile.close();
});
