// Files on disk in Deno and Bun, which have Node's modules of their own making: a folder goes up, comes back into the cache,
// a stream is kept in a file until it is sent, and a URL names a file.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { startEmulator } from "../emulator.mjs";
import { bytes } from "../runtimes/context.mjs";
import { root } from "./lib/place.mjs";
import { bin } from "./lib/program.mjs";

const PROGRAM = `
  import { Hub } from "hf-wasm";
  import { downloadFileToCacheDir, scanCacheDir, snapshotDownload, uploadFolder } from "hf-wasm/node";
  const [repo, endpoint, token] = process.argv.slice(2);
  const options = { endpoint, token };
  const hub = new Hub(options);
  await hub.createRepo({ repo });
  await uploadFolder({ repo, folderPath: "source", ignorePatterns: "*.tmp" }, options);
  const pieces = async function* () { yield "pie"; yield new TextEncoder().encode("ces"); };
  await hub.uploadFile({ repo, file: { path: "pieces.txt", content: pieces() } });
  await hub.uploadFile({ repo, file: { path: "url.txt", content: new URL("source/x.tmp", import.meta.url) } });
  const folder = await snapshotDownload({ repo, cacheDir: "cache" }, options);
  const file = await downloadFileToCacheDir({ repo, path: "pieces.txt", cacheDir: "cache", localFilesOnly: true });
  console.log(JSON.stringify({ folder, file, repos: (await scanCacheDir("cache")).repos.length }));
`;

const RUNTIMES = { deno: [bin("deno"), ["run", "--allow-all"]], bun: [bin("bun"), []] };
const large = Buffer.from(bytes(9_000_000, 2));

let emulator;
before(async () => {
  emulator = await startEmulator();
});
after(() => emulator?.stop());

for (const [name, [command, flags]] of Object.entries(RUNTIMES)) {
  test(`files on disk in ${name}`, { timeout: 120_000 }, async (context) => {
    mkdirSync(path.join(root, ".cache"), { recursive: true });
    // Within the repository, so that the package is found.
    const cwd = mkdtempSync(path.join(root, `.cache/files-${name}-`));
    context.after(() => rmSync(cwd, { recursive: true, force: true }));
    mkdirSync(path.join(cwd, "source/sub"), { recursive: true });
    for (const [file, content] of [["a.txt", "A"], ["x.tmp", "no"], ["sub/w.safetensors", large]]) writeFileSync(path.join(cwd, "source", file), content);
    writeFileSync(path.join(cwd, "program.mjs"), PROGRAM);
    const args = [...flags, "program.mjs", `alice/files-${name}`, emulator.endpoint, emulator.tokens.write];
    const { stdout } = await promisify(execFile)(command, args, { cwd });
    const { folder, file, repos } = JSON.parse(stdout);
    const read = (file) => readFileSync(path.resolve(cwd, folder, file));
    assert.deepEqual([read("a.txt").toString(), read("pieces.txt").toString(), repos], ["A", "pieces", 1]);
    assert.ok(large.equals(read("sub/w.safetensors")));
    assert.equal(read("url.txt").toString(), "no");
    assert.throws(() => read("x.tmp"));
    assert.equal(path.basename(file), "pieces.txt");
  });
}
