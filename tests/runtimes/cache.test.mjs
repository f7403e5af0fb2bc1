// `hf-wasm/node`: the cache of files, what lies where, what is fetched and what is not, and what breaks on the way.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { Hub, InvalidInputError, NotFoundError } from "hf-wasm";
import { downloadFileToCacheDir, getHFHubCachePath, scanCacheDir, snapshotDownload } from "hf-wasm/node";
import { startEmulator } from "../emulator.mjs";
import { bytes, contextOf } from "./context.mjs";

const LARGE = 3_000_000;
const weights = Buffer.from(bytes(LARGE, 5));
const sha256 = createHash("sha256").update(weights).digest("hex");
const FILES = { "config.json": "{}", "a b/ü#?%.txt": "odd", "deep/er/x.bin": "x", "model.safetensors": weights, empty: "" };

let emulator;
let context;
let hub;
let commit;
let cacheDir;
const repo = "alice/cached";
const options = (more) => ({ endpoint: emulator.endpoint, token: emulator.tokens.write, retry: { attempts: 4, maxDelay: 5 }, ...more });

before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  context = contextOf({ Hub }, emulator);
  hub = new Hub(options());
  await hub.createRepo({ repo });
  const files = Object.entries(FILES).map(([path, content]) => ({ path, content }));
  ({ commitOid: commit } = await hub.uploadFiles({ repo, files }));
});
after(() => emulator?.stop());
beforeEach(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), "hf-wasm-cache-"));
});
afterEach(() => rm(cacheDir, { recursive: true, force: true }));

const folder = () => path.join(cacheDir, "models--alice--cached");
const blobs = async () => (await readdir(path.join(folder(), "blobs"))).sort();
/** Bytes that came from where large files are. */
const fetched = async (task) => {
  const log = await context.received(task);
  const large = log.filter(({ path }) => path.startsWith("/lfs/"));
  return { requests: log.length, large: large.reduce((sum, { responseBytes }) => sum + responseBytes, 0), log };
};

test("a snapshot has every file of the commit, each a link to the blob that its hash names", async () => {
  const reported = [];
  const snapshot = await snapshotDownload({ repo, cacheDir }, options({ onProgress: (progress) => reported.push(progress) }));
  assert.equal(snapshot, path.join(folder(), "snapshots", commit));
  for (const [name, content] of Object.entries(FILES)) {
    const file = path.join(snapshot, ...name.split("/"));
    assert.ok(Buffer.from(content).equals(await readFile(file)), name);
    assert.ok((await lstat(file)).isSymbolicLink());
    assert.ok((await readlink(file)).startsWith(".."), "the link is relative");
  }
  assert.equal(await readFile(path.join(folder(), "refs/main"), "utf8"), commit);
  assert.ok((await blobs()).includes(sha256));
  assert.ok((await blobs()).every((name) => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name)));
  const own = reported.filter(({ path }) => path === "model.safetensors").map(({ loaded }) => loaded);
  assert.deepEqual([own[0], own.at(-1), reported[0].phase], [0, LARGE, "download"]);
  assert.ok(own.length > 3 && own.every((loaded, at) => at === 0 || loaded >= own[at - 1]));
});

test("what is there is not fetched again, and nothing at all is asked for offline or of a commit", async () => {
  await snapshotDownload({ repo, cacheDir }, options());
  // Where the branch points to.
  assert.deepEqual((await fetched(() => snapshotDownload({ repo, cacheDir }, options()))).requests, 1);
  const none = async (task) => assert.deepEqual((await fetched(task)).requests, 0);
  await none(() => snapshotDownload({ repo, cacheDir, revision: commit }, options()));
  await none(() => snapshotDownload({ repo, cacheDir, localFilesOnly: true }, options()));
  await none(() => downloadFileToCacheDir({ repo, cacheDir, revision: commit, path: "config.json" }, options()));
  process.env.HF_HUB_OFFLINE = "1";
  try {
    await none(async () => {
      const file = await downloadFileToCacheDir({ repo, cacheDir, path: "model.safetensors" }, options());
      assert.ok(weights.equals(await readFile(file)));
      await assert.rejects(downloadFileToCacheDir({ repo, cacheDir, path: "another" }, options()), NotFoundError);
      await assert.rejects(snapshotDownload({ repo: "alice/never", cacheDir }, options()), NotFoundError);
    });
  } finally {
    delete process.env.HF_HUB_OFFLINE;
  }
});

