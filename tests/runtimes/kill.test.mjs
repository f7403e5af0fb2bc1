// A process that is killed in the middle: what it leaves is never taken for whole, and the next run sends or fetches only
// what is missing. The bytes are those of the emulator's log. `SEED=n` repeats the moments, `MOMENTS=n` says how many.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Hub } from "hf-wasm";
import { startEmulator } from "../emulator.mjs";
import { dice } from "../resilience/dice.mjs";
import { bytes, contextOf } from "./context.mjs";

const MOMENTS = Number(process.env.MOMENTS ?? 20);
const SIZES = [300_000, 700_000, 1_100_000, 1_700_000, 2_300_000];
const contents = SIZES.map((size, at) => Buffer.from(bytes(size, at + 1)));
const oids = contents.map((content) => createHash("sha256").update(content).digest("hex"));
const program = fileURLToPath(new URL("killed.mjs", import.meta.url));

let emulator;
let context;
let hub;
let place;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  context = contextOf({ Hub }, emulator);
  hub = context.hub();
  place = await mkdtemp(path.join(tmpdir(), "hf-wasm-kill-"));
});
after(async () => {
  await emulator?.stop();
  await rm(place, { recursive: true, force: true });
});

/** Runs the program; kills it once it has told of so many steps. Gives whether it ended by itself. */
function run(what, given, steps = Number.POSITIVE_INFINITY) {
  const options = { endpoint: emulator.endpoint, token: emulator.tokens.write };
  const child = spawn(process.execPath, [program, what, JSON.stringify({ ...given, options })], { stdio: ["ignore", "pipe", "inherit"] });
  let reported = 0;
  child.stdout.on("data", (dots) => {
    reported += dots.length;
    if (reported >= steps) child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => child.on("error", reject).on("close", (code) => resolve({ code, reported })));
}

/** Bytes that went to or came from where large files are. */
async function carried(method, task) {
  const log = (await context.received(task)).filter((entry) => entry.path.startsWith("/lfs/") && entry.method === method);
  return log.reduce((sum, { requestBytes, responseBytes }) => sum + (method === "GET" ? responseBytes : (requestBytes ?? 0)), 0);
}

const roll = dice(Number(process.env.SEED ?? 1));

test(`a snapshot that is killed at ${MOMENTS} moments`, { timeout: 240_000 }, async () => {
  const repo = "alice/killed-snapshot";
  await hub.createRepo({ repo });
  const { commitOid } = await hub.uploadFiles({ repo, files: contents.map((content, at) => ({ path: `d/${at}.safetensors`, content })) });
  const whole = await run("download", { repo, folder: path.join(place, "whole") });
  assert.equal(whole.code, 0);
  let killed = 0;
  for (let moment = 0; moment < MOMENTS; moment++) {
    const folder = path.join(place, `snapshot-${moment}`);
    await run("download", { repo, folder }, 1 + Math.floor(roll() * whole.reported));
    const blobs = path.join(folder, "models--alice--killed-snapshot/blobs");
    const there = await Promise.all(((await readdir(blobs).catch(() => []))).map(async (name) => ({ name, size: (await stat(path.join(blobs, name))).size })));
    const has = (oid) => there.filter(({ name }) => name.startsWith(oid)).reduce((most, { size }) => Math.max(most, size), 0);
    for (const [at, oid] of oids.entries()) {
      const blob = there.find(({ name }) => name === oid);
      if (blob) assert.equal(blob.size, SIZES[at], "what has its final name is whole");
    }
    const missing = SIZES.reduce((sum, size, at) => sum + size - has(oids[at]), 0);
    killed += missing > 0 ? 1 : 0;
    const fetched = await carried("GET", async () => assert.equal((await run("download", { repo, folder })).code, 0));
    assert.equal(fetched, missing, `moment ${moment}`);
    for (const [at, content] of contents.entries()) {
      const file = path.join(folder, "models--alice--killed-snapshot/snapshots", commitOid, `d/${at}.safetensors`);
      assert.ok(content.equals(await readFile(file)), file);
    }
    assert.deepEqual((await readdir(blobs)).filter((name) => name.includes(".")), [], "nothing is left");
    await rm(folder, { recursive: true });
  }
  assert.ok(killed > MOMENTS / 2, `${killed} were killed before the end`);
});

test("two processes that want the same file bring it once", { timeout: 60_000 }, async () => {
  const repo = "alice/both";
  await hub.createRepo({ repo });
  await hub.uploadFile({ repo, file: { path: "w.safetensors", content: contents[4] } });
  const folder = path.join(place, "both");
  await context.control("network", { bandwidth: 1_500_000 });
  try {
    const fetched = await carried("GET", async () => {
      const first = run("download", { repo, folder });
      // The first has begun to write.
      for (let names = []; !names.some((name) => name.endsWith(".incomplete")); ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        names = await readdir(path.join(folder, "models--alice--both/blobs")).catch(() => []);
      }
      assert.deepEqual((await Promise.all([first, run("download", { repo, folder })])).map(({ code }) => code), [0, 0]);
    });
    assert.equal(fetched, SIZES[4]);
  } finally {
    await context.control("network", {});
  }
  const blobs = await readdir(path.join(folder, "models--alice--both/blobs"));
  assert.ok(blobs.includes(oids[4]) && blobs.every((name) => !name.includes(".")), blobs.join());
});

test(`an upload that is killed at ${MOMENTS} moments`, { timeout: 240_000 }, async () => {
  let killed = 0;
  let steps = 30;
  for (let moment = 0; moment < MOMENTS; moment++) {
    const repo = `alice/killed-upload-${moment}`;
    await hub.createRepo({ repo });
    const folder = path.join(place, `upload-${moment}`);
    await mkdir(folder);
    await Promise.all(contents.map((content, at) => writeFile(path.join(folder, `${at}.safetensors`), content)));
    const first = await run("upload", { repo, folder }, moment === 0 ? undefined : 1 + Math.floor(roll() * steps));
    if (moment === 0) steps = first.reported;
    const objects = oids.map((oid, at) => ({ oid, size: SIZES[at] }));
    const batch = await hub.lfsBatch({ repo, operation: "upload", transfers: ["basic"], objects });
    const missing = batch.objects.reduce((sum, { actions, size }) => sum + (actions?.upload ? size : 0), 0);
    const head = (await hub.listFiles({ repo, recursive: true })).items.filter(({ path }) => path.endsWith(".safetensors")).length;
    assert.ok(head === 0 || head === SIZES.length, "there is no half commit");
    killed += head === 0 ? 1 : 0;
    const sent = await carried("PUT", async () => assert.equal((await run("upload", { repo, folder })).code, 0));
    assert.equal(sent, missing, `moment ${moment}`);
    const stored = (await hub.listFiles({ repo, recursive: true })).items.filter(({ path }) => path.endsWith(".safetensors"));
    assert.deepEqual(stored.map(({ lfs }) => lfs.oid), oids);
    await rm(folder, { recursive: true });
  }
  assert.ok(killed > MOMENTS / 2, `${killed} were killed before the end`);
});
