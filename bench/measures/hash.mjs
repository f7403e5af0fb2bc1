// SHA-256 of large files, by the kernels, by a library and by Node itself, 1 MiB at a time as files are read, and as a part
// of a commit in Node.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { createSHA256 } from "hash-wasm";
import { Hub } from "hf-wasm";

import { median, ratio, rounds } from "../lib/rounds.mjs";

const dist = new URL("../../pkg/dist/", import.meta.url);
const PIECE = 1 << 20;
const PIECES = 256;
const NODE = "node:crypto";

export async function hash() {
  const variants = {
    [NODE]: () => hashed(createHash("sha256")),
    simd: await kernels("kernels_simd"),
    plain: await kernels("kernels"),
    library: await library(),
    commit: committed,
  };
  const digests = [];
  for (const run of Object.values(variants)) digests.push(Buffer.from(await run()).toString("hex"));
  if (new Set(digests).size !== 1) throw new Error(`not the same: ${digests}`);
  const times = await rounds(variants, { samples: 9 });
  const speed = (PIECE * PIECES) / 1000 / median(times[NODE]);
  const over = (name) => `${ratio(times, name, NODE).toFixed(2)}×`;
  return {
    title: "SHA-256 of a large file, time over node:crypto's",
    head: ["", "node:crypto, MB a second", "a commit in Node", "kernels with SIMD", "kernels", "hash-wasm"],
    rows: [[`${(PIECE * PIECES) >> 20} MiB, Node`, speed.toFixed(0), ...["commit", "simd", "plain", "library"].map(over)]],
    goals: [
      { what: "SHA-256 as a part of a commit in Node, time over node:crypto's", most: 1.05, here: ratio(times, "commit", NODE) },
      { what: "SHA-256 by the kernels, time over hash-wasm's", most: 1, here: ratio(times, "simd", "library") },
    ],
  };
}

/** Hashes by kernels that have their own glue, which holds one instance. */
async function kernels(name) {
  const glue = await import(`${new URL("kernels_bg.js", dist)}?${name}`);
  const wasm = readFileSync(new URL(`${name}_bg.wasm`, dist));
  const { exports } = (await WebAssembly.instantiate(wasm, { "./kernels_bg.js": glue })).instance;
  glue.__wbg_set_wasm(exports);
  exports.__wbindgen_start?.();
  return () => hashed(new glue.Sha256());
}

async function library() {
  const hash = await createSHA256();
  return () => {
    hash.init();
    return hashed({ update: (bytes) => hash.update(bytes), digest: () => hash.digest("binary") });
  };
}

/** All that a commit does until it has hashed a file of this size in memory, with a Hub that takes no time. */
async function committed() {
  let oid;
  const fetch = async (url, { body }) => {
    if (url.includes("/preupload/")) return Response.json({ files: [{ path: "w.bin", uploadMode: "lfs", shouldIgnore: false }] });
    ({ oid } = JSON.parse(body).objects[0]);
    return Response.json({ error: "enough" }, { status: 403 });
  };
  const hub = new Hub({ endpoint: "https://hub.example", token: "hf_bench", fetch, retry: false });
  await hub.uploadFile({ repo: "a/b", file: { path: "w.bin", content: whole } }).catch(() => {});
  return Buffer.from(oid, "hex");
}

const whole = Uint8Array.from({ length: PIECE * PIECES }, (_, at) => Math.imul(at, 2654435761) >>> 24);

/** Reads the same memory as a commit does: one piece again and again would stay in the processor's cache. */
function hashed(hash) {
  for (let at = 0; at < whole.byteLength; at += PIECE) hash.update(whole.subarray(at, at + PIECE));
  return hash.digest();
}