test("one file brings itself only, and a snapshot that lacks files is none offline", async () => {
  const { large } = await fetched(() => downloadFileToCacheDir({ repo: `models/${repo}`, cacheDir, path: "a b/ü#?%.txt" }, options()));
  assert.equal(large, 0);
  assert.equal((await blobs()).length, 1);
  await snapshotDownload({ repo, cacheDir, allowPatterns: "*.json" }, options());
  await snapshotDownload({ repo, cacheDir, allowPatterns: ["*.json"], localFilesOnly: true });
  await assert.rejects(snapshotDownload({ repo, cacheDir, localFilesOnly: true }), NotFoundError);
});

test("patterns are those of the Python library", async () => {
  const all = [".gitattributes", ...Object.keys(FILES)];
  for (const [patterns, expected] of [
    [{ allowPatterns: "*.bin" }, ["deep/er/x.bin"]],
    [{ allowPatterns: "deep/" }, ["deep/er/x.bin"]],
    [{ allowPatterns: ["c*.json", "e?pty"] }, ["config.json", "empty"]],
    [{ allowPatterns: "[!a-d]*[y]" }, ["empty"]],
    [{ ignorePatterns: ["*.safetensors", "deep/*", ".git*"] }, ["a b/ü#?%.txt", "config.json", "empty"]],
    [{ allowPatterns: [] }, []],
    [{}, all],
  ]) {
    const snapshot = await snapshotDownload({ repo, cacheDir, revision: commit, ...patterns }, options());
    const entries = await readdir(snapshot, { recursive: true, withFileTypes: true });
    const found = entries.filter((entry) => !entry.isDirectory()).map((entry) => path.relative(snapshot, path.join(entry.parentPath ?? entry.path, entry.name)));
    assert.deepEqual(found.sort(), [...expected].sort(), JSON.stringify(patterns));
    await rm(folder(), { recursive: true });
  }
});

test("a download that breaks goes on where it broke", async () => {
  const cut = { path: "/lfs/", cut_after_bytes: 1_000_000, count: 2 };
  const { large, log } = await context.withFault(cut, () => fetched(() => snapshotDownload({ repo, cacheDir }, options())));
  assert.equal(log.filter(({ path }) => path.startsWith("/lfs/")).length, 3);
  // What was on its way when the connection broke came in vain.
  assert.ok(large >= LARGE && large < LARGE + 300_000, `${large} bytes came`);
  assert.ok((await blobs()).includes(sha256));
});

test("what a process left that is no more is gone on with, and what is wrong in it is fetched anew", async () => {
  const file = () => downloadFileToCacheDir({ repo, cacheDir, path: "model.safetensors" }, options());
  const { owner } = await leave(weights.subarray(0, 2_000_000));
  const { large } = await fetched(file);
  assert.deepEqual([large, await blobs()], [LARGE - 2_000_000, [sha256]]);
  await rm(folder(), { recursive: true });
  await leave(Buffer.concat([Buffer.from("wrong"), weights.subarray(5, 2_000_000)]), owner);
  const again = await fetched(file);
  assert.deepEqual([again.large, await blobs()], [2 * LARGE - 2_000_000, [sha256]]);
  await rm(folder(), { recursive: true });
  // Longer than the file: not a part of it.
  await leave(Buffer.alloc(LARGE + 1), owner);
  assert.equal((await fetched(file)).large, LARGE);
});

/** Leaves a part of the large file, as a process does that was killed. */
async function leave(content, owner) {
  if (!owner) {
    // What this process would write, under the number of one that has ended.
    const seen = [];
    const watch = setInterval(async () => seen.push(...(await readdir(path.join(folder(), "blobs")).catch(() => []))), 1);
    await snapshotDownload({ repo, cacheDir }, options());
    clearInterval(watch);
    const name = seen.find((name) => name.startsWith(sha256) && name.endsWith(".incomplete"));
    owner = name.slice(sha256.length + 1).replace(`-${process.pid}-`, "-999999999-");
    await rm(folder(), { recursive: true });
  }
  await mkdir(path.join(folder(), "blobs"), { recursive: true });
  await writeFile(path.join(folder(), "blobs", `${sha256}.${owner}`), content);
  return { owner };
}

test("bytes that are not the file's never get a final name", async () => {
  // A proxy answers in the place of the CDN, with as many bytes.
  const fetch = async (url, init) => {
    if (!url.includes("/lfs/")) return globalThis.fetch(url, init);
    return new Response(Buffer.alloc(LARGE, 1));
  };
  const failing = downloadFileToCacheDir({ repo, cacheDir, path: "model.safetensors" }, options({ fetch }));
  await assert.rejects(failing, { kind: "protocol", message: /hash mismatch|SHA-256 mismatch/ });
  assert.ok((await blobs()).every((name) => name.endsWith(".incomplete")));
  assert.ok(!existsSync(path.join(folder(), "snapshots", commit, "model.safetensors")));
  assert.ok(!existsSync(path.join(folder(), "refs/main")), "no reference names a commit without its files");
});

