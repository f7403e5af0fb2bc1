// Bundles, minified: for runtimes that import no packages, and for what they weigh.

import { copyFileSync, mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { root } from "../../scripts/lib/run.mjs";

const bench = fileURLToPath(new URL("..", import.meta.url));
/** Where bundles lie; the server of the bench hands them out. */
export const out = path.join(bench, "out");

/** `@huggingface/hub` names its build for browsers in a way that its `exports` do not have. */
export const alias = { "@huggingface/hub": path.join(root, "node_modules/@huggingface/hub/dist/browser/index.mjs") };

/**
 * Bundles a module, given as a string, into `name`.js; the wasm, where it is imported, is copied beside it. For a page,
 * what is imported later is a file of its own, as bundlers for pages do it; a worker is one file.
 */
export async function bundle(contents, { name, conditions = ["browser"] }) {
  await build({
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
    chunkNames: `${name}-[hash]`,
    splitting: !conditions.includes("worker"),
    outdir: out,
    logLevel: "error",
  });
}

/** A page finds the wasm by an address beside its bundle. */
export function layOutWasm() {
  mkdirSync(out, { recursive: true });
  for (const name of ["core", "commit", "kernels", "kernels_simd"]) copyFileSync(path.join(root, `pkg/dist/${name}_bg.wasm`), path.join(out, `${name}_bg.wasm`));
}
