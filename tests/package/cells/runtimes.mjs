// Runtimes without a window: Node, Deno, Bun, Cloudflare's workerd, Vercel's edge.

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { outcomeIn } from "../lib/outcome.mjs";
import { wasmIn } from "../lib/place.mjs";
import { bin, drive, node, run, serving } from "../lib/program.mjs";

const printed = (fixture, program, args) => ({
  fixture,
  run: async ({ folder }) => outcomeIn(await run(program, args, folder)),
});

export const runtimes = [
  { name: `Node ${process.versions.node.split(".")[0]}, import`, ...printed("import", node(), ["main.mjs"]) },
  // The Node that runs the tests has every case in the stage `runtimes`, and the newest here.
  { name: "Node 22, import", ...printed("import", node(22), ["main.mjs"]) },
  { name: "Node 24, import", part: "all", ...printed("import", node(24), ["main.mjs"]) },
  {
    name: `Node ${process.versions.node.split(".")[0]}, require`,
    note: "Node 20.19, 22.12 or newer",
    absent: () => process.features.require_module ? undefined : "require() of a module needs Node 20.19 or 22.12",
    ...printed("require", node(), ["main.cjs"]),
  },
  { name: "Node 22, require", ...printed("require", node(22), ["main.cjs"]) },
  { name: "Node 24, require", ...printed("require", node(24), ["main.cjs"]) },
  {
    name: "Deno",
    part: "all",
    note: "with no permission but --allow-net",
    ...printed("import", bin("deno"), ["run", "--no-prompt", "--allow-net", "main.mjs"]),
  },
  { name: "Bun", part: "all", ...printed("import", bin("bun"), ["main.mjs"]) },
  { name: "Bun, require", ...printed("require", bin("bun"), ["main.cjs"]) },
  {
    name: "workerd",
    part: "all",
    note: "built by wrangler, served by the plain binary",
    fixture: "worker",
    run: ({ folder }) => workerd(folder, "worker"),
  },
  { name: "miniflare", note: "by wrangler dev", fixture: "worker", run: miniflare },
  {
    name: "Vercel's edge",
    note: "in edge-runtime, which compiles at run time where Vercel does not",
    part: "all",
    fixture: "edge",
    run: edge,
  },
];

/** What must leave the memory of the WebAssemblies as it was. tests/resilience and tests/runtimes have this Node and Chromium. */
export const memory = [
  { name: "Node 24, memory", ...printed("import", node(24), ["leaks.mjs"]) },
  { name: "Deno, memory", ...printed("import", bin("deno"), ["run", "--no-prompt", "--allow-net", "leaks.mjs"]) },
  { name: "Bun, memory", ...printed("import", bin("bun"), ["leaks.mjs"]) },
  { name: "workerd, memory", fixture: "worker", run: ({ folder }) => workerd(folder, "leaks") },
];

/** What Cloudflare's own tool makes of the worker is its code, and three wasm modules beside it. */
async function workerd(folder, name) {
  const args = [bin("wrangler"), "deploy", `${name}.mjs`, "--dry-run", "--outdir", "out"];
  await run(node(22), args, folder, { env: alone(folder) });
  const config = path.join(folder, "workerd.capnp");
  const modules = wasmIn(path.join(folder, "out"), 3).map((file) => path.basename(file));
  const text = readFileSync(config, "utf8").replace("out/worker.js", `out/${name}.js`);
  const written = modules.reduce((text, module, at) => text.replaceAll(`WASM${at}`, module), text);
  writeFileSync(config, written);
  const served = ["serve", "workerd.capnp", "--control-fd=1"];
  return await serving(bin("workerd"), served, folder, /"port":(\d+)/, (port) => asked(`http://127.0.0.1:${port}`));
}

async function miniflare({ folder }) {
  const args = [bin("wrangler"), "dev", "--ip", "127.0.0.1", "--port", "0"];
  return await serving(node(22), args, folder, /Ready on (http:\S+)/, asked, { env: alone(folder) });
}

export const asked = async (address) => await (await fetch(address)).json();

/** Wrangler keeps to the project, and asks Cloudflare nothing. */
const alone = (folder) => ({ HOME: folder, XDG_CONFIG_HOME: folder, CLOUDFLARE_CF_FETCH_ENABLED: "false" });

async function edge({ folder }) {
  return outcomeIn(await run(node(), [drive("edge")], folder));
}
