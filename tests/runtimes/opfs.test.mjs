// `hf-wasm/browser` in Chromium: files in the origin private file system, what is fetched of them and what is not, tabs that
// are closed in the middle or do the same at once, and what goes when there is no more room.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";

import { Hub } from "hf-wasm";
import { startEmulator } from "../emulator.mjs";
import { launch } from "./chromium.mjs";
import { bytes, contextOf } from "./context.mjs";
import { serve } from "./serve.mjs";

const MIB = 1 << 20;
const SIZE = 14 * MIB;
/** Bytes of a part: what a tab that is closed has kept is a multiple of it. */
const PART = 4 * MIB;
const contents = [1, 2, 3].map((seed) => Buffer.from(bytes(SIZE, seed)));
const hashes = contents.map((content) => createHash("sha256").update(content).digest("hex"));
const repo = "alice/opfs";

let emulator;
let site;
let browser;
let context;
let page;
let commit;
let options;
before(async () => {
  [emulator, site, browser] = await Promise.all([startEmulator(["--no-rate-limit"]), serve(), launch()]);
  context = contextOf({ Hub }, emulator);
  options = { endpoint: emulator.endpoint, token: emulator.tokens.write, retry: { attempts: 3, maxDelay: 5 } };
  const hub = new Hub(options);
  await hub.createRepo({ repo });
  const files = contents.map((content, at) => ({ path: `${at}.safetensors`, content }));
  ({ commitOid: commit } = await hub.uploadFiles({ repo, files: [...files, { path: "config.json", content: "{}" }, { path: "a b/ü#?%.txt", content: "odd" }, { path: "empty", content: "" }] }));
});
after(() => Promise.all([browser?.close(), site?.stop(), emulator?.stop()]));

let profile;
beforeEach(async () => {
  await profile?.close();
  profile = await browser.newContext();
  page = await open();
});

async function open() {
  const page = await profile.newPage();
  await page.goto(`${site.origin}/tests/runtimes/opfs.html`);
  await page.waitForFunction(() => globalThis.ready, undefined, { timeout: 10_000 });
  return page;
}

/** Puts a file into the cache of a tab; gives its size, name and hash, or what it failed with. */
const download = (params, tab = page, more = {}) =>
  tab.evaluate(
    async ([params, options]) => {
      try {
        const file = await hf.downloadFileToCache(params, options);
        return [file.name, file.size, await hashOf(file)];
      } catch (error) {
        return [error.name, error.message];
      }
    },
    [{ repo, ...params }, { ...options, ...more }],
  );
const large = (at) => [`${at}.safetensors`, SIZE, hashes[at]];

/** Requests, and bytes that came from where large files are. Preflights are none. */
async function fetched(task) {
  const log = (await context.received(task)).filter(({ method }) => method !== "OPTIONS");
  return { requests: log.length, large: log.filter(({ path }) => path.startsWith("/lfs/")).reduce((sum, { responseBytes }) => sum + responseBytes, 0) };
}

test("a file is fetched once, and is there offline", { timeout: 60_000 }, async () => {
  assert.deepEqual((await fetched(async () => assert.deepEqual(await download({ path: "0.safetensors" }), large(0)))).large, SIZE);
  assert.deepEqual(await fetched(async () => assert.deepEqual(await download({ path: "0.safetensors" }), large(0))), { requests: 1, large: 0 });
  const none = (task) => fetched(task).then((seen) => assert.deepEqual(seen, { requests: 0, large: 0 }));
  await none(async () => assert.deepEqual(await download({ path: "0.safetensors", revision: commit }), large(0)));
  await none(async () => assert.deepEqual(await download({ path: "0.safetensors", localFilesOnly: true }), large(0)));
  await none(async () => assert.equal((await download({ path: "1.safetensors", localFilesOnly: true }))[0], "NotFoundError"));
  await profile.setOffline(true);
  assert.deepEqual(await download({ path: "0.safetensors" }), large(0));
  await profile.setOffline(false);
  assert.deepEqual((await download({ path: "empty" })).slice(0, 2), ["empty", 0]);
  assert.equal((await download({ path: "no/such" }))[0], "NotFoundError");
  assert.equal((await download({ path: "../x" }))[0], "InvalidInputError");
  const again = await fetched(async () => assert.deepEqual(await download({ path: "0.safetensors", forceDownload: true }), large(0)));
  assert.equal(again.large, SIZE);
});

