// An abort in the middle of a transfer: a second later no more bytes pass, nothing is committed, and what is unfinished has no
// final name. A relay between the client and where large files are counts the bytes that come, and the connections.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, test } from "node:test";

import { Hub } from "hf-wasm";
import { snapshotDownload } from "hf-wasm/node";
import { startEmulator } from "../emulator.mjs";
import { bytes, contextOf } from "./context.mjs";

const SIZE = 40_000_000;
const SECOND = 1000;
const repo = "alice/aborted";

let [emulator, relay, hub, head] = [];
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  const direct = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
  await direct.createRepo({ repo });
  ({ commitOid: head } = await direct.uploadFile({ repo, file: { path: "down.bin", content: bytes(SIZE, 1) } }));
  const batch = await direct.lfsBatch({ repo, operation: "upload", transfers: ["basic"], objects: [{ oid: "0".repeat(64), size: 1 }] });
  const files = new URL(batch.objects[0].actions.upload.href).origin;
  relay = await startRelay(Number(new URL(files).port));
  // A redirect leads there by its `Location`.
  const through = (text) => text?.replace(files, relay.origin);
  const fetched = async (url, init) => {
    const response = await fetch(through(url), init);
    const location = response.headers.get("location");
    if (!location) return response;
    const headers = new Headers(response.headers);
    headers.set("location", through(location));
    return new Response(null, { status: response.status, headers });
  };
  hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write, fetch: fetched });
  await contextOf({ Hub }, emulator).control("network", { bandwidth: 4_000_000 });
});
after(() => Promise.all([relay?.stop(), emulator?.stop()]));

/** `{ origin, passed, opened, stop }`: what comes goes on to a port; `passed` gives how many bytes, in both directions, `opened` how many connections. */
async function startRelay(port) {
  let [passed, opened] = [0, 0];
  const sockets = new Set();
  const server = createServer((client) => {
    opened += 1;
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [[client, far], [far, client]]) {
      sockets.add(from);
      from.on("data", (piece) => void (passed += piece.length));
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    passed: () => passed,
    opened: () => opened,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Aborts a transfer once 3 MB have passed; a second later, nothing passes any more. What an upload has handed to the operating
 * system, megabytes for each connection, that sends still: there, nothing more is handed over.
 */
async function aborted(start, isUpload = false) {
  const stop = new AbortController();
  const begun = relay.passed();
  let told = 0;
  const onProgress = () => void (told += 1);
  const done = start({ signal: stop.signal, onProgress }).then(() => assert.fail("it has come to its end"), (error) => error);
  while (relay.passed() < begun + 3_000_000) await sleep(10);
  stop.abort();
  assert.equal((await done).name, "AbortError");
  await sleep(SECOND);
  const then = [relay.opened(), told, isUpload || relay.passed()];
  await sleep(SECOND);
  assert.deepEqual([relay.opened(), told, isUpload || relay.passed()], then);
  assert.ok(relay.passed() < begun + SIZE, `${relay.passed() - begun} bytes`);
}

test("an upload in parts", { timeout: 60_000 }, async () => {
  await aborted((options) => hub.uploadFile({ repo, file: { path: "up.bin", content: bytes(SIZE, 2) } }, options), true);
  assert.equal((await hub.listCommits({ repo, limit: 1 })).items[0].id, head, "nothing is committed");
});

test("a download", { timeout: 60_000 }, async () => {
  await aborted(async (options) => (await hub.downloadFile({ repo, path: "down.bin" }, options)).arrayBuffer());
});

test("a snapshot", { timeout: 60_000 }, async (context) => {
  const cacheDir = await mkdtemp(path.join(tmpdir(), "hf-wasm-aborted-"));
  context.after(() => rm(cacheDir, { recursive: true, force: true }));
  await aborted((options) => snapshotDownload({ repo, cacheDir }, { hub, ...options }));
  const blobs = await readdir(path.join(cacheDir, "models--alice--aborted/blobs"));
  assert.deepEqual(blobs.filter((name) => /^[0-9a-f]{64}$/.test(name)), [], "the large file has no final name");
});
