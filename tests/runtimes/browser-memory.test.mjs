// The memory of the core in Chromium.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { startEmulator } from "../emulator.mjs";
import { kept } from "../resilience/memory.mjs";
import { launch } from "./chromium.mjs";
import { serve } from "./serve.mjs";

let emulator;
let site;
let browser;
let page;
const problems = [];
before(async () => {
  [emulator, site, browser] = await Promise.all([startEmulator(["--no-rate-limit"]), serve(), launch()]);
  page = await browser.newPage();
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(`${site.origin}/tests/runtimes/suite.html`);
  await page.waitForFunction(() => globalThis.runCase, undefined, { timeout: 10_000 });
  await page.evaluate(async () => {
    const { watch } = await import("/tests/resilience/watch.mjs");
    await watch(await import("/pkg/dist/core.js"));
  });
});
after(() => Promise.all([browser?.close(), site?.stop(), emulator?.stop()]));

for (const name of ["10,000 calls", "10,000 abandoned iterators", "1,000 aborted streams", "5,000 exceptions"]) {
  test(`${name} leave the memory of the core as it was`, { timeout: 120_000 }, async () => {
    const { stop: _, ...addresses } = emulator;
    const measured = await page.evaluate(
      async ([name, addresses]) => {
        const { loadsOf, measure } = await import("/tests/resilience/memory.mjs");
        return await measure(loadsOf(await import("hf-wasm"), addresses).find((load) => load.name === name));
      },
      [name, addresses],
    );
    console.log(JSON.stringify(measured));
    assert.deepEqual(kept(measured), []);
    assert.deepEqual(problems, [], "no error escaped to the page");
  });
}
