// What is read from the output of test runners.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";

import { cargoCounts, failuresIn, nodeCounts, pythonCounts } from "../../scripts/lib/counts.mjs";

test("Node's runner: counts, and the failures with their messages", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "counts-"));
  try {
    const file = path.join(folder, "some.test.mjs");
    const source = [
      'import { test } from "node:test";',
      'test("that passes", () => {});',
      'test("that fails", () => { throw new Error("the reason"); });',
      'test("that is left out", { skip: true }, () => {});',
    ];
    writeFileSync(file, source.join("\n"));
    // A runner that is started by another one reports to it.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=spec", file], { encoding: "utf8", env });
    assert.deepEqual(nodeCounts(stdout), { passed: 1, failed: 1, skipped: 1 });
    const failures = failuresIn(stdout);
    assert.match(failures, /^\S+ failing tests:/);
    assert.match(failures, /that fails[\s\S]*the reason/);
    assert.doesNotMatch(failures, /that passes/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("cargo's runner", () => {
  const output = "running 2 tests\n.F\nfailures:\n\n---- a stdout ----\nthe reason\n\n\nfailures:\n    a\n\ntest result: FAILED. 1 passed; 1 failed; 0 ignored\n";
  assert.deepEqual(cargoCounts(output), { passed: 1, failed: 1 });
  assert.match(failuresIn(output), /the reason/);
});

test("Python's runner", () => {
  const failure = `${"=".repeat(70)}\nFAIL: test_a\n${"-".repeat(70)}\nthe reason\n`;
  const output = `test_a ... FAIL\n\n${failure}\nRan 3 tests in 0.1s\n\nFAILED (failures=1, skipped=1)\n`;
  assert.deepEqual(pythonCounts(output), { passed: 1, failed: 1, skipped: 1 });
  assert.match(failuresIn(output), /FAIL: test_a[\s\S]*the reason/);
});

test("a command that says nothing of failures: its last lines", () => {
  const output = Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n");
  assert.equal(failuresIn(output, 2), "line 98\nline 99");
});