test("the token goes to the Hub only, and an abort ends a snapshot", async () => {
  const seen = [];
  const fetch = async (url, init) => {
    seen.push([new URL(url).origin === emulator.endpoint, new Headers(init.headers).has("authorization")]);
    assert.ok(!new Headers(init.headers).has("x-hf-wasm-download"));
    return globalThis.fetch(url, init);
  };
  await snapshotDownload({ repo, cacheDir }, options({ fetch }));
  assert.ok(seen.every(([home, authorized]) => home === authorized) && seen.some(([home]) => !home));
  await rm(folder(), { recursive: true });
  const stop = new AbortController();
  const stalled = { path: "/lfs/", stall_after_bytes: 100_000 };
  const running = context.withFault(stalled, () =>
    snapshotDownload({ repo, cacheDir }, options({ signal: stop.signal, onProgress: ({ loaded }) => loaded > 50_000 && stop.abort(new Error("enough")) })),
  );
  await assert.rejects(running, { message: "enough" });
  const late = context.withFault(stalled, () => snapshotDownload({ repo, cacheDir }, options({ timeout: { idle: 50 }, retry: false })));
  await assert.rejects(late, { kind: "timeout", message: /no more of the response within 50 ms/ });
});

test("what does not exist is told, and remembered", async () => {
  await assert.rejects(downloadFileToCacheDir({ repo, cacheDir, path: "no/such" }, options()), { kind: "notFound", missing: "entry" });
  assert.ok(existsSync(path.join(folder(), ".no_exist", commit, "no/such")));
  await assert.rejects(snapshotDownload({ repo, cacheDir, revision: "nowhere" }, options()), { kind: "notFound", missing: "revision" });
  await assert.rejects(snapshotDownload({ repo: "alice/nothing", cacheDir }, options()), { kind: "notFound" });
});

test("names that lead elsewhere are refused before anything is asked for", async () => {
  const none = options({ fetch: () => assert.fail("a request was sent") });
  for (const bad of ["../x", "/etc/passwd", "a/../../x", "", "a//b", "./a", "a/.", "a\0b", 7]) {
    await assert.rejects(downloadFileToCacheDir({ repo, cacheDir, path: bad }, none), InvalidInputError, String(bad));
  }
  for (const bad of ["../../x", "/x", ""]) {
    await assert.rejects(snapshotDownload({ repo, cacheDir, revision: bad, localFilesOnly: true }), InvalidInputError);
  }
  for (const bad of ["../x", "a/b/c", "", { type: "model", name: "a/.." }, { type: "other", name: "a/b" }, undefined]) {
    await assert.rejects(snapshotDownload({ repo: bad, cacheDir }, none), InvalidInputError);
  }
  // A Hub that lists such a path.
  const fetch = async (url, init) => (url.includes("/tree/") ? Response.json([{ type: "file", path: "../../evil", oid: "a".repeat(40), size: 1 }]) : globalThis.fetch(url, init));
  await assert.rejects(snapshotDownload({ repo, cacheDir }, options({ fetch })), InvalidInputError);
});

test("without links, snapshots hold copies", async () => {
  process.env.HF_HUB_DISABLE_SYMLINKS = "1";
  try {
    const snapshot = await snapshotDownload({ repo, cacheDir }, options());
    assert.ok((await lstat(path.join(snapshot, "model.safetensors"))).isFile());
    assert.ok(weights.equals(await readFile(path.join(snapshot, "model.safetensors"))));
  } finally {
    delete process.env.HF_HUB_DISABLE_SYMLINKS;
  }
});

for (const links of [true, false]) {
  test(`files of equal content are one blob, ${links ? "linked" : "copied"} to each path`, async () => {
    const same = "alice/same";
    await hub.createRepo({ repo: same, existOk: true });
    const content = Buffer.from(bytes(2_000_000, 9));
    const files = Array.from({ length: 8 }, (_, at) => [{ path: `${at}/__init__.py`, content: "" }, { path: `${at}/w.safetensors`, content }]).flat();
    await hub.uploadFiles({ repo: same, files: [...files, { path: "__proto__", content: "odd" }] });
    if (!links) process.env.HF_HUB_DISABLE_SYMLINKS = "1";
    try {
      for (let round = 0; round < 3; round++) {
        const snapshot = await snapshotDownload({ repo: same, cacheDir, maxWorkers: 16 }, options());
        for (const { path: name, content } of files) assert.ok(Buffer.from(content).equals(await readFile(path.join(snapshot, name))), name);
        assert.equal(await readFile(path.join(snapshot, "__proto__"), "utf8"), "odd");
        const kept = await readdir(path.join(cacheDir, "models--alice--same", "blobs"));
        assert.ok(kept.every((name) => /^[\da-f]+$/.test(name)), kept.join());
        await rm(path.join(cacheDir, "models--alice--same", round === 0 ? "snapshots" : "blobs"), { recursive: true });
        if (round === 1) await rm(path.join(cacheDir, "models--alice--same", "snapshots"), { recursive: true });
      }
    } finally {
      delete process.env.HF_HUB_DISABLE_SYMLINKS;
    }
  });
}

