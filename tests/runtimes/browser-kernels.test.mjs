// The kernels in Chromium: loaded at the first large file, once, and again where that failed.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { startEmulator } from "../emulator.mjs";
import { bytes } from "./context.mjs";
import { launch } from "./chromium.mjs";
import { serve } from "./serve.mjs";

const SIZE = 5_000_000;

let emulator;
let site;
let browser;
let page;
let loaded;
before(async () => {
  [emulator, site, browser] = await Promise.all([startEmulator(["--no-rate-limit"]), serve(), launch()]);
});
after(() => Promise.all([browser?.close(), site?.stop(), emulator?.stop()]));
beforeEach(async () => {
  page = await browser.newPage();
  loaded = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.endsWith(".wasm")) loaded.push(pathname.slice("/pkg/dist/".length));
  });
});
afterEach(() => page?.close());

/** Opens the page, and lets it make a call and a commit of a small file. */
async function begin() {
  await page.goto(`${site.origin}/tests/runtimes/suite.html`);
  const { stop: _, ...addresses } = emulator;
  await page.evaluate(async ([addresses, size]) => {
    const [{ bytes, contextOf }, lib] = await Promise.all([import("/tests/runtimes/context.mjs"), import("hf-wasm")]);
    const context = contextOf(lib, addresses);
    const [hub, repo] = [context.hub(), context.fresh("kernels")];
    await hub.createRepo({ repo });
    const commit = (path, content) => hub.commit({ repo, title: "Add", operations: [{ operation: "addOrUpdate", path, content }] });
    await commit("a.txt", "A");
    /** Commits a large file; gives its id, or the error. */
    globalThis.large = async (path, seed) => {
      try {
        await commit(path, new Blob([bytes(size, seed)]));
      } catch ({ kind, message, advice }) {
        return { kind, message, advice };
      }
      const [{ lfs }] = await hub.pathsInfo({ repo, paths: [path] });
      return lfs.oid;
    };
  }, [addresses, SIZE]);
}

const large = (path, seed) => page.evaluate(([path, seed]) => globalThis.large(path, seed), [path, seed]);
const id = (seed) => createHash("sha256").update(bytes(SIZE, seed)).digest("hex");

test("calls and small files do without the kernels, which the first large file loads, once", async () => {
  await begin();
  assert.deepEqual(loaded, ["core_bg.wasm", "commit_bg.wasm"]);
  assert.equal(await large("a.safetensors", 1), id(1));
  assert.equal(await large("b.safetensors", 2), id(2));
  assert.deepEqual(loaded, ["core_bg.wasm", "commit_bg.wasm", "kernels_simd_bg.wasm"]);
});

test("large files of commits at once load the kernels once", async () => {
  await begin();
  const oids = await page.evaluate(async () => {
    return await Promise.all([1, 2, 3].map((seed) => globalThis.large(`${seed}.safetensors`, seed)));
  });
  assert.deepEqual(oids, [1, 2, 3].map(id));
  assert.deepEqual(loaded, ["core_bg.wasm", "commit_bg.wasm", "kernels_simd_bg.wasm"]);
});

test("without SIMD the other kernels are loaded", async () => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await begin();
  assert.equal(await large("a.safetensors", 1), id(1));
  assert.deepEqual(loaded, ["core_bg.wasm", "commit_bg.wasm", "kernels_bg.wasm"]);
});

test("a load that fails is the error of that commit; the next one tries again", async () => {
  await page.route("**/kernels_simd_bg.wasm", (route) => route.fulfill({ status: 404 }));
  await begin();
  const error = await large("a.safetensors", 1);
  assert.equal(error.kind, "internal");
  assert.match(error.message, /could not load its WebAssembly for large files: 404 for http/);
  assert.match(error.advice, /init\(\)/);
  await page.unroute("**/kernels_simd_bg.wasm");
  assert.equal(await large("a.safetensors", 1), id(1));
  assert.equal(loaded.at(-1), "kernels_simd_bg.wasm");
});

test("init says where the kernels are", async () => {
  await page.route("**/kernels*_bg.wasm", (route) => route.fulfill({ status: 404 }));
  await begin();
  await page.evaluate(async () => {
    const { init } = await import("hf-wasm");
    await init(import("/pkg/dist/inline.js"));
  });
  assert.equal(await large("a.safetensors", 1), id(1));
  assert.deepEqual(loaded, ["core_bg.wasm", "commit_bg.wasm"]);
});
