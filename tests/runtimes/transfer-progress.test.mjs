// The rate and the time left of a transfer, and its progress as an async iterable.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Hub, withProgress } from "hf-wasm";
import { metered } from "../../pkg/dist/progress.js";

test("the rate is that of the last five seconds, of each phase of each file", () => {
  let now = 0;
  const reported = [];
  const tell = metered((progress) => reported.push(progress), () => now);
  const at = (time, loaded, path = "a", phase = "upload") => {
    now = time;
    tell({ phase, path, loaded, total: 10_000 });
    const { rate, remaining } = reported.at(-1);
    return [rate, remaining];
  };
  assert.deepEqual(at(0, 0), [undefined, undefined]);
  assert.deepEqual(at(100, 100), [undefined, undefined], "too early to say");
  assert.deepEqual(at(1000, 1000), [1000, 9]);
  assert.deepEqual(at(1000, 5, "b"), [undefined, undefined]);
  for (let time = 1100; time <= 10_000; time += 100) at(time, 1000);
  assert.deepEqual(at(10_100, 1000), [0, undefined], "a standstill has no end");
  assert.ok(Math.abs(at(11_100, 2000)[0] - 200) < 10, "the window is five seconds");
  assert.deepEqual(at(11_200, 0), [undefined, undefined], "what begins anew is measured anew");
  assert.deepEqual(reported.at(-1), { phase: "upload", path: "a", loaded: 0, total: 10_000, rate: undefined, remaining: undefined });
});

const event = (path, loaded) => ({ phase: "upload", path, loaded, total: 2 });

test("progress is iterated over, and the result awaited", async () => {
  const run = withProgress(async ({ onProgress }) => {
    for (const loaded of [0, 1, 2]) {
      onProgress(event("a", loaded));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return "done";
  });
  const seen = [];
  for await (const { loaded } of run) seen.push(loaded);
  assert.deepEqual([seen, await run], [[0, 1, 2], "done"]);
  assert.equal(await withProgress(async () => 7), 7);
});

test("a slow reader hears of the latest of each file only", async () => {
  const run = withProgress(async ({ onProgress }) => {
    for (let loaded = 0; loaded <= 1000; loaded++) for (const path of ["a", "b"]) onProgress(event(path, loaded));
  });
  const seen = [];
  for await (const { path, loaded } of run) seen.push([path, loaded]);
  assert.deepEqual(seen, [["a", 1000], ["b", 1000]]);
});

test("a failure ends the loop, and one that nobody looks at is no unhandled rejection", async () => {
  const failing = () => withProgress(async ({ onProgress }) => {
    onProgress(event("a", 1));
    throw new TypeError("no");
  });
  const seen = [];
  await assert.rejects(async () => {
    for await (const { loaded } of failing()) seen.push(loaded);
  }, TypeError);
  assert.deepEqual(seen, [1]);
  await assert.rejects(async () => await failing(), TypeError);
  await assert.rejects(async () => await withProgress(() => { throw new TypeError("at once"); }), TypeError);
  failing();
  await new Promise((resolve) => setTimeout(resolve, 10));
});

test("leaving the loop aborts the transfer", async () => {
  let reason;
  const run = withProgress(async ({ onProgress, signal }) => {
    onProgress(event("a", 1));
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject((reason = signal.reason))));
  });
  for await (const _ of run) break;
  assert.equal(reason.name, "AbortError");
});

test("a hook that throws, rejects or is no function disturbs no transfer", async () => {
  const unhandled = [];
  const hear = (reason) => unhandled.push(reason);
  process.on("unhandledRejection", hear);
  const large = Buffer.alloc(3 << 20, 7);
  const sent = [];
  const hub = new Hub({
    endpoint: "https://hub.example",
    token: null,
    fetch: async (url, { method, body }) => {
      sent.push(`${method} ${url}`);
      if (url.endsWith("/resolve/main/small")) return new Response("small");
      if (url.endsWith("/resolve/main/large")) return new Response(large, { headers: { "content-length": String(large.length) } });
      if (url.includes("/preupload/")) return Response.json({ files: JSON.parse(body).files.map(({ path }) => ({ path, uploadMode: "lfs", shouldIgnore: false })) });
      if (url.endsWith("/objects/batch")) return Response.json({ objects: JSON.parse(body).objects.map(({ oid }) => ({ oid, actions: { upload: { href: "https://cdn.example/u" } } })) });
      if (method === "PUT") assert.equal((await new Response(body).arrayBuffer()).byteLength, large.length);
      return Response.json({ success: true, commitOid: "4".repeat(40), commitUrl: "https://hub.example/a/b/commit/4" });
    },
  });
  let heard = 0;
  const throwing = () => { heard++; throw new Error("a hook"); };
  const rejecting = async () => throwing();
  for (const onProgress of [throwing, rejecting, 7]) {
    sent.length = 0;
    assert.equal(await (await hub.downloadFile({ repo: "a/b", path: "small" }, { onProgress })).text(), "small");
    const file = await hub.downloadFile({ repo: "a/b", path: "large" }, { onProgress });
    assert.ok(large.equals(Buffer.from(await file.bytes())));
    await hub.uploadFile({ repo: "a/b", file: { path: "w.bin", content: new Blob([large]) } }, { onProgress });
    assert.equal(sent.length, 2 + 4, sent.join("\n"));
  }
  assert.ok(heard > 6, `${heard}`);
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off("unhandledRejection", hear);
  assert.deepEqual(unhandled, []);
});
