// Bundles as a page gets them: what is imported later is a file of its own.

import path from "node:path";

import { build } from "esbuild";

import { root } from "./run.mjs";

/** The minified JavaScript that a bundler makes of a module: what it loads first, and each chunk that it may load later. */
export async function bundled(contents, { external = [], alias = {}, resolveDir = "." } = {}) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: path.join(root, resolveDir) },
    bundle: true,
    splitting: true,
    metafile: true,
    minify: true,
    format: "esm",
    target: "es2022",
    // A browser's loader; the wasm itself is counted apart.
    conditions: ["browser"],
    loader: { ".wasm": "file" },
    external: ["*.wasm", ...external],
    alias,
    logLevel: "error",
    write: false,
    outdir: "out",
    absWorkingDir: root,
  });
  const first = new Set();
  const load = (file) => {
    if (first.has(file)) return;
    first.add(file);
    for (const { path: next, kind, external } of metafile.outputs[file].imports) {
      if (!external && kind === "import-statement") load(next);
    }
  };
  load("out/stdin.js");
  const scripts = outputFiles.map(({ path: file, contents: code }) => ({ name: path.relative(root, file), code })).filter(({ name }) => name.endsWith(".js"));
  return {
    first: joined(scripts.filter(({ name }) => first.has(name)).map(({ code }) => code)),
    later: scripts.filter(({ name }) => !first.has(name)).map(({ name, code }) => ({ code, inputs: Object.keys(metafile.outputs[name].inputs) })),
  };
}

export function joined(codes) {
  return Buffer.concat(codes);
}
