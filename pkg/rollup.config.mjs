// Joins what `tsc` compiled to the files that the package holds. What a first call loads is one file, `main.js`, but for
// what loads the WebAssembly in this runtime and the glue. A page without a bundler then waits for few requests, and a
// bundler, which puts what is shared with later parts into files of their own, finds one such file.

import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** What `tsc` has written. */
const compiled = fileURLToPath(new URL("../target/package/", import.meta.url));
const dist = fileURLToPath(new URL("dist", import.meta.url));

const ENTRIES = ["index", "agent/index", "browser/index", "limits/index", "mcp/index", "node/index", "oauth/index", "webhooks/index"];
/** What `#load` names in each runtime, the package for pages, and the command line. */
const LOADERS = ["load/browser", "load/deno", "load/edge-light", "load/node", "load/page", "load/web", "load/workerd", "mcp/command"];
/** What tests and the bench look at. */
const INTERNALS = ["core", "depth", "progress"];

const named = (id) => path.relative(compiled, id).split(path.sep).join("/").replace(/\.js$/, "");

export default {
  input: Object.fromEntries([...ENTRIES, ...LOADERS, ...INTERNALS].map((name) => [name, path.join(compiled, `${name}.js`)])),
  // Libraries, `#load`, the WebAssemblies and their glue, and what `xtask gen` writes beside the package's files.
  external: (id) => !/^[./]/.test(id) || /_bg\.(js|wasm(\?module)?)$|\/catalogue\.js$/.test(id),
  // What callers do not use, their bundlers remove.
  treeshake: false,
  plugins: [{ name: "source-maps", load: (id) => ({ code: readFileSync(id, "utf8"), map: JSON.parse(readFileSync(`${id}.map`, "utf8")) }) }],
  output: {
    dir: dist,
    format: "es",
    sourcemap: true,
    minifyInternalExports: false,
    hoistTransitiveImports: false,
    entryFileNames: "[name].js",
    chunkFileNames: ({ name, moduleIds }) => (name === "main" ? "main.js" : `${named(moduleIds.at(-1))}.js`),
    manualChunks: chunkOf,
  },
  onwarn(warning) {
    if (warning.code !== "CIRCULAR_DEPENDENCY") throw new Error(warning.message);
  },
};

/** Of a module, the file that it goes to; undefined where Rollup decides. */
function chunkOf(id, { getModuleInfo }) {
  // What loads the WebAssembly is imported by `main.js`; what it needs itself stands alone, or the two would need each other.
  if (importedBy("load/web", getModuleInfo).has(id)) return named(id);
  return importedBy("index", getModuleInfo).has(id) ? "main" : undefined;
}

const found = new Map();
/** The modules that a module imports, by whatever way, but not later; and itself. */
function importedBy(name, getModuleInfo) {
  const known = found.get(name);
  if (known) return known;
  const modules = new Set([path.join(compiled, `${name}.js`)]);
  for (const id of modules) for (const imported of getModuleInfo(id).importedIds) if (imported.startsWith(compiled)) modules.add(imported);
  found.set(name, modules);
  return modules;
}
