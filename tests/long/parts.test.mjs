// A process that is killed while a file goes up in parts: another one, with the same store, sends only what is missing.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Hub } from "hf-wasm";
import { startEmulator } from "../emulator.mjs";
import { bytes, contextOf } from "../runtimes/context.mjs";

const PART = 8 << 20;
const SIZE = 9 * PART + 1;
const program = fileURLToPath(new URL("upload.mjs", import.meta.url));

let [emulator, context, hub, place] = [];
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  context = contextOf({ Hub }, emulator);
  hub = context.hub();
  place = await mkdtemp(path.join(tmpdir(), "hf-wasm-parts-"));
  await writeFile(path.join(place, "w.bin"), bytes(SIZE, 7));
  await mkdir(path.join(place, "store"));
});
after(async () => {
  await emulator?.stop();
  await rm(place, { recursive: true, force: true });
});

/** The parts that the store says have arrived. */
async function kept() {
  const names = (await readdir(path.join(place, "store"))).filter((name) => /-\d+$/.test(name));
  // One that was just being written says nothing yet.
  const texts = await Promise.all(names.map((name) => readFile(path.join(place, "store", name), "utf8").catch(() => "")));
  return texts.filter((text) => text.endsWith("]")).length;
}

/** Runs the program; kills it once the store has so many parts. */
function run(repo, most = Number.POSITIVE_INFINITY) {
  const given = { repo, file: path.join(place, "w.bin"), store: path.join(place, "store"), options: { endpoint: emulator.endpoint, token: emulator.tokens.write } };
  const child = spawn(process.execPath, [program, JSON.stringify(given)], { stdio: ["ignore", "ignore", "inherit"] });
  const watch = setInterval(async () => (await kept()) >= most && child.kill("SIGKILL"), 5);
  return new Promise((resolve, reject) => child.on("error", reject).on("close", resolve)).finally(() => clearInterval(watch));
}

const partsIn = (log) => log.filter(({ method, path, status }) => method === "PUT" && path.startsWith("/lfs/") && status === 200);
const bytesOf = (log) => log.reduce((sum, { requestBytes }) => sum + requestBytes, 0);

for (const most of [1, 4, 8]) {
  test(`killed after ${most} of 10 parts`, { timeout: 120_000 }, async () => {
    const repo = `alice/parts-${most}`;
    await hub.createRepo({ repo });
    await context.control("network", { bandwidth: 40_000_000 });
    const first = partsIn(await context.received(() => run(repo, most)));
    await context.control("network", {});
    const had = await kept();
    assert.ok(had >= most && had <= first.length, `${had} parts are in the store, ${first.length} have arrived`);
    const log = await context.received(async () => assert.equal(await run(repo), 0));
    const again = partsIn(log);
    assert.equal(again.length, 10 - had);
    assert.ok(bytesOf(again) <= SIZE - (had - 1) * PART, `${bytesOf(again)} bytes`);
    const [{ lfs }] = await hub.pathsInfo({ repo, paths: ["w.bin"] });
    assert.equal(lfs.size, SIZE);
    assert.deepEqual(await readdir(path.join(place, "store")), [], "nothing is left in the store");
  });
}

test("addresses that have expired meanwhile are not used", { timeout: 120_000 }, async () => {
  const repo = "alice/parts-expired";
  await hub.createRepo({ repo });
  await context.control("network", { bandwidth: 40_000_000 });
  await run(repo, 4);
  await context.control("network", {});
  await context.control("clock", { advance_ms: 3_700_000 });
  const log = await context.received(async () => assert.equal(await run(repo), 0));
  // The Hub refuses the old ones, and all parts go up in a new upload.
  assert.equal(partsIn(log).length, 10);
});
