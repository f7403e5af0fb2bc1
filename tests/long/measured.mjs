// A program that uploads a file and prints how much memory that took over idle: `node measured.mjs OPTIONS`, which are JSON.

import { Hub } from "hf-wasm";
import { fileBlob } from "hf-wasm/node";

const { repo, file, options } = JSON.parse(process.argv[2]);
const hub = new Hub(options);
// What is loaded once is no matter of the size.
await hub.uploadFile({ repo, file: { path: "first.bin", content: new Uint8Array(2_000_000).fill(1) } });
await new Promise((resolve) => setTimeout(resolve, 500));
const idle = process.memoryUsage.rss();
let [peak, last] = [idle, undefined];
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
await hub.uploadFile({ repo, file: { path: "w.bin", content: await fileBlob(file) } }, { onProgress: (progress) => progress.phase === "upload" && (last = progress) });
clearInterval(watch);
console.log(JSON.stringify({ over: peak - idle, last }));
