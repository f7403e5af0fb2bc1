// The fault matrix: every cell is as expected, and docs/faults.md shows it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { faults } from "./faults.mjs";
import { RUNTIMES, runMatrix } from "./matrix.mjs";
import { compared } from "./report.mjs";
import { cellsOf } from "./runner.mjs";

test("no two faults have one name", () => {
  assert.equal(new Set(faults.map(({ id }) => id)).size, faults.length);
});

test("where the runtimes are expected to differ, a footnote says why", () => {
  const key = ({ operation, fault }) => `${fault.id}, ${operation.id}`;
  const text = ({ outcome, requests, writes }) => JSON.stringify([outcome, requests, writes]);
  const inNode = new Map(cellsOf("node").map((cell) => [key(cell), text(cell.expected)]));
  const different = cellsOf("chromium").filter((cell) => text(cell.expected) !== inNode.get(key(cell)));
  assert.deepEqual(different.filter(({ expected }) => expected.notes.length === 0).map(key), []);
});

const runs = {};
for (const [runtime, title] of Object.entries(RUNTIMES)) {
  test(`the fault matrix in ${title}`, async (context) => {
    const cells = await runMatrix(runtime);
    runs[runtime] = cells;
    for (const fault of faults) {
      const row = cells.filter((cell) => cell.fault === fault);
      await context.test(`${fault.group}: ${fault.title}`, () => {
        assert.ok(row.length > 0, "it has cells");
        assert.deepEqual(row.flatMap(({ problems }) => problems), []);
      });
    }
  });
}

test("docs/faults.md shows these cells", () => {
  const { seen, committed } = compared(runs);
  assert.deepEqual(seen, committed, "`npm run faults` writes it");
});
