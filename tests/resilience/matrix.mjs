// The matrix of one runtime, run whole: two emulators, the foreign origin, and a client in Node or on a page.

import { inspect } from "node:util";

import { launch } from "../runtimes/chromium.mjs";
import { serve } from "../runtimes/serve.mjs";
import { tokens } from "../emulator.mjs";
import { cacheInNode } from "./cache-node.mjs";
import { perform } from "./calls.mjs";
import { startForeign } from "./foreign.mjs";
import { startHub } from "./hub.mjs";
import { packed } from "./modes.mjs";
import { cellsOf, runAll } from "./runner.mjs";

export const RUNTIMES = { node: "Node", chromium: "Chromium" };

/** Runs the cells of a runtime (those that `wanted` lets through) and gives them, each with what was seen. */
export async function runMatrix(runtime, wanted = () => true) {
  const lib = await import("hf-wasm");
  const [client, foreign, shared, serial] = await Promise.all([
    runtime === "chromium" ? onPage() : inNode(lib),
    startForeign(),
    startHub(lib),
    startHub(lib),
    // Before the cells begin, for it would hold them up.
    packed(),
  ]);
  try {
    const cells = cellsOf(runtime).filter(wanted);
    await runAll(cells, { perform: client.perform, hubs: [shared, serial], foreign });
    return cells;
  } finally {
    await Promise.all([client, foreign, shared, serial].map((part) => part.stop()));
  }
}

function inNode(lib) {
  const show = (value) => inspect(value, { depth: 9, showHidden: true });
  const cache = cacheInNode();
  return { perform: (spec) => perform(lib, spec, { cache, inspect: show }), stop: cache.stop };
}

/** A page of an origin of its own, as in the browser's suite. What escapes to it ends the run. */
async function onPage() {
  const [site, browser] = await Promise.all([serve(), launch()]);
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error));
  page.on("console", (said) => {
    if (said.text().includes(tokens.write)) problems.push(new Error("the console shows the token"));
  });
  await page.goto(`${site.origin}/tests/resilience/page.html`);
  await page.waitForFunction(() => globalThis.perform, undefined, { timeout: 10_000 });
  return {
    perform: (spec) => page.evaluate((spec) => globalThis.perform(spec), spec),
    async stop() {
      await Promise.all([browser.close(), site.stop()]);
      if (problems.length > 0) throw problems[0];
    },
  };
}
