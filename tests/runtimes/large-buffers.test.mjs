// Buffers beyond 32 bits: a commit sends their true size and the right bytes. Their pages are never touched, so they
// take no memory.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Hub } from "hf-wasm";

const endpoint = "https://hub.example";

/** What preupload is told of a file, before the server refuses to go on. */
async function declared(content) {
  let file;
  const fetch = async (_, init) => {
    file = JSON.parse(init.body).files[0];
    return Response.json({ error: "enough" }, { status: 403 });
  };
  const hub = new Hub({ endpoint, fetch, token: "hf_secret", retry: false });
  const operations = [{ operation: "addOrUpdate", path: "w.bin", content }];
  await assert.rejects(hub.commit({ repo: "a/b", title: "Add", operations }), { kind: "forbidden" });
  return file;
}

/** A buffer, or undefined where this Node has none so large, or no view of it. */
function buffer(size) {
  try {
    return new Uint8Array(size).buffer;
  } catch {
    return undefined;
  }
}

for (const size of [2 ** 32, 2 ** 32 + 5, 5e9]) {
  const large = buffer(size);
  test(`a buffer of ${size} bytes`, { skip: large ? false : "this Node has no such buffer" }, async () => {
    const bytes = new Uint8Array(large);
    bytes.set([1, 2, 3, 4]);
    for (const content of [large, bytes, new DataView(large)]) {
      const file = await declared(content);
      assert.equal(file.size, size);
      assert.deepEqual([...Buffer.from(file.sample, "base64")].slice(0, 4), [1, 2, 3, 4]);
    }
  });

  test(`a view near the end of ${size} bytes`, { skip: large ? false : "this Node has no such buffer" }, async () => {
    const bytes = new Uint8Array(large);
    bytes.set([7, 8, 9], size - 4);
    const file = await declared(bytes.subarray(size - 4, size - 1));
    assert.deepEqual([file.size, file.sample], [3, Buffer.from([7, 8, 9]).toString("base64")]);
  });
}

/** The SHA-256 of a view, which `createHash` takes in pieces only. */
function sha256(bytes) {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.byteLength; at += 2 ** 26) hash.update(bytes.subarray(at, at + 2 ** 26));
  return hash.digest("hex");
}

const largest = buffer(2 ** 32 + 5);
test("a file beyond 4 GiB is hashed and uploaded whole", { skip: largest ? false : "this Node has no such buffer" }, async () => {
  const bytes = new Uint8Array(largest);
  const size = bytes.byteLength;
  for (const at of [0, 2 ** 31, 2 ** 32 - 1, size - 1]) bytes[at] = 7;
  const oid = sha256(bytes);
  const uploaded = [];
  const progress = [];
  let lines = "";
  const fetch = async (url, { method, body }) => {
    if (url.includes("/preupload/")) return Response.json({ files: [{ path: "w.bin", uploadMode: "lfs", shouldIgnore: false }] });
    if (url.endsWith("/objects/batch")) {
      const actions = { upload: { href: "https://cdn.example/w" } };
      return Response.json({ objects: JSON.parse(body).objects.map((object) => ({ ...object, actions })) });
    }
    if (method === "PUT") uploaded.push(body);
    else lines = body;
    return Response.json({ success: true, commitOid: "4".repeat(40) });
  };
  const hub = new Hub({ endpoint, fetch, token: "hf_secret" });
  const operations = [{ operation: "addOrUpdate", path: "w.bin", content: largest }];
  await hub.commit({ repo: "a/b", title: "Add", operations }, { onProgress: (event) => progress.push(event) });
  assert.deepEqual(JSON.parse(lines.trim().split("\n")[1]).value, { path: "w.bin", algo: "sha256", oid, size });
  assert.equal(uploaded.length, 1);
  assert.deepEqual([uploaded[0].buffer, uploaded[0].byteOffset, uploaded[0].byteLength], [largest, 0, size]);
  assert.ok(progress.some(({ phase, loaded, total }) => phase === "upload" && loaded === size && total === size));
});
