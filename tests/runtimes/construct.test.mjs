// What a client does that is made and never called: it loads the core, sends nothing, and no promise is rejected that
// nobody sees. Each of these is a program or a page of its own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { launch } from "./chromium.mjs";
import { serve } from "./serve.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A Hub that answers `{ name: "alice" }`, and counts. */
let hub;
const requests = [];
before(async () => {
  const headers = { "content-type": "application/json", "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
  hub = createServer((request, response) => {
    if (request.method !== "OPTIONS") requests.push(request.url);
    response.writeHead(200, headers).end('{"name":"alice"}');
  });
  await new Promise((resolve) => hub.listen(0, "127.0.0.1", resolve));
});
after(() => hub.close());

const endpoint = () => `http://127.0.0.1:${hub.address().port}`;

const setup = () => `
  import { setTimeout as pause } from "node:timers/promises";
  import { Hub, InferenceRouter, init } from "hf-wasm";
  const options = { endpoint: "${endpoint()}", token: "hf_construct" };
  const instantiate = WebAssembly.instantiate;
  let loads = 0;
  /** How many loads fail. */
  let broken = 0;
  WebAssembly.instantiate = async (source, imports) => {
    if (!imports?.["./core_bg.js"]) return await instantiate(source, imports);
    loads += 1;
    if (loads <= broken) throw new Error("no such file");
    return await instantiate(source, imports);
  };
  const loaded = async (count) => { while (loads < count) await pause(5); await pause(20) };
`;

/** Runs a program to its end; what is rejected and not seen, or said on standard error, fails it. */
async function run(program) {
  requests.length = 0;
  const code = `${setup()}${program}`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code], { cwd: root, timeout: 10_000 });
  assert.equal(stderr, "");
  return stdout;
}

test("a client that is made loads the core once, and sends nothing", async () => {
  const said = await run(`
    for (let count = 0; count < 100; count++) { new Hub(options); new InferenceRouter(options) }
    await loaded(1);
    console.log(loads);
  `);
  assert.deepEqual([said, requests], ["1\n", []]);
});

test("options that are wrong are told by the first call, not before", async () => {
  const said = await run(`
    const hub = new Hub({ ...options, timeout: -1 });
    await loaded(1);
    console.log(await hub.whoAmI().catch((error) => error.field));
  `);
  assert.deepEqual([said, requests], ["timeout\n", []]);
});

test("a core that cannot be loaded is told by the first call, which tries again", async () => {
  const said = await run(`
    broken = 2;
    const hub = new Hub(options);
    await loaded(1);
    console.log(await hub.whoAmI().catch((error) => error.kind), loads);
    console.log((await hub.whoAmI()).name, loads);
  `);
  assert.deepEqual([said, requests.length], ["internal 2\nalice 3\n", 1]);
});

test("init() counts after a client was made, where the core is not found by itself", async () => {
  const said = await run(`
    const { readFile } = await import("node:fs/promises");
    const bytes = await readFile("pkg/dist/core_bg.wasm");
    broken = 1;
    const hub = new Hub(options);
    await Promise.resolve();
    await init(bytes);
    console.log((await hub.whoAmI()).name, loads);
  `);
  assert.deepEqual([said, requests.length], ["alice 2\n", 1]);
});

test("a page that makes a client loads the core, and sends nothing", async () => {
  requests.length = 0;
  const [site, browser] = await Promise.all([serve(), launch()]);
  try {
    const page = await browser.newPage();
    const problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(`${site.origin}/tests/runtimes/suite.html`);
    await page.waitForFunction(() => globalThis.runCase, undefined, { timeout: 10_000 });
    const core = page.waitForResponse((response) => response.url().endsWith("/core_bg.wasm"));
    const made = page.evaluate(async (endpoint) => {
      const { Hub } = await import("hf-wasm");
      globalThis.hub = new Hub({ endpoint, token: "hf_construct" });
    }, endpoint());
    assert.equal((await core).status(), 200);
    await made;
    await page.waitForLoadState("networkidle");
    assert.deepEqual([requests, problems], [[], []]);
    assert.equal(await page.evaluate(async () => (await globalThis.hub.whoAmI()).name), "alice");
    assert.equal(requests.length, 1);
  } finally {
    await Promise.all([browser.close(), site.stop()]);
  }
});
