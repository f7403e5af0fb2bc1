// The tour of the README, as it stands there, against a local Hub.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { startEmulator } from "../emulator.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the tour of the README runs", { timeout: 60_000 }, async (context) => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const tour = /^```js\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  const printed = 'endpoint: "http://127.0.0.1:8787"';
  assert.ok(tour.includes(printed), "the tour names the local Hub");
  const emulator = await startEmulator();
  context.after(() => emulator.stop());
  const code = tour.replace(printed, `endpoint: "${emulator.endpoint}"`);
  const args = ["--input-type=module", "--eval", code];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const lines = stdout.split("\n");
  assert.equal(lines[0], "alice");
  assert.equal(lines.filter((line) => /^\S+\/\S*bert/i.test(line)).length, 20, "as many models as asked for");
  assert.ok(lines.some((line) => /^[0-9a-f]{40} Hello$/.test(line)), "the commit and the file read back");
  assert.ok(lines.some((line) => /^true Check the id/.test(line)), "the error and its advice");
  assert.match(stdout, /tensor/);
});
