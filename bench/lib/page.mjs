// What a page of Chromium does: what `node.mjs` does in a child of Node.

import { writeFileSync } from "node:fs";
import path from "node:path";

import { launch } from "../../tests/runtimes/chromium.mjs";
import { bundle, layOutWasm, out } from "./bundle.mjs";
import { FIRST, NAMES } from "./clients.mjs";

/** `{ timed, first, version, stop }` */
export async function openChromium(origin) {
  layOutWasm();
  writeFileSync(path.join(out, "page.html"), "<!doctype html>");
  for (const name of NAMES) await bundle(`export { client } from "./clients/${name}.mjs";`, { name });
  await bundle('export { timed } from "./lib/timed.mjs";', { name: "timed" });
  const browser = await launch();
  /** Each time with an empty cache. */
  const inPage = async (run, ...args) => {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(`${origin}/page.html`);
      return await page.evaluate(run, args);
    } finally {
      await context.close();
    }
  };
  return {
    version: browser.version(),
    timed: (measure) => inPage(timedInPage, measure, NAMES),
    first: (name) => inPage(firstInPage, name, FIRST[name]),
    stop: () => browser.close(),
  };
}

async function timedInPage([measure, names]) {
  const clients = {};
  for (const name of names) clients[name] = (await import(`/${name}.js`)).client(location.origin);
  return (await import("/timed.js")).timed[measure](clients);
}

async function firstInPage([name, call]) {
  const start = performance.now();
  const { client } = await import(`/${name}.js`);
  const imported = performance.now();
  await client(location.origin)[call]();
  return { imported: imported - start, ms: performance.now() - start };
}
