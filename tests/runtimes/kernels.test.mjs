// The kernels by themselves, with SIMD and without: what they compute, and how they are loaded.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { bytes } from "./context.mjs";

const dist = new URL("../../pkg/dist/", import.meta.url);
const wasm = (name) => readFileSync(new URL(`${name}_bg.wasm`, dist));
const folder = mkdtempSync(path.join(tmpdir(), "hf-wasm-kernels-"));
after(() => rmSync(folder, { recursive: true }));
let copies = 0;

/** The modules anew, with nothing loaded. */
async function fresh() {
  const copy = path.join(folder, String(++copies));
  for (const name of ["kernels.js", "kernels_bg.js", "source.js"]) cpSync(new URL(name, dist), path.join(copy, name));
  writeFileSync(path.join(copy, "package.json"), '{ "type": "module" }');
  return await import(pathToFileURL(path.join(copy, "kernels.js")));
}

/** Loads these kernels; `state` counts, and holds what was loaded last. */
function loader(name, state = { loads: 0 }) {
  const load = async (imports) => {
    state.loads += 1;
    state.exports = (await WebAssembly.instantiate(wasm(name), imports)).instance.exports;
    return state.exports;
  };
  return { load, state };
}

const hex = (hash) => Buffer.from(hash.digest()).toString("hex");

for (const name of ["kernels", "kernels_simd"]) {
  test(`${name}: SHA-256 of messages of every length around a block, in pieces of every length`, async () => {
    const { sha256 } = await fresh();
    const { load } = loader(name);
    const message = bytes(300);
    for (let size = 0; size <= 200; size++) {
      const expected = createHash("sha256").update(message.subarray(0, size)).digest("hex");
      for (const piece of [1, 31, 64, 65, 300]) {
        const hash = await sha256(load);
        for (let at = 0; at < size; at += piece) hash.update(message.subarray(at, Math.min(at + piece, size)));
        assert.equal(hex(hash), expected, `${size} bytes, ${piece} at a time`);
      }
    }
  });

  test(`${name}: the memory stays as it is, however much is hashed`, async () => {
    const { sha256 } = await fresh();
    const { load, state } = loader(name);
    const piece = new Uint8Array(4 << 20);
    const sizes = [];
    for (let files = 0; files < 3; files++) {
      const [hash, expected] = [await sha256(load), createHash("sha256")];
      for (let pieces = 0; pieces < 8; pieces++) {
        hash.update(piece);
        expected.update(piece);
        sizes.push(state.exports.memory.buffer.byteLength);
      }
      assert.equal(hex(hash), expected.digest("hex"));
    }
    assert.ok(Math.max(...sizes) < 8 << 20, `${Math.max(...sizes)} bytes`);
    assert.equal(new Set(sizes).size, 1, "it does not grow");
  });
}

test("hashes that are begun at once share one load", async () => {
  const { sha256 } = await fresh();
  const { load, state } = loader("kernels");
  const hashes = await Promise.all([sha256(load), sha256(load), sha256(load)]);
  await sha256(load);
  assert.equal(state.loads, 1);
  for (const [at, hash] of hashes.entries()) hash.update(bytes(100, at));
  for (const [at, hash] of hashes.entries()) assert.equal(hex(hash), createHash("sha256").update(bytes(100, at)).digest("hex"));
});

test("a load that fails is the failure of all who wait for it; the next one tries again", async () => {
  const { sha256 } = await fresh();
  const { load, state } = loader("kernels");
  let failures = 0;
  const broken = async () => {
    failures += 1;
    throw new Error("404 for kernels_bg.wasm");
  };
  const both = await Promise.allSettled([sha256(broken), sha256(broken)]);
  assert.deepEqual(both.map(({ reason }) => reason?.message), ["404 for kernels_bg.wasm", "404 for kernels_bg.wasm"]);
  assert.equal(failures, 1);
  assert.equal(hex(await sha256(load)), createHash("sha256").digest("hex"));
  assert.equal(state.loads, 1);
});

test("in Node a commit of a large file compiles no kernels: node:crypto hashes", async () => {
  const { Hub } = await import("hf-wasm");
  const compiled = [];
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = (source, imports) => {
    compiled.push(Object.keys(imports)[0]);
    return instantiate(source, imports);
  };
  try {
    const oids = [];
    const fetch = async (url, { body }) => {
      if (url.includes("/preupload/")) return Response.json({ files: [{ path: "w.bin", uploadMode: "lfs" }] });
      if (!url.endsWith("/objects/batch")) return Response.json({ success: true, commitOid: "4".repeat(40) });
      oids.push(...JSON.parse(body).objects.map(({ oid }) => oid));
      return Response.json({ objects: oids.map((oid) => ({ oid })) });
    };
    const content = bytes(5_000_000);
    const operations = [{ operation: "addOrUpdate", path: "w.bin", content }];
    await new Hub({ endpoint: "https://hub.example", fetch }).commit({ repo: "acme/x", title: "Add", operations });
    assert.deepEqual(oids, [createHash("sha256").update(content).digest("hex")]);
    // Node compiles the parser of its own fetch.
    const own = compiled.filter((name) => name.startsWith("./"));
    assert.deepEqual(own, ["./core_bg.js", "./commit_bg.js"]);
  } finally {
    WebAssembly.instantiate = instantiate;
  }
});
