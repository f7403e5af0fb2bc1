// The packed package in every runtime, browser, bundler and test runner. Each cell has a project and an emulator of its
// own. `CELLS=deno,vite` runs only the cells whose names hold one of these words.

import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { test } from "node:test";

import { startEmulator } from "../emulator.mjs";
import { cases } from "../runtimes/everywhere.mjs";
import { cells } from "./cells/all.mjs";
import { closeBrowsers } from "./lib/browsers.mjs";
import { judge } from "./lib/outcome.mjs";
import { pack } from "./lib/place.mjs";
import { collector } from "./lib/site.mjs";
import { table } from "./lib/table.mjs";
import { groupOf, LOADING } from "./suite/parts.mjs";

/** A cell waits now and then, also for what it starts: one more than there are cores. */
const AT_ONCE = availableParallelism() + 1;

const words = (process.env.CELLS ?? "").toLowerCase().split(",").filter(Boolean);
const chosen = cells.filter(({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)));

test("the packed package", { concurrency: AT_ONCE }, async (context) => {
  const packed = pack();
  const rows = new Map();
  context.after(() => {
    console.log(`${table(chosen.map((cell) => ({ ...cell, ...rows.get(cell) })))}\n`);
    packed.remove();
    return closeBrowsers();
  });
  const checks = [
    context.test("holds what it needs and nothing else", () => contents(packed.files)),
    context.test("the groups of a part are groups of the suite", groups),
  ];
  for (const cell of chosen) {
    const reason = cell.absent?.();
    if (reason) rows.set(cell, { state: "absent", said: reason });
    else rows.set(cell, { state: "failed", said: "see above" });
    const run = async () => rows.set(cell, await outcome(cell, packed));
    checks.push(context.test(`${cell.group}: ${cell.name}`, { timeout: 240_000, skip: reason }, run));
  }
  await Promise.all(checks);
});

/** Runs a cell; what it says is kept for the table, also where it fails. */
async function outcome(cell, packed) {
  const start = performance.now();
  const [emulator, collected] = await Promise.all([startEmulator(["--no-rate-limit"]), collector()]);
  try {
    const { stop: _, ...addresses } = emulator;
    const given = { ...addresses, collector: `${collected.origin}/`, part: cell.part ?? "loading" };
    const folder = packed.project(cell.fixture, given);
    const said = await cell.run({ folder, outcome: collected.outcome, another: collected.another });
    const reported = typeof said === "string" ? said : judge(said);
    return { state: "passed", said: [reported, cell.note].filter(Boolean).join("; "), seconds: since(start) };
  } finally {
    await Promise.all([emulator.stop(), collected.stop()]);
  }
}

const since = (start) => (performance.now() - start) / 1000;

function groups() {
  const titles = new Set(cases.map(groupOf));
  assert.deepEqual(LOADING.filter((title) => !titles.has(title)), []);
}

function contents(files) {
  const strange = files.filter((file) => !/^(dist\/.*\.(js|js\.map|d\.ts|wasm)|dist\/catalogue\.json|dist\/mcp\/LICENSES\.txt|LICENSE|README\.md|package\.json)$/.test(file));
  assert.deepEqual(strange, []);
  const wasm = ["core", "commit", "kernels", "kernels_simd"].map((name) => `dist/${name}_bg.wasm`);
  assert.deepEqual(files.filter((file) => file.endsWith(".wasm")).sort(), wasm.sort());
}
