// `npm run bench` measures everything and writes the tables into README.md; `npm run bench -- call stream` measures
// only those and prints them.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "../scripts/lib/chromium.mjs";
import { npmPackages } from "../scripts/lib/npm.mjs";
import { root } from "../scripts/lib/run.mjs";
import { main } from "../scripts/lib/say.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));

await main(async () => {
  if (!existsSync(path.join(root, "pkg/dist/core_bg.wasm"))) throw new Error("no package to measure: `npm run build` first");
  await npmPackages("bench", process.env);
  Object.assign(process.env, await chromium(process.env));
  const { measures } = await import("./measures/index.mjs");
  const only = process.argv.slice(2);
  const unknown = only.filter((name) => !measures[name]);
  if (unknown.length > 0) throw new Error(`no measure ${unknown}; there are ${Object.keys(measures).join(", ")}`);
  const tables = await taken(only.length > 0 ? only : Object.keys(measures), measures);
  if (only.length === 0) write(tables);
});

/** The text of the tables, and before it what was measured with. */
async function taken(names, measures) {
  const { startServer } = await import("./lib/children.mjs");
  const { machine } = await import("./lib/machine.mjs");
  const { openChromium } = await import("./lib/page.mjs");
  const { goals, table } = await import("./lib/tables.mjs");
  const { version } = await import("./lib/workerd.mjs");
  const server = await startServer();
  const browser = await openChromium(server.origin);
  const results = [];
  try {
    for (const name of names) {
      const start = performance.now();
      results.push(await measures[name]({ origin: server.origin, chromium: browser }));
      console.log(`${table(results.at(-1))}\n\n(${name}: ${((performance.now() - start) / 1000).toFixed(0)} s)\n`);
    }
  } finally {
    await browser.stop();
    server.stop();
  }
  const sum = goals(results);
  console.log(sum);
  return [machine({ chromium: browser.version, workerd: version }), sum, ...results.map(table)].join("\n\n");
}

function write(text) {
  const file = path.join(here, "README.md");
  const [from, to] = ["<!-- tables -->\n", "\n<!-- /tables -->"];
  const readme = readFileSync(file, "utf8");
  writeFileSync(file, readme.slice(0, readme.indexOf(from) + from.length) + text + readme.slice(readme.indexOf(to)));
}
