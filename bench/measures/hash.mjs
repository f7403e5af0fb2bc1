// SHA-256 of large files, by the kernels and by Node itself, 4 MiB at a time as the core reads them.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { median, ratio, rounds } from "../lib/rounds.mjs";

const dist = new URL("../../pkg/dist/", import.meta.url);
const PIECE = 4 << 20;
const PIECES = 8;
const NODE = "node:crypto";

export async function hash() {
  const variants = {
    [NODE]: () => hashed(createHash("sha256")),
    simd: await kernels("kernels_simd"),
    plain: await kernels("kernels"),
  };
  const digests = Object.values(variants).map((run) => Buffer.from(run()).toString("hex"));
  if (new Set(digests).size !== 1) throw new Error(`not the same: ${digests}`);
  const times = await rounds(variants, { samples: 15 });
  const speed = (PIECE * PIECES) / 1000 / median(times[NODE]);
  const over = (name) => `${ratio(times, name, NODE).toFixed(2)}×`;
  return {
    title: "SHA-256 of a large file, time over node:crypto's",
    head: ["", "node:crypto, MB a second", "kernels with SIMD", "kernels"],
    rows: [[`${(PIECE * PIECES) >> 20} MiB, Node`, speed.toFixed(0), over("simd"), over("plain")]],
    goals: [],
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

const piece = Uint8Array.from({ length: PIECE }, (_, at) => Math.imul(at, 2654435761) >>> 24);

function hashed(hash) {
  for (let pieces = 0; pieces < PIECES; pieces++) hash.update(piece);
  return hash.digest();
}
