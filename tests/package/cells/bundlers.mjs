// Bundlers. What they made is run: in Chromium, or in Node where it was made for Node.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { commandOf, equipped } from "../lib/fixture.mjs";
import { outcomeIn } from "../lib/outcome.mjs";
import { filesIn, here, wasmIn } from "../lib/place.mjs";
import { drive, node, run, serving } from "../lib/program.mjs";
import { awaited, shown } from "./browsers.mjs";

const INLINE = "no file: the wasm is in the JavaScript";
const ROLLUP = ["@rollup/plugin-node-resolve", "@web/rollup-plugin-import-meta-assets"];

export const bundlers = [
  ...["vite-6", "vite-7", "vite"].flatMap((vite) => [
    { name: `Vite ${versionOf(vite)}, build`, fixture: "vite", run: web({ vite }) },
    { name: `Vite ${versionOf(vite)}, dev`, fixture: "vite-dev", run: viteDev(vite) },
  ]),
  { name: "webpack", fixture: "webpack", run: web({ script: `<script defer src="main.js"></script>` }) },
  { name: "webpack, for Node", fixture: "webpack-node", run: forNode("main.js") },
  { name: "Rollup", fixture: "rollup", tools: ROLLUP, run: web() },
  { name: "Rollup, inline", note: INLINE, fixture: "rollup-inline", tools: ROLLUP, run: web({ wasm: 0 }) },
  { name: "Rollup, for Node", fixture: "rollup-node", tools: ROLLUP, run: forNode("main.mjs") },
  { name: "Parcel", fixture: "parcel", run: web() },
  { name: "esbuild", note: "the kernels without SIMD", fixture: "esbuild", run: web({ wasm: 3 }) },
  { name: "esbuild, inline", note: INLINE, fixture: "esbuild-inline", run: web({ wasm: 0 }) },
  { name: "esbuild, for Node", note: INLINE, fixture: "esbuild-node", run: forNode("main.mjs", 0) },
].map(equipped);

/** Runs the fixture's command, then the result in Chromium. It has the core, commits, and the kernels with SIMD and without. */
function web({ script = `<script type="module" src="./main.js"></script>`, wasm = 4, vite } = {}) {
  return async ({ folder, outcome }) => {
    const dist = await built(folder, wasm, vite);
    // Vite takes the page along, the others leave it to their users.
    const page = `<!doctype html><meta charset="utf-8" /><link rel="icon" href="data:," />${script}`;
    if (filesIn(dist, ".html").length === 0) writeFileSync(path.join(dist, "index.html"), page);
    return await shown("chromium", dist, outcome);
  };
}

/** Runs the fixture's command, then the result in Node, which needs no kernels. */
function forNode(file, wasm = 2) {
  return async ({ folder }) => {
    const dist = await built(folder, wasm);
    return outcomeIn(await run(node(), [path.join(dist, file)], folder));
  };
}

function viteDev(vite) {
  return async ({ folder, outcome }) => {
    const [program, ...args] = command(folder, vite);
    return await serving(program, args, folder, /(http:\/\/127\S+)/, (address) => awaited("chromium", address, outcome));
  };
}

/** The folder that the fixture's command filled, with as many wasm files as it should have. */
async function built(folder, wasm, vite) {
  const [program, ...args] = command(folder, vite);
  await run(program, args, folder);
  const dist = path.join(folder, "dist");
  wasmIn(dist, wasm);
  return dist;
}

/** webpack's own program is a package of its own; Vite is there in several versions, `vite` names which. */
function command(folder, vite) {
  const [program, ...args] = commandOf(folder);
  if (vite) return [node(), path.join(here, "node_modules", vite, "bin/vite.js"), ...args];
  return path.basename(program) === "webpack" ? [node(), drive("webpack"), ...args] : [program, ...args];
}

/** The major version of a package of tests/package/node_modules. */
function versionOf(name) {
  return JSON.parse(readFileSync(path.join(here, "node_modules", name, "package.json"), "utf8")).version.split(".")[0];
}
