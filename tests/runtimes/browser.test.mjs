// The suite in Chromium, on a page of another origin than the emulator's.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { build } from "esbuild";

import { startEmulator } from "../emulator.mjs";
import { cases, endpoints } from "./everywhere.mjs";
import { launch } from "./chromium.mjs";
import { serve } from "./serve.mjs";

let emulator;
let site;
let browser;
let libraries;
before(async () => {
  libraries = await mkdtemp(path.join(tmpdir(), "hf-wasm-libraries-"));
  // A page without a bundler has no CommonJS.
  await build({ entryPoints: ["ignore"], bundle: true, format: "esm", outdir: libraries });
  [emulator, site, browser] = await Promise.all([startEmulator(["--no-rate-limit"]), serve({ "/libraries/": libraries }), launch(["--js-flags=--expose-gc"])]);
});
after(async () => {
  await Promise.all([browser?.close(), site?.stop(), emulator?.stop()]);
  await rm(libraries, { recursive: true, force: true });
});

test("the suite in Chromium", async (context) => {
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(`${site.origin}/tests/runtimes/suite.html`);
  await page.waitForFunction(() => globalThis.runCase, undefined, { timeout: 10_000 });
  const { stop: _, ...addresses } = emulator;
  for (const { name } of cases) {
    await context.test(name, { timeout: 30_000 }, async () => {
      const thrown = await page.evaluate(([name, addresses]) => {
        // Chromium has room for so many bytes of Blobs, and those of the case before may be there still.
        globalThis.gc();
        return globalThis.runCase(name, addresses);
      }, [name, addresses]);
      if (thrown) throw new Error(thrown);
    });
  }
  const seen = await page.evaluate(() => globalThis.seen());
  const unseen = endpoints.filter((endpoint) => !seen.includes(endpoint));
  await context.test("every endpoint answered", () => assert.deepEqual(unseen, []));
  assert.deepEqual(problems, [], "no error escaped to the page");
});
