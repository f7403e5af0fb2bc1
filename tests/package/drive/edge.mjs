// Builds the function as Vercel's tool does, whose `?module` is a wasm module that was compiled with the function,
// and runs it in the edge's own shape: web APIs, and nothing of Node.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { EdgeRuntime } from "edge-runtime";
import { build } from "esbuild";

import { print } from "../suite/print.mjs";

const wasm = new Set();
const compiled = {
  name: "wasm?module",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.wasm\?module$/ }, ({ path: name, resolveDir }) => {
      return { path: path.resolve(resolveDir, name.replace(/\?module$/, "")), namespace: "compiled" };
    });
    onLoad({ filter: /./, namespace: "compiled" }, (file) => {
      wasm.add(file.path);
      return { contents: `export default compiledWasm[${JSON.stringify(path.basename(file.path))}];` };
    });
  },
};
const { outputFiles } = await build({
  entryPoints: ["function.mjs"],
  bundle: true,
  format: "iife",
  conditions: ["edge-light"],
  plugins: [compiled],
  write: false,
});
const names = [...wasm].map((file) => path.basename(file)).sort();
assert.deepEqual(names, ["commit_bg.wasm", "core_bg.wasm", "kernels_simd_bg.wasm"]);

const modules = [...wasm].map((file) => [path.basename(file), new WebAssembly.Module(readFileSync(file))]);
const runtime = new EdgeRuntime({
  initialCode: outputFiles[0].text,
  extend: (context) => Object.assign(context, { compiledWasm: Object.fromEntries(modules) }),
});
await print(runtime.dispatchFetch("http://edge/").then((response) => response.json()));
process.exit();
