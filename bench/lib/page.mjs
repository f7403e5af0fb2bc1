// What a page of Chromium does: what `node.mjs` does in a child of Node.

import { writeFileSync } from "node:fs";
import path from "node:path";

import { launch } from "../../tests/runtimes/chromium.mjs";
import { bundle, layOutWasm, out } from "./bundle.mjs";
import { FIRST, NAMES } from "./clients.mjs";

/** `{ timed, first, frames, version, stop }` */
export async function openChromium(origin) {
  layOutWasm();
  writeFileSync(path.join(out, "page.html"), "<!doctype html>");
  for (const name of NAMES) await bundle(`export { client } from "./clients/${name}.mjs";`, { name });
  await bundle('export { Hub } from "hf-wasm";', { name: "package" });
  await bundle('export { timed } from "./lib/timed.mjs";', { name: "timed" });
  const browser = await launch();
  /** Each time with an empty cache, on a processor that is so many times slower. */
  const inSlowPage = async (slower, run, ...args) => {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      if (slower > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slower });
      await page.goto(`${origin}/page.html`);
      return await page.evaluate(run, args);
    } finally {
      await context.close();
    }
  };
  const inPage = (run, ...args) => inSlowPage(1, run, ...args);
  return {
    version: browser.version(),
    timed: (measure) => inPage(timedInPage, measure, NAMES),
    first: (name) => inPage(firstInPage, name, FIRST[name]),
    frames: (slower, bytes) => inSlowPage(slower, framesInPage, bytes),
    stop: () => browser.close(),
  };
}

async function timedInPage([measure, names]) {
  const clients = {};
  for (const name of names) clients[name] = (await import(`/${name}.js`)).client(location.origin);
  return (await import("/timed.js")).timed[measure](clients);
}

async function firstInPage([name, call]) {
  const start = performance.now();
  const { client } = await import(`/${name}.js`);
  const imported = performance.now();
  await client(location.origin)[call]();
  return { imported: imported - start, ms: performance.now() - start };
}

/** Frames a second and the longest wait for one: while nothing runs, and while a Blob is hashed, whose MB a second come too. */
async function framesInPage([bytes]) {
  const { Hub } = await import("/package.js");
  const during = async (task) => {
    const start = performance.now();
    const times = [start];
    let ended = false;
    const frame = (now) => {
      times.push(now);
      if (!ended) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    await task();
    times.push(performance.now());
    ended = true;
    const seconds = (times.at(-1) - start) / 1000;
    return { rate: (times.length - 2) / seconds, longest: Math.max(...times.slice(1).map((now, at) => now - times[at])), seconds };
  };
  // It takes the file for a large one, and refuses it once its hash is known.
  const fetch = async (url) => {
    if (!url.includes("/preupload/")) return Response.json({ error: "enough" }, { status: 403 });
    return Response.json({ files: [{ path: "large.bin", uploadMode: "lfs", shouldIgnore: false }] });
  };
  const hub = new Hub({ endpoint: location.origin, token: "hf_bench", fetch, retry: false });
  const upload = (content) => hub.uploadFile({ repo: "acme/x", file: { path: "large.bin", content } }).catch(() => {});
  // What is loaded at the first file is loaded now.
  await upload(new Blob([new Uint8Array(1 << 20)]));
  const content = new Blob([new Uint8Array(bytes)]);
  const idle = await during(() => new Promise((resolve) => setTimeout(resolve, 2000)));
  const hashing = await during(() => upload(content));
  return { idle, hashing, speed: bytes / 1e6 / hashing.seconds };
}
