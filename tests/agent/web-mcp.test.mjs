// WebMCP: a page offers its tools to the browser's agent, in Chromium, which has it behind a flag; and what happens in
// browsers without it, and in those with an earlier form.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { offerToPage, Toolset } from "hf-wasm/agent";

import { startEmulator } from "../emulator.mjs";
import { launch } from "../runtimes/chromium.mjs";
import { callTool, FLAGS, listTools } from "../web-mcp.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const stops = [];
let emulator;
let site;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  stops.push(() => emulator.stop());
  const contents = `
    import { Hub } from "hf-wasm";
    import { offerToPage, tools } from "hf-wasm/agent";
    window.offer = async (options) => {
      const stop = new AbortController();
      window.stop = () => stop.abort();
      return await offerToPage(await tools({ hub: new Hub(options), groups: ["models", "account"], policy: { groups: { models: "read", account: "read" } } }), { signal: stop.signal });
    };
    document.title = "ready";`;
  const { outputFiles } = await build({ stdin: { contents, resolveDir: root }, bundle: true, format: "esm", target: "es2022", write: false, conditions: ["browser"] });
  const files = {
    "/": ["text/html", "<!doctype html><title>wait</title><script type=module src=/page.js></script>"],
    "/page.js": ["text/javascript", outputFiles[0].text],
    "/core_bg.wasm": ["application/wasm", readFileSync(`${root}/pkg/dist/core_bg.wasm`)],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[request.url] ?? ["text/plain", ""];
    response.writeHead(200, { "content-type": type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  site = `http://127.0.0.1:${server.address().port}/`;
});
after(() => Promise.all(stops.map((stop) => stop())));

async function open(flags) {
  const browser = await launch(flags);
  stops.push(() => browser.close());
  const page = await browser.newPage();
  await page.goto(site);
  await page.waitForFunction(() => document.title === "ready");
  return page;
}

test("Chromium lists the tools of the page and calls them", async () => {
  const page = await open(FLAGS);
  const options = { endpoint: emulator.endpoint, token: emulator.tokens.read };
  assert.equal(await page.evaluate((options) => window.offer(options), options), true);
  const listed = await listTools(page);
  const names = listed.map(({ name }) => name);
  assert.ok(names.includes("hub_listModels") && names.includes("hub_whoAmI") && !names.includes("hub_createCollection"), names.join());
  const { inputSchema } = listed.find(({ name }) => name === "hub_modelInfo");
  assert.deepEqual((typeof inputSchema === "string" ? JSON.parse(inputSchema) : inputSchema).required, ["repo"]);
  const who = await callTool(page, "hub_whoAmI", {});
  assert.match(JSON.stringify(who), /alice/);
  const missing = await callTool(page, "hub_modelInfo", { repo: "acme/none" });
  assert.match(JSON.stringify(missing), /Repository not found/);
  await page.evaluate(() => window.stop());
  assert.deepEqual(await listTools(page), []);
});

test("a browser without it is told by false", async () => {
  const page = await open([]);
  const has = await page.evaluate(() => "modelContext" in document || "modelContext" in navigator);
  assert.equal(await page.evaluate((options) => window.offer(options), { endpoint: emulator.endpoint }), has);
  assert.equal(await offerToPage(new Toolset([])), false, "Node");
});

test("an earlier form on navigator, without signals, is told by name when they end", async () => {
  const tools = new Map();
  const context = {
    registerTool: (tool) => void tools.set(tool.name, tool),
    unregisterTool: (name) => tools.delete(name),
  };
  Object.defineProperty(globalThis, "navigator", { value: { modelContext: context }, configurable: true });
  const stop = new AbortController();
  const one = { name: "add", description: "Adds.", parameters: { type: "object" }, annotations: { title: "Add", readOnlyHint: true }, call: ({ a, b }) => String(a + b) };
  assert.equal(await offerToPage(new Toolset([one]), { signal: stop.signal }), true);
  const { title, description, inputSchema, annotations, execute } = tools.get("add");
  assert.deepEqual([title, description, inputSchema, annotations], ["Add", "Adds.", { type: "object" }, { readOnlyHint: true, untrustedContentHint: true }]);
  assert.deepEqual(await execute({ a: 1, b: 2 }), { content: [{ type: "text", text: "3" }], isError: false });
  stop.abort();
  assert.equal(tools.size, 0);
  assert.equal(await offerToPage(new Toolset([one]), { signal: stop.signal }), false, "it ended before");
});
