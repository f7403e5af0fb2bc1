// The programs of docs/files.md, in their order, as they stand there: each prints what stands after `//>`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { startEmulator } from "../emulator.mjs";
import { bytes } from "./context.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a page would have. */
const PAGE = `
globalThis.File ??= (await import("node:buffer")).File;
globalThis.input = { files: [Object.assign(new File(["A"], "a.txt"), { webkitRelativePath: "folder/a.txt" })] };
`;

test("the programs of docs/files.md run", { timeout: 120_000 }, async (context) => {
  const text = await readFile(path.join(root, "docs/files.md"), "utf8");
  const programs = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.ok(programs.length >= 9, `${programs.length} programs`);
  await mkdir(path.join(root, ".cache"), { recursive: true });
  // Within the repository, so that the package is found.
  const cwd = await mkdtemp(path.join(root, ".cache/files-doc-"));
  const emulator = await startEmulator();
  context.after(async () => {
    await emulator.stop();
    await rm(cwd, { recursive: true, force: true });
  });
  await mkdir(path.join(cwd, "model"));
  await writeFile(path.join(cwd, "model/weights.safetensors"), bytes(9_000_000, 1));
  await mkdir(path.join(cwd, "parts"));
  await writeFile(path.join(cwd, "model/config.json"), "{}\n");
  await writeFile(path.join(cwd, "model/notes.tmp"), "no\n");
  const env = { ...process.env, HF_ENDPOINT: emulator.endpoint, HF_TOKEN: emulator.tokens.write };
  for (const code of programs) {
    const args = ["--import", `data:text/javascript,${encodeURIComponent(PAGE)}`, "--input-type=module", "--eval", code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env });
    const expected = [...code.matchAll(/\/\/> (.*)$/gm)].map(([, line]) => line);
    assert.ok(expected.length > 0, `a program that shows nothing:\n${code}`);
    assert.deepEqual(stdout.split("\n").filter(Boolean), expected, code);
  }
});
