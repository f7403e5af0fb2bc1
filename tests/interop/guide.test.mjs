// "Test your own program against it" of docs/emulator.md: each program runs as it stands there.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

import { before, find, root } from "../../scripts/lib/run.mjs";
import { startEmulator } from "../emulator.mjs";

const guide = readFileSync(path.join(root, "docs/emulator.md"), "utf8").split("\n## Test your own program against it\n")[1];
const code = (language) => new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms").exec(guide)[1];

// The programs find `emulator` as they would after `cargo install`, and keep nothing in the reader's own cache.
const home = mkdtempSync(path.join(tmpdir(), "guide-"));
after(() => rmSync(home, { recursive: true }));
const env = before({ ...process.env, HF_HOME: home }, path.join(root, "target/debug"));

test("Python", { timeout: 120_000 }, async () => {
  assert.equal(await output(process.env.PYTHON ?? "python3", ["-c", code("python")]), "Hello from Python\n");
});

test("JavaScript", { timeout: 60_000 }, async () => {
  assert.equal(await output(process.execPath, ["--input-type=module", "-e", code("js")]), "Hello from JavaScript\n");
});

test("curl", { timeout: 60_000, skip: !find("curl") && "curl is not installed" }, async (context) => {
  const emulator = await startEmulator();
  context.after(() => emulator.stop());
  const printed = "http://127.0.0.1:8787";
  const script = code("sh");
  assert.ok(script.includes(printed), "the usual port");
  const text = await output("sh", ["-ec", script.replace(printed, emulator.endpoint)]);
  assert.match(text, /"name":"alice"/);
  assert.match(text, /"name":"alice\/from-curl"/);
  assert.match(text, /"hidden_size"/);
  assert.match(text, /\n?503\n$/);
});

async function output(program, args) {
  return (await promisify(execFile)(program, args, { cwd: root, env })).stdout;
}