test("a snapshot has the files that are wanted", { timeout: 60_000 }, async () => {
  const found = await page.evaluate(
    async ([repo, options]) => {
      const reported = new Set();
      const snapshot = await hf.snapshotDownload({ repo, ignorePatterns: ["[12].*", ".gitattributes"] }, { ...options, onProgress: ({ phase, path, loaded, total }) => loaded === total && reported.add(`${phase} ${path}`) });
      const texts = await Promise.all(["config.json", "a b/ü#?%.txt", "empty"].map(async (path) => (await snapshot.file(path)).text()));
      const missing = await snapshot.file("1.safetensors").catch((error) => error.name);
      return { commit: snapshot.commit, paths: snapshot.paths.sort(), texts, missing, reported: reported.size };
    },
    [repo, options],
  );
  assert.deepEqual(found, { commit, paths: ["0.safetensors", "a b/ü#?%.txt", "config.json", "empty"], texts: ["{}", "odd", ""], missing: "NotFoundError", reported: 4 });
  const { repos, size, usage } = await page.evaluate(() => hf.scanCache());
  assert.equal(repos.length, 1);
  assert.deepEqual([repos[0].id, repos[0].filesCount, repos[0].commits, repos[0].refs], [{ type: "model", name: repo }, 4, [commit], { main: commit }]);
  assert.ok(size > SIZE && usage > SIZE, `${size}, ${usage}`);
  const local = await page.evaluate(async (repo) => [(await hf.snapshotDownload({ repo, localFilesOnly: true, allowPatterns: "*.json" })).paths, await hf.snapshotDownload({ repo, localFilesOnly: true }).catch((error) => error.name)], repo);
  assert.deepEqual(local, [["config.json"], "NotFoundError"]);
  await page.evaluate(() => hf.deleteCache());
  assert.deepEqual(await page.evaluate(async () => (await hf.scanCache()).repos), []);
});

test("where the Hub fails or refuses, what is in the cache is given, and else its error", { timeout: 60_000 }, async () => {
  const found = await page.evaluate(
    async ([repo, options]) => {
      const small = { repo, allowPatterns: "*.json" };
      await hf.snapshotDownload(small, options);
      const given = [];
      for (const status of [503, 401, 403, 404]) {
        const away = { ...options, retry: false, fetch: async () => Response.json({ error: "no" }, { status }) };
        const failed = (call) => call.catch(({ status }) => status);
        given.push([
          status,
          await (await hf.downloadFileToCache({ repo, path: "config.json" }, away)).text(),
          (await hf.snapshotDownload(small, away)).paths,
          await failed(hf.downloadFileToCache({ repo, path: "empty" }, away)),
          await failed(hf.downloadFileToCache({ repo, path: "config.json", forceDownload: true }, away)),
          await failed(hf.snapshotDownload({ repo }, away)),
        ]);
      }
      return given;
    },
    [repo, options],
  );
  assert.deepEqual(found, [503, 401, 403, 404].map((status) => [status, "{}", ["config.json"], status, status, status]));
});

test("a snapshot removes others' files for room, but none of its own", { timeout: 60_000 }, async () => {
  const snapshot = (params) => page.evaluate(async ([params, options]) => hf.snapshotDownload(params, options).then(async ({ paths, file }) => (await Promise.all(paths.map(file))).length, ({ name, field }) => [name, field]), [{ repo, ...params }, options]);
  assert.deepEqual(await download({ path: "0.safetensors" }), large(0));
  assert.deepEqual(await snapshot({ allowPatterns: "[12].safetensors", maxSize: 2 * SIZE - 1 }), ["InvalidInputError", "maxSize"]);
  assert.equal(await snapshot({ allowPatterns: "[12].safetensors", maxSize: 2 * SIZE + MIB }), 2);
  const held = await page.evaluate(async () => (await hf.scanCache()).size);
  assert.ok(held >= 2 * SIZE && held <= 2 * SIZE + MIB, `${held} bytes`);
});

test("a tab that is closed in the middle, and opened again, asks for what is missing only", { timeout: 60_000 }, async () => {
  const stalled = { path: "/lfs/", stall_after_bytes: 10 * MIB, count: 1 };
  await context.withFault(stalled, async () => {
    void download({ path: "1.safetensors" }).catch(() => {});
    for (let have = 0; have < 2 * PART; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      have = await page.evaluate(async () => (await hf.scanCache()).size);
    }
    // What is unfinished is not given.
    assert.equal((await download({ path: "1.safetensors", localFilesOnly: true }))[0], "NotFoundError");
    await page.close();
  });
  page = await open();
  const { large: came } = await fetched(async () => assert.deepEqual(await download({ path: "1.safetensors" }), large(1)));
  assert.equal(came, SIZE - 2 * PART);
});

