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

test("two processes of the same number, as in two containers, write to files of their own", { timeout: 30_000 }, async () => {
  const number = "data:text/javascript,Object.defineProperty(process,'pid',{value:7})";
  const program = fileURLToPath(new URL("cache-writer.mjs", import.meta.url));
  const run = (ms) => new Promise((resolve) => spawn(process.execPath, ["--import", number, program, cacheDir, ms], { stdio: "inherit" }).on("close", resolve));
  const first = run(20);
  await come(4 * MIB);
  assert.deepEqual(await Promise.all([first, run(30)]), [0, 0]);
  assert.deepEqual(await readdir(blobs), [etag]);
  assert.ok(content.equals(await readFile(path.join(blobs, etag))));
});

test("one folder under two names is one cache", { timeout: 30_000 }, async () => {
  const first = file({ path: "w" }, { fetch: slow(10) });
  await come(4 * MIB);
  const asked = [];
  const fetch = hubOf({ w: content }, (path) => void asked.push(path));
  await Promise.all([first, file({ path: "w", cacheDir: path.relative(process.cwd(), cacheDir) }, { fetch })]);
  assert.ok(asked.length > 0 && !asked.some((path) => path.includes("/resolve/")), asked.join());
  assert.ok(content.equals(await readFile(path.join(blobs, etag))));
});

test("what is found to be wrong is begun anew in a new file: the old one may be a blob by now", async () => {
  const other = path.join(blobs, "b".repeat(40));
  const fetch = hubOf({ w: content }, (name, init) => {
    if (!name.includes("/resolve/")) return undefined;
    return reply(Buffer.alloc(content.length), init, async (at) => {
      if (at === 8 * MIB) await rename(path.join(blobs, (await unfinished())[0]), other);
    });
  });
  await assert.rejects(file({ path: "w" }, { fetch }), { kind: "protocol" });
  assert.equal((await stat(other)).size, content.length);
});

for (const isThere of [true, false]) {
  test(`a file that another process took over ${isThere ? "and finished" : "and removed"} is no failure`, async () => {
    let taken = false;
    const fetch = hubOf({ w: content }, (name, init) => {
      if (!name.includes("/resolve/")) return undefined;
      return reply(content, init, async (at) => {
        if (at < 8 * MIB || taken) return;
        taken = true;
        await rm(path.join(blobs, (await unfinished())[0]));
        if (isThere) await writeFile(path.join(blobs, etag), content);
      });
    });
    assert.ok(content.equals(await readFile(await file({ path: "w" }, { fetch }))));
    assert.deepEqual(await readdir(blobs), [etag]);
  });
}

test("of what another machine left, only what has long stood still is taken over", async () => {
  const left = path.join(blobs, `${etag}.ffffffff-1-0.incomplete`);
  for (const [seconds, start] of [[10, 0], [3600, 8 * MIB]]) {
    await mkdir(blobs, { recursive: true });
    await writeFile(left, content.subarray(0, 8 * MIB));
    const then = Date.now() / 1000 - seconds;
    await utimes(left, then, then);
    const ranges = [];
    const fetch = hubOf({ w: content }, (name, init) => void (name.includes("/resolve/") && ranges.push(init.headers.range)));
    assert.ok(content.equals(await readFile(await file({ path: "w" }, { fetch }))));
    assert.deepEqual([ranges, existsSync(left)], [[start ? `bytes=${start}-` : undefined], start === 0]);
    await rm(folder, { recursive: true });
  }
});

test("an abort is heard, and no file stays open, while what is there is hashed", async () => {
  const owner = await dead();
  const seen = [];
  const opened = [];
  const [{ createReadStream }, { open }] = [fs, fsPromises];
  const watched = async (...given) => {
    opened.push(await open(...given));
    return opened.at(-1);
  };
  for (const message of ["stop", "the disk broke"]) {
    await writeFile(path.join(blobs, `${etag}${owner}`), content.subarray(0, 8 * MIB));
    const stop = new AbortController();
    const read = (...given) => {
      if (message !== "stop") throw new Error(message);
      stop.abort(new Error(message));
      return createReadStream(...given);
    };
    const run = () => file({ path: "w" }, { fetch: hubOf({ w: content }), signal: stop.signal, onProgress: ({ loaded }) => seen.push(loaded) });
    await instead([[fs, "createReadStream", read], [fsPromises, "open", watched]], () => assert.rejects(run(), { message }));
  }
  assert.deepEqual([seen, opened.map(({ fd }) => fd)], [[], [-1, -1]]);
});

