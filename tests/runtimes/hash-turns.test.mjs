// Other work has its turn while a large file is hashed on a slow device, whose clock is given here, and progress is told.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Hub } from "hf-wasm";

const MiB = 1 << 20;

/** A Hub that takes a file for a large one, and refuses it once its hash is known. */
async function fetch(url) {
  if (url.includes("/preupload/")) return Response.json({ files: [{ path: "large.bin", uploadMode: "lfs", shouldIgnore: false }] });
  return Response.json({ error: "enough" }, { status: 403 });
}

/**
 * How often other work has its turn while 3 MiB are hashed, and the bytes of each event, where each look at the clock is so
 * many milliseconds later.
 */
async function turns(context, content, step) {
  const loaded = [];
  const onProgress = (event) => event.phase === "hash" && loaded.push(event.loaded);
  let now = 0;
  const clock = context.mock.method(performance, "now", () => (now += step));
  const hub = new Hub({ endpoint: "https://hub.example", token: "hf_test", fetch, retry: false });
  let [count, ended] = [0, false];
  const turn = () => {
    count++;
    if (!ended) setImmediate(turn);
  };
  setImmediate(turn);
  await assert.rejects(hub.uploadFile({ repo: "acme/x", file: { path: "large.bin", content } }, { onProgress }), { status: 403 });
  ended = true;
  clock.mock.restore();
  return { count, loaded };
}

for (const [what, content] of [["bytes", new Uint8Array(3 * MiB)], ["a Blob", new Blob([new Uint8Array(3 * MiB)])]]) {
  test(`of ${what}`, async (context) => {
    // What is loaded at the first file takes turns, too.
    await turns(context, content, 0);
    const quick = await turns(context, content, 0);
    const slow = await turns(context, content, 4);
    // Every second slice of 128 KiB takes the 8 ms.
    assert.ok(slow.count >= quick.count + 8, `${slow.count} turns, and ${quick.count} where the device is quick`);
    assert.deepEqual(quick.loaded, [0, 3 * MiB], "the device is too quick for an event between");
    assert.deepEqual(slow.loaded, [0, 1 * MiB, 2 * MiB, 3 * MiB], "a piece takes longer than the time between two events");
  });
}
