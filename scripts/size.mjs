// Prints what a user downloads, the wasm and the JavaScript of both classes, raw and gzipped; fails above the limit.

import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

import { root } from "./lib/run.mjs";

/** What both classes may weigh together, in bytes gzipped. */
const LIMIT = 102_000;

const wasm = readFileSync(path.join(root, "pkg/dist/core_bg.wasm"));
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

const rows = [
  ["wasm", wasm.length, packed(wasm)],
  ["JavaScript, minified", js.length, packed(js)],
];
rows.push(["together", ...[1, 2].map((column) => rows[0][column] + rows[1][column])]);
for (const [name, raw, gzip] of rows) {
  console.log(`${name.padEnd(22)} ${kB(raw)} raw ${kB(gzip)} gzip`);
}
const total = rows[2][2];
if (total > LIMIT) {
  console.error(`${total - LIMIT} bytes above the limit of ${LIMIT / 1000} kB gzip`);
  process.exitCode = 1;
}

function packed(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
}
