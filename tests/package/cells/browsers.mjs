// Pages and workers in three engines.

import { copyFileSync } from "node:fs";
import path from "node:path";

import { build } from "esbuild";

import { browsers, visit } from "../lib/browsers.mjs";
import { oneWasm } from "../lib/place.mjs";
import { site } from "../lib/site.mjs";

const LIMIT = 120_000;

/** Serves a folder, opens its page in a browser, and waits for what the page sends. */
export async function shown(browser, folder, outcome, { headers, page = "/" } = {}) {
  const served = await site(folder, headers);
  try {
    return await awaited(browser, `${served.origin}${page}`, outcome);
  } finally {
    await served.stop();
  }
}

/** Opens an address in a browser, and waits for what the page sends. */
export function awaited(browser, url, outcome) {
  return visit(browser, url, async (problems) => {
    let timer;
    const late = new Promise((_, reject) => {
      const say = () => reject(new Error(`the page sent nothing; it complained of\n${problems.join("\n")}`));
      timer = setTimeout(say, LIMIT);
    });
    return await Promise.race([outcome, late]).finally(() => clearTimeout(timer));
  });
}

/** The policy of a page that is careful: nothing inline, nothing of another origin, wasm by name. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  // The emulator, and where the outcome goes.
  "connect-src 'self' http://127.0.0.1:*",
];

const KINDS = [
  { name: "page with an import map", fixture: "page", full: true, served: (folder) => folder },
  { name: "dedicated worker", fixture: "web-worker", served: (folder) => bundled(folder, "worker", "esm") },
  { name: "service worker", fixture: "service-worker", served: (folder) => bundled(folder, "worker", "iife") },
  {
    name: "page with a strict policy",
    note: POLICY[1],
    fixture: "csp",
    headers: { "content-security-policy": POLICY.join("; ") },
    served: (folder) => bundled(folder, "main", "esm"),
  },
];

export const pages = KINDS.flatMap(({ name, served, headers, ...rest }) =>
  Object.entries(browsers).map(([browser, { title, absent }]) => ({
    ...rest,
    name: `${title}, ${name}`,
    absent,
    run: async ({ folder, outcome }) => await shown(browser, await served(folder), outcome, { headers }),
  })),
);

/** Import maps do not reach into workers, so what runs there is bundled: one script, and the wasm beside it. */
async function bundled(folder, name, format) {
  const out = path.join(folder, "out");
  await build({
    entryPoints: [path.join(folder, `${name}.mjs`)],
    bundle: true,
    format,
    outdir: out,
    loader: { ".wasm": "file" },
    logLevel: "error",
  });
  copyFileSync(path.join(folder, "index.html"), path.join(out, "index.html"));
  oneWasm(out);
  return out;
}