test("who waits for another call's download of the same file heeds its own signal", async () => {
  await context.withFault({ path: "/lfs/", stall_after_bytes: 1_000_000, count: 1 }, async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const file = { repo, cacheDir, path: "model.safetensors" };
    const brings = downloadFileToCacheDir(file, options({ signal: first.signal })).catch((error) => error);
    while (!(await blobs().catch(() => [])).some((name) => name.endsWith("incomplete"))) await new Promise((resolve) => setTimeout(resolve, 5));
    const waits = downloadFileToCacheDir(file, options({ signal: second.signal }));
    setTimeout(() => second.abort(new Error("enough")), 50);
    await assert.rejects(waits, /enough/);
    first.abort();
    await brings;
  });
});

test("where the Hub cannot be reached, what is there of a revision is given", async () => {
  const snapshot = await snapshotDownload({ repo, cacheDir }, options());
  const away = options({ fetch: async () => Promise.reject(new TypeError("no route")), retry: false });
  assert.equal(await snapshotDownload({ repo, cacheDir }, away), snapshot);
  assert.equal(await downloadFileToCacheDir({ repo, cacheDir, path: "config.json" }, away), path.join(snapshot, "config.json"));
  await assert.rejects(downloadFileToCacheDir({ repo, cacheDir, path: "config.json", revision: "other" }, away), { kind: "network" });
  await rm(path.join(folder(), "blobs"), { recursive: true });
  await assert.rejects(snapshotDownload({ repo, cacheDir }, away), { kind: "network" });
});

test("the commit of a kernel is its own", async () => {
  const name = "alice/same-name";
  for (const type of ["model", "kernel"]) {
    await hub.createRepo({ repo: { type, name } });
    await hub.uploadFile({ repo: { type, name }, file: { path: "which.txt", content: type } });
  }
  const file = await downloadFileToCacheDir({ repo: `kernels/${name}`, cacheDir, path: "which.txt" }, options());
  assert.equal(await readFile(file, "utf8"), "kernel");
});

test("the cache is described", async () => {
  assert.deepEqual(await scanCacheDir(path.join(cacheDir, "nothing")), { size: 0, repos: [], warnings: [] });
  await snapshotDownload({ repo, cacheDir }, options());
  await downloadFileToCacheDir({ repo: "datasets/acme/reviews", cacheDir, path: "README.md" }, options());
  await mkdir(path.join(cacheDir, "models--a--b--c--d"));
  await symlink(path.join(cacheDir, "gone"), path.join(cacheDir, "models--a--dangling"));
  const { repos, size, warnings } = await scanCacheDir(cacheDir);
  assert.deepEqual([repos.map(({ id }) => id).sort((a, b) => (a.name < b.name ? -1 : 1)), warnings.length], [[{ type: "dataset", name: "acme/reviews" }, { type: "model", name: repo }], 2]);
  const own = repos.find(({ id }) => id.name === repo);
  assert.deepEqual([own.revisions.length, own.revisions[0].commitOid, own.revisions[0].refs], [1, commit, ["main"]]);
  assert.equal(own.revisions[0].files.length, Object.keys(FILES).length + 1);
  assert.ok(own.size > LARGE && size > own.size);
  const large = own.revisions[0].files.find(({ path }) => path.endsWith("model.safetensors"));
  assert.deepEqual([large.blob.size, path.basename(large.blob.path)], [LARGE, sha256]);
});

test("the environment says where the cache is", () => {
  const known = { ...process.env };
  const cases = [
    [{ HF_HUB_CACHE: "/one" }, "/one"],
    [{ HF_HOME: "/two" }, "/two/hub"],
    [{ XDG_CACHE_HOME: "/three" }, "/three/huggingface/hub"],
    [{ HF_HOME: "$PLACE/x", PLACE: "/four" }, "/four/x/hub"],
    [{ HOME: "/five" }, "/five/.cache/huggingface/hub"],
  ];
  try {
    for (const [variables, expected] of cases) {
      for (const name of ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"]) delete process.env[name];
      Object.assign(process.env, variables);
      assert.equal(getHFHubCachePath(), expected);
    }
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in known)) delete process.env[name];
    Object.assign(process.env, known);
  }
});
