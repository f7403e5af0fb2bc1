// A list of 100,000 files, of a repository that git has made: it passes through without being held.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { Hub } from "hf-wasm";
import { startEmulator } from "../emulator.mjs";

const FOLDERS = 100;
const FILES = 1000;

/** Lists, and prints how many files came, and the bytes in use after a collection at every 10,000. */
const PROGRAM = `
  import { Hub } from "hf-wasm";
  const [repo, endpoint, token] = process.argv.slice(1);
  const used = [];
  let files = 0;
  for await (const { type } of new Hub({ endpoint, token }).listFiles({ repo, recursive: true })) {
    if (type === "file" && ++files % 10_000 === 0) {
      gc();
      const { heapUsed, external } = process.memoryUsage();
      used.push(heapUsed + external);
    }
  }
  console.log(JSON.stringify({ files, used }));
`;

test("100,000 files are listed in flat memory", { timeout: 240_000 }, async (context) => {
  const data = await mkdtemp(path.join(tmpdir(), "hf-wasm-many-"));
  const emulator = await startEmulator(["--no-rate-limit", "--data", data]);
  context.after(async () => {
    await emulator.stop();
    await rm(data, { recursive: true, force: true });
  });
  const repo = "alice/many";
  const folders = () => readdir(path.join(data, "git"));
  const others = new Set(await folders());
  await new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write }).createRepo({ repo });
  const [own] = (await folders()).filter((name) => !others.has(name));
  await grow(path.join(data, "git", own));
  const cwd = new URL("../..", import.meta.url);
  const args = ["--expose-gc", "--input-type=module", "--eval", PROGRAM, repo, emulator.endpoint, emulator.tokens.write];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd });
  const { files, used } = JSON.parse(stdout);
  assert.ok(files >= FOLDERS * FILES, `${files} files`);
  const [early, late] = [used[1], used.at(-1)];
  context.diagnostic(`in use after 20,000: ${mb(early)} MB, after ${used.length * 10_000}: ${mb(late)} MB`);
  assert.ok(late - early < 4e6, `${mb(late - early)} MB more`);
});

const mb = (bytes) => (bytes / 1e6).toFixed(1);

/** Adds the files to the repository's main branch. */
async function grow(folder) {
  const child = spawn("git", ["-C", folder, "fast-import", "--quiet"], { stdio: ["pipe", "inherit", "inherit"] });
  const done = new Promise((resolve, reject) => child.on("error", reject).on("close", (code) => (code === 0 ? resolve() : reject(new Error(`git ended with ${code}`)))));
  let text = "blob\nmark :1\ndata 2\n{}\n";
  text += "commit refs/heads/main\ncommitter Alice <alice@example.org> 1700000000 +0000\ndata 4\nMany\nfrom refs/heads/main^0\n";
  for (let at = 0; at < FOLDERS; at++) for (let file = 0; file < FILES; file++) text += `M 100644 :1 folder-${at}/file-${file}.json\n`;
  child.stdin.end(`${text}\n`);
  await done;
}
