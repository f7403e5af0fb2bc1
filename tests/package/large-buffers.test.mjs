// The buffers that only a newer Node has: its typed arrays go beyond 2^32 bytes.

import assert from "node:assert/strict";
import { test } from "node:test";

import { node, run } from "./lib/program.mjs";

test("buffers beyond 32 bits in Node 24", async () => {
  const args = ["--test", "--test-reporter=tap", "tests/runtimes/large-buffers.test.mjs"];
  // Else it would report to the runner of this test.
  delete process.env.NODE_TEST_CONTEXT;
  const output = await run(node(24), args, process.cwd());
  assert.match(output, /# pass 7\n/);
});
