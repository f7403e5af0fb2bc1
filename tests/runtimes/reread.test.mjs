// A file at a URL, which a worker reads again by ranges: the same code, in Node, with a `fetch` that stands in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { again } from "../../pkg/dist/spool/worker.js";
import { bytes } from "./context.mjs";

const MB = 1e6;
const content = bytes(6 * MB, 6);
const { fetch } = globalThis;
const asked = [];

before(() => {
  globalThis.fetch = async (_, { headers: { range } }) => {
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range);
    const end = to ? Number(to) + 1 : content.length;
    let at = Number(from);
    asked.push(`${from}-${to}`);
    const pull = (controller) => {
      const next = Math.min(at + 300_000, end);
      controller.enqueue(content.slice(at, next));
      at = next;
      if (at === end) controller.close();
    };
    const headers = { etag: '"a"', "content-range": `bytes ${from}-${end - 1}/${content.length}` };
    return new Response(new ReadableStream({ pull }), { status: 206, headers });
  };
});
after(() => {
  globalThis.fetch = fetch;
});

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("parts that follow each other are each read of their own response, and none is left open", async () => {
  const others = timers();
  const file = await again(new URL("https://files.example/x"), undefined);
  assert.equal(file.size, content.length);
  for (const [start, end] of [[2 * MB, 3 * MB], [3 * MB, 4 * MB], [4 * MB, 6 * MB]]) {
    const part = new Uint8Array(await file.slice(start, end).arrayBuffer());
    assert.ok(Buffer.from(part).equals(Buffer.from(content.slice(start, end))));
    assert.equal(timers(), others, "no response waits for who reads next");
  }
  assert.deepEqual(asked, ["0-", `${2 * MB}-${3 * MB - 1}`, `${3 * MB}-${4 * MB - 1}`, `${4 * MB}-${6 * MB - 1}`]);
});
