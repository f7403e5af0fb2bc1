// Bundles, minified: for runtimes that import no packages, and for what they weigh.

import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { root } from "../../scripts/lib/run.mjs";

const bench = fileURLToPath(new URL("..", import.meta.url));
/** Where bundles lie; the server of the bench hands them out. */
export const out = path.join(bench, "out");

/** `@huggingface/hub` names its build for browsers in a way that goes by its `exports`. */
const alias = { "@huggingface/hub": path.join(root, "node_modules/@huggingface/hub/dist/browser/index.mjs") };

/** Bundles a module, given as text; the wasm, where it is imported, comes to lie beside it. Gives the JavaScript. */
export async function bundle(contents, { name, conditions = ["browser"], write = true }) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: bench },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    conditions,
    alias,
    external: ["node:*"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    entryNames: name,
    outdir: out,
    metafile: true,
    write,
    logLevel: "error",
  });
  if (write) return path.resolve(Object.keys(metafile.outputs).find((file) => file.endsWith(".js")));
  return Buffer.from(outputFiles.find((file) => file.path.endsWith(".js")).contents);
}

/** A page finds the wasm by an address beside its bundle. */
export function layOutWasm() {
  mkdirSync(out, { recursive: true });
  copyFileSync(path.join(root, "pkg/dist/core_bg.wasm"), path.join(out, "core_bg.wasm"));
}
