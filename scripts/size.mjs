// Prints what a user downloads, raw and gzipped: what a first call loads, the core's wasm and the JavaScript of both
// classes; what a first commit loads on top; and what a first large file in one loads, the kernels. Fails above the limits.

import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

import { root } from "./lib/run.mjs";

/** What both classes may weigh together, in bytes gzipped. */
const FIRST_LOAD = 90_000;
/** What commits may weigh, in bytes gzipped. */
const COMMIT = 72_000;
/** What the kernels may weigh, in bytes gzipped; a runtime loads those with SIMD or those without. */
const KERNELS = 40_000;

const wasm = (name) => readFileSync(path.join(root, "pkg/dist", name));
const { outputFiles } = await build({
  stdin: { contents: 'export { Hub, InferenceRouter } from "hf-wasm";', resolveDir: root },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  // A browser's loader; the wasm itself is counted apart.
  conditions: ["browser"],
  loader: { ".wasm": "file" },
  external: ["*.wasm"],
  write: false,
  outdir: "out",
});
const js = Buffer.from(outputFiles.find((file) => file.path.endsWith(".js")).contents);

const parts = [weighed("core wasm", wasm("core_bg.wasm")), weighed("JavaScript, minified", js)];
const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
const first = { name: "first load", raw: sum("raw"), gzip: sum("gzip"), limit: FIRST_LOAD };
const kernels = ["kernels_bg.wasm", "kernels_simd_bg.wasm"].map((name, at) => {
  return { ...weighed(at === 0 ? "kernels" : "kernels with SIMD", wasm(name)), limit: KERNELS };
});
const commit = { ...weighed("commits", wasm("commit_bg.wasm")), limit: COMMIT };
for (const { name, raw, gzip, limit } of [...parts, first, commit, ...kernels]) {
  console.log(`${name.padEnd(22)} ${kB(raw)} raw ${kB(gzip)} gzip`);
  if (!(gzip > limit)) continue;
  console.error(`${gzip - limit} bytes above the limit of ${limit / 1000} kB gzip`);
  process.exitCode = 1;
}

function weighed(name, bytes) {
  return { name, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
}