test("a link to where the cache lay once is made anew", async () => {
  const pointer = path.join(folder, "snapshots", commit, "a.txt");
  for (const get of [() => file({}, { fetch: hubOf(files) }), async () => path.join(await snapshot({}, { fetch: hubOf(files) }), "a.txt")]) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(path.dirname(pointer), { recursive: true });
    await symlink(`/gone/blobs/${gitId(text)}`, pointer);
    assert.equal(await readFile(await get(), "utf8"), "hello");
  }
});

test("notes that cannot be written fail no call, and leave nothing behind", async () => {
  await mkdir(folder);
  // A file stands where the folder would be: an error for root, too.
  for (const name of ["refs", "trees", ".no_exist"]) await writeFile(path.join(folder, name), "");
  assert.equal(await readFile(await file({}, { fetch: hubOf(files) }), "utf8"), "hello");
  assert.equal(await readFile(path.join(await snapshot({}, { fetch: hubOf(files) }), "a.txt"), "utf8"), "hello");
  await assert.rejects(file({ path: "none" }, { fetch: hubOf(files) }), { kind: "notFound", missing: "entry" });
  await rm(path.join(folder, ".no_exist"));
  for (const name of ["b/c", "b", "d", "d/e"]) await assert.rejects(file({ path: name }, { fetch: hubOf(files) }), { kind: "notFound", missing: "entry" });
  assert.deepEqual((await readdir(folder)).filter((name) => name.endsWith(".tmp")), []);
});

test("where the Hub fails or refuses, what is in the cache is given, and else its first error", async () => {
  const there = await snapshot({}, { fetch: hubOf(files) });
  const gated = { "x-error-code": "GatedRepo" };
  const hidden = { "x-error-code": "RepoNotFound" };
  for (const [status, kind, headers, token] of [[500, "server"], [503, "server"], [401, "unauthorized", {}, "hf_x"], [401, "notFound"], [403, "forbidden"], [403, "gated", gated], [404, "notFound", hidden], [429, "rateLimited"]]) {
    let asked = 0;
    const fetch = async () => {
      asked++;
      return Response.json({ error: "no" }, { status, headers });
    };
    assert.equal(await file({}, { fetch, token }), path.join(there, "a.txt"), kind);
    assert.equal(await snapshot({}, { fetch, token }), there, kind);
    asked = 0;
    for (const params of [{ path: "other" }, { forceDownload: true }, { revision: "v2" }, { revision: commit, path: "other" }]) await assert.rejects(file(params, { fetch, token }), { kind, status });
    assert.equal(asked, 4, "nothing is asked after the first error");
    for (const params of [{ forceDownload: true }, { revision: "v2" }, { revision: "b".repeat(40) }]) await assert.rejects(snapshot(params, { fetch, token }), { kind, status });
  }
  const missing = { "x-error-code": "RevisionNotFound" };
  const gone = async () => Response.json({ error: "no" }, { status: 404, headers: missing });
  await assert.rejects(file({}, { fetch: gone }), { kind: "notFound", missing: "revision" });
  await assert.rejects(snapshot({}, { fetch: gone }), { kind: "notFound", missing: "revision" });
});

test("a snapshot of which no list was kept is given where the Hub cannot list it", async () => {
  const there = await snapshot({}, { fetch: hubOf(files) });
  await rm(path.join(folder, "trees"), { recursive: true });
  const away = async () => Promise.reject(new TypeError("no route"));
  const broken = hubOf(files, (path) => path.includes("/tree/") && new Response("", { status: 502 }));
  for (const fetch of [away, broken]) for (const revision of ["main", commit]) assert.equal(await snapshot({ revision }, { fetch }), there);
});

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
