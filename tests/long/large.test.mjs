// A file of 5 GB, over 2^32 bytes, goes up within little memory, and both its ends come back.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { Hub } from "hf-wasm";
import { startEmulator } from "../emulator.mjs";

const GB = Number(process.env.GB ?? 5);
const SIZE = GB * 1024 ** 3 + 12_345;
/** Bytes over idle that an upload may hold: it held 61 MB when this was written, and a collector is never quite the same. */
const MOST = 80 << 20;
const program = fileURLToPath(new URL("measured.mjs", import.meta.url));

/** A sparse file whose parts are not alike. */
async function sparse(file) {
  const handle = await open(file, "w");
  await handle.truncate(SIZE);
  for (let at = 0; at < SIZE; at += 4 << 20) await handle.write(`at ${at}`, at);
  await handle.close();
}

async function sha256(file) {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest("hex");
}

test(`a file of ${GB} GB`, { timeout: 600_000 }, async (context) => {
  const place = await mkdtemp(path.join(tmpdir(), "hf-wasm-large-"));
  const file = path.join(place, "w.bin");
  const emulator = await startEmulator(["--no-rate-limit", "--data", path.join(place, "data")]);
  context.after(async () => {
    await emulator.stop();
    await rm(place, { recursive: true, force: true });
  });
  await sparse(file);
  const options = { endpoint: emulator.endpoint, token: emulator.tokens.write };
  const hub = new Hub(options);
  const repo = "alice/large";
  await hub.createRepo({ repo });
  const child = spawn(process.execPath, [program, JSON.stringify({ repo, file, options })], { stdio: ["ignore", "pipe", "inherit"] });
  let reported = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (reported += text));
  assert.equal(await new Promise((resolve) => child.on("close", resolve)), 0);
  const { over, last } = JSON.parse(reported);
  context.diagnostic(`${(over / 2 ** 20).toFixed(0)} MB over idle`);
  assert.deepEqual([last.loaded, last.total], [SIZE, SIZE]);
  const [{ size, lfs }] = await hub.pathsInfo({ repo, paths: ["w.bin"] });
  assert.deepEqual([size, lfs.oid], [SIZE, await sha256(file)]);
  const text = async (start, end) => (await hub.downloadFile({ repo, path: "w.bin", range: { start, end } })).text();
  const far = Math.floor(SIZE / (4 << 20)) * (4 << 20);
  assert.deepEqual([await text(0, 4), await text(far, far + 13)], ["at 0", `at ${far}`.padEnd(13, "\0")]);
  assert.ok(over <= MOST, `${over} bytes over idle`);
});