test("two tabs and a worker that want the same file fetch it once", { timeout: 60_000 }, async () => {
  const other = await open();
  const inWorker = page.evaluate(
    ([params, options]) =>
      new Promise((resolve) => {
        const worker = new Worker("/tests/runtimes/opfs.worker.mjs", { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage([params, options]);
      }),
    [{ repo, path: "2.safetensors" }, options],
  );
  const all = () => Promise.all([download({ path: "2.safetensors" }), download({ path: "2.safetensors" }, other), inWorker]);
  const { large: came } = await fetched(async () => assert.deepEqual(await all(), [large(2), large(2), { size: SIZE, name: "2.safetensors" }]));
  assert.equal(came, SIZE);
});

test("bytes that are not the file's are never given, and an abort keeps what has come", { timeout: 60_000 }, async () => {
  const outcome = await page.evaluate(
    async ([repo, options]) => {
      const wrong = async (url, init) => {
        const response = await fetch(url, init);
        const isFile = url.includes("/resolve/");
        return isFile ? new Response(new Uint8Array(Number(response.headers.get("content-length"))), { headers: { etag: '"x"' } }) : response;
      };
      const failed = await hf.downloadFileToCache({ repo, path: "0.safetensors" }, { ...options, fetch: wrong }).catch((error) => error.name);
      const { filesCount } = (await hf.scanCache()).repos[0];
      const stop = new AbortController();
      const aborted = await hf.downloadFileToCache({ repo, path: "1.safetensors" }, { ...options, signal: stop.signal, onProgress: ({ loaded }) => loaded > 9e6 && stop.abort() }).catch((error) => error.name);
      // While what has come is hashed, too.
      const [late, seen, stream] = [new AbortController(), [], Blob.prototype.stream];
      Blob.prototype.stream = function () {
        late.abort(new Error("late"));
        return stream.call(this);
      };
      const hashing = await hf.downloadFileToCache({ repo, path: "1.safetensors" }, { ...options, signal: late.signal, onProgress: ({ loaded }) => seen.push(loaded) }).catch((error) => error.message);
      Blob.prototype.stream = stream;
      return { failed, filesCount, aborted, hashing, seen, size: (await hf.scanCache()).size };
    },
    [repo, options],
  );
  assert.ok(outcome.size >= 2 * PART && outcome.size < SIZE, `${outcome.size} bytes`);
  assert.deepEqual({ ...outcome, size: 0 }, { failed: "ProtocolError", filesCount: 0, aborted: "AbortError", hashing: "late", seen: [], size: 0 });
});

test("what was not used for the longest time makes room", { timeout: 60_000 }, async () => {
  const names = () => page.evaluate(async () => (await hf.scanCache()).repos.map(({ filesCount }) => filesCount)[0]);
  for (const at of [0, 1]) assert.deepEqual(await download({ path: `${at}.safetensors` }), large(at));
  assert.deepEqual(await download({ path: "2.safetensors", maxSize: 2.5 * SIZE }), large(2));
  assert.equal(await names(), 2);
  assert.equal((await download({ path: "0.safetensors", localFilesOnly: true }))[0], "NotFoundError", "the oldest went");
  assert.deepEqual(await download({ path: "1.safetensors", localFilesOnly: true }), large(1));
  assert.equal(await page.evaluate(() => hf.evictCache({ maxSize: 15e6 })), SIZE);
  assert.equal(await page.evaluate(() => hf.evictCache({ maxAge: 0 })), SIZE);
  assert.equal(await names(), 0);
});

test("a quota that is full is made room in, and one that is too small is an error", { timeout: 60_000 }, async () => {
  const session = await profile.newCDPSession(page);
  const allow = (quotaSize) => session.send("Storage.overrideQuotaForOrigin", { origin: site.origin, quotaSize });
  await allow(2.5 * SIZE);
  for (const at of [0, 1, 2]) assert.deepEqual(await download({ path: `${at}.safetensors` }), large(at));
  assert.equal((await download({ path: "0.safetensors", localFilesOnly: true }))[0], "NotFoundError");
  await page.evaluate(() => hf.deleteCache());
  await allow(SIZE / 2);
  assert.equal((await download({ path: "0.safetensors" }))[0], "QuotaExceededError");
  await page.evaluate(() => hf.deleteCache());
  await allow(2 * SIZE);
  // What is there is given where not even a note fits, also when it is time for the next.
  const given = () =>
    page.evaluate(
      async ([repo, options, later]) => {
        const now = Date.now;
        Date.now = () => now() + later;
        const [small, file] = [{ repo, allowPatterns: "*.json" }, { repo, path: "config.json" }];
        const calls = [() => hf.snapshotDownload(small, options).then((snapshot) => snapshot.file("config.json")), () => hf.downloadFileToCache(file, options), () => hf.downloadFileToCache({ ...file, localFilesOnly: true })];
        const texts = [];
        for (const call of calls) texts.push(await call().then((file) => file.text(), (error) => error.name));
        Date.now = now;
        return texts;
      },
      [repo, options, later],
    );
  let later = 0;
  const all = ["{}", "{}", "{}"];
  assert.deepEqual(await given(), all);
  await allow(1);
  assert.deepEqual(await given(), all);
  later = 61_000;
  assert.deepEqual(await given(), all);
  await session.detach();
});
