// `hf-wasm/node`: the cache where others write to it too, where it cannot be written to, and where the Hub does not answer.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs, { existsSync } from "node:fs";
import fsPromises, { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import os, { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";

import { downloadFileToCacheDir, getHFHubCachePath, snapshotDownload } from "hf-wasm/node";
import { commit, content, etag, gitId, hubOf, reply, slow } from "./cache-writer.mjs";

const repo = "acme/x";
const text = Buffer.from("hello");
const files = { "a.txt": text };
const MIB = 1 << 20;

let cacheDir;
let folder;
let blobs;
beforeEach(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), "hf-wasm-cache-"));
  folder = path.join(cacheDir, "models--acme--x");
  blobs = path.join(folder, "blobs");
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

const file = (params, options) => downloadFileToCacheDir({ repo, cacheDir, path: "a.txt", ...params }, { retry: false, ...options });
const snapshot = (params, options) => snapshotDownload({ repo, cacheDir, ...params }, { retry: false, ...options });
const unfinished = async () => (await readdir(blobs).catch(() => [])).filter((name) => name.endsWith(".incomplete"));
/** Resolves as soon as so many bytes of a file have come. */
async function come(size) {
  for (;;) {
    const [name] = await unfinished();
    if (name && (await stat(path.join(blobs, name)).catch(() => ({ size: 0 }))).size >= size) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
/** Changes functions of Node's modules while a task runs. */
async function instead(changes, task) {
  const known = changes.map(([object, name, value]) => [object, name, object[name], (object[name] = value)]);
  syncBuiltinESMExports();
  try {
    return await task();
  } finally {
    for (const [object, name, value] of known) object[name] = value;
    syncBuiltinESMExports();
  }
}
/** What this process calls its unfinished files, under the number of a process that has ended. */
async function dead() {
  const stop = new AbortController();
  const fetch = hubOf({ w: content }, (path, init) => path.includes("/resolve/") && reply(content, init, async (at) => at > MIB && stop.abort(new Error("enough"))));
  await assert.rejects(file({ path: "w" }, { fetch, signal: stop.signal }), { message: "enough" });
  const [name] = await unfinished();
  await rm(folder, { recursive: true });
  await mkdir(blobs, { recursive: true });
  return name.slice(etag.length).replace(`-${process.pid}-`, "-999999999-");
}

test("on Windows, too, the default is in the home directory, and ~ is that", async () => {
  const known = { ...process.env };
  const windows = ["join", "isAbsolute"].map((name) => [path, name, path.win32[name]]);
  try {
    await instead([...windows, [os, "homedir", () => "C:\\Users\\me"]], async () => {
      for (const [variables, expected] of [
        [{}, "C:\\Users\\me\\.cache\\huggingface\\hub"],
        [{ HF_HOME: "~/hf" }, "C:\\Users\\me\\hf\\hub"],
        [{ HF_HOME: "~\\hf" }, "C:\\Users\\me\\hf\\hub"],
        [{ HF_HUB_CACHE: "~\\hub" }, "C:\\Users\\me\\hub"],
        [{ XDG_CACHE_HOME: "~" }, "C:\\Users\\me\\huggingface\\hub"],
        [{ HF_HOME: "D:\\~hf" }, "D:\\~hf\\hub"],
      ]) {
        for (const name of ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"]) delete process.env[name];
        Object.assign(process.env, variables);
        assert.equal(getHFHubCachePath(), expected);
      }
    });
  } finally {
    for (const name of ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"]) delete process.env[name];
    Object.assign(process.env, known);
  }
});
