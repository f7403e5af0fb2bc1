// Pages and workers in three engines.

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { build } from "esbuild";

import { browsers, visit } from "../lib/browsers.mjs";
import { filesIn, wasmIn } from "../lib/place.mjs";
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
  // Of Chromium, the stage `runtimes` has every case in a page.
  { name: "page with an import map", fixture: "page", parts: { firefox: "all", webkit: "all" }, served: (folder) => folder },
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

/** Where a page without a bundler and without an import map gets the package from: a server of another origin. */
const CDNS = [
  { name: "page, no import map", note: "the package at another origin, which does not know wasm's media type", cdn: plain },
  { name: "page, by a CDN that bundles", note: "the wasm at dist/, the bundle at the package's root", cdn: bundling("esm.mjs") },
  { name: "page, by a CDN that bundles deeper", note: "the wasm at dist/, the bundle below", cdn: bundling("es2022/hf-wasm.mjs") },
];

const fromCdn = CDNS.flatMap(({ cdn, ...rest }, index) =>
  // What a CDN makes of the package is the same for every engine.
  Object.entries(browsers).slice(0, index === 0 ? undefined : 1).map(([browser, { title, absent }]) => ({
    ...rest,
    name: `${title}, ${rest.name}`,
    fixture: "browser",
    absent,
    async run({ folder, outcome }) {
      const address = await cdn(folder);
      const served = await site(path.join(folder, "node_modules"), (extension) => ({
        "access-control-allow-origin": "*",
        ...(extension === ".wasm" && { "content-type": "application/octet-stream" }),
      }));
      try {
        // The suite imports the package by its name elsewhere.
        for (const file of filesIn(folder, ".mjs")) {
          const text = readFileSync(file, "utf8");
          const imported = /"(hf-wasm|https:\/\/cdn\.example\.org\/[^"]*)"/g;
          writeFileSync(file, text.replace(imported, `"${served.origin}/${address}"`));
        }
        return await shown(browser, folder, outcome);
      } finally {
        await served.stop();
      }
    },
  })),
);

/** The file as it is in the package. */
function plain() {
  return "hf-wasm/dist/browser.js";
}

/** What a CDN bundles of the package's own entry, which leaves the wasm where it was. */
function bundling(name) {
  return async (folder) => {
    const root = path.join(folder, "node_modules/hf-wasm");
    const outfile = path.join(root, name);
    const entry = path.join(root, "dist/index.js");
    await build({ entryPoints: [entry], bundle: true, format: "esm", external: ["*.wasm"], outfile, logLevel: "error" });
    return `hf-wasm/${name}`;
  };
}

const kinds = KINDS.flatMap(({ name, served, headers, parts, ...rest }) =>
  Object.entries(browsers).map(([browser, { title, absent }]) => ({
    ...rest,
    part: parts?.[browser],
    name: `${title}, ${name}`,
    absent,
    run: async ({ folder, outcome }) => await shown(browser, await served(folder), outcome, { headers }),
  })),
);

export const pages = [...kinds, ...fromCdn];

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
  wasmIn(out, 3);
  return out;
}
