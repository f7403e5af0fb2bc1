// The wasm file is missing, or what comes in its place is something else.

import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";

import { outcomeIn } from "../lib/outcome.mjs";
import { node, run } from "../lib/program.mjs";
import { shown } from "./browsers.mjs";

export const mendings = [
  {
    name: "Node, no wasm file",
    fixture: "missing",
    async run({ folder }) {
      away(folder);
      return outcomeIn(await run(node(), ["main.mjs"], folder));
    },
  },
  {
    name: "Chromium, no wasm file",
    fixture: "missing-page",
    async run({ folder, outcome }) {
      away(folder);
      return await shown("chromium", folder, outcome);
    },
  },
  {
    name: "Chromium, a page in place of the wasm",
    note: "as servers of single-page applications give",
    fixture: "missing-page",
    async run({ folder, outcome }) {
      writeFileSync(away(folder), "<!doctype html>");
      return await shown("chromium", folder, outcome);
    },
  },
];

/** Takes the wasm out of the installed package, to where the fixture's `init` finds it; gives the core's old place. */
function away(folder) {
  const dist = path.join(folder, "node_modules/hf-wasm/dist");
  for (const name of ["core_bg.wasm", "kernels_bg.wasm", "kernels_simd_bg.wasm"]) {
    renameSync(path.join(dist, name), path.join(folder, name));
  }
  return path.join(dist, "core_bg.wasm");
}
