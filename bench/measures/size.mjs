// What a page loads of a bundle with everything that a package exports before its first call, minified and gzipped.

import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

import { bundled } from "../../scripts/lib/bundled.mjs";
import { root } from "../../scripts/lib/run.mjs";
import { alias } from "../lib/bundle.mjs";

const OURS = 'export { Hub, InferenceRouter } from "hf-wasm";';
const all = (...names) => names.map((name, at) => `import * as a${at} from "${name}"; console.log(a${at});`).join("\n");

export async function size() {
  const wasm = readFileSync(path.join(root, "pkg/dist/core_bg.wasm"));
  const weigh = async (module) => packed((await bundled(module, { alias, external: ["node:*"], resolveDir: "bench" })).first);
  const ours = (await weigh(OURS)) + packed(wasm);
  const both = await weigh(all("@huggingface/hub", "@huggingface/inference"));
  const openai = await weigh(all("openai"));
  return {
    title: "What a first call loads, everything exported, gzipped",
    head: ["", "hf-wasm, with the wasm", "hub and inference", "openai"],
    rows: [["kB", kB(ours), kB(both), kB(openai)]],
    goals: [{ what: "both classes, wasm and JavaScript, kB gzip", most: 90, here: ours / 1000 }],
  };
}

const packed = (bytes) => gzipSync(bytes, { level: 9 }).length;
const kB = (bytes) => (bytes / 1000).toFixed(1);
