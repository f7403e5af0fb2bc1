// Uploads and downloads in Chromium while its garbage collector runs all the time: it takes a stream that only a read waits
// for, unless something holds it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startEmulator } from "../emulator.mjs";
import { launch } from "./chromium.mjs";
import { serve } from "./serve.mjs";

/** Bytes of a file, which is read in many pieces, the last of them a small one. */
const SIZE = (12 << 20) + 3;

let emulator;
let site;
let browser;
let page;
before(async () => {
  [emulator, site, browser] = await Promise.all([startEmulator(["--no-rate-limit"]), serve(), launch(["--js-flags=--expose-gc"])]);
  page = await browser.newPage();
  await page.goto(`${site.origin}/tests/runtimes/suite.html`);
});
after(() => Promise.all([browser?.close(), site?.stop(), emulator?.stop()]));

test("large files go up and come down", { timeout: 60_000 }, async () => {
  const { stop: _, ...addresses } = emulator;
  const run = async ([addresses, size]) => {
    const [{ bytes, contextOf }, lib] = await Promise.all([import("/tests/runtimes/context.mjs"), import("hf-wasm")]);
    const context = contextOf(lib, addresses);
    const [hub, repo] = [context.hub(), context.fresh("collector")];
    await hub.createRepo({ repo });
    const collecting = setInterval(gc, 5);
    const files = [1, 2, 3, 4].map((seed) => `${seed}.bin`);
    await Promise.all(files.map((path, seed) => hub.uploadFile({ repo, file: { path, content: new Blob([bytes(size, seed)]) } })));
    const read = async (path) => (await (await hub.downloadFile({ repo, path })).blob()).size;
    const sizes = await Promise.all(files.map(read));
    clearInterval(collecting);
    return sizes;
  };
  assert.deepEqual(await page.evaluate(run, [addresses, SIZE]), [SIZE, SIZE, SIZE, SIZE]);
});
