// The endpoints as an MCP server in Node, Deno, Bun and workerd: one handler, with the WebAssembly as each loads it, and
// the program of the packed package. The official client asks them.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { build } from "esbuild";

import { startEmulator } from "../emulator.mjs";
import { pack, root } from "./lib/place.mjs";
import { bin, serving } from "./lib/program.mjs";

const worker = (options) => `
  import { Hub } from "hf-wasm";
  import { tools } from "hf-wasm/agent";
  import { mcpHandler } from "hf-wasm/mcp";
  let handler;
  export default {
    async fetch(request) {
      // A worker may ask for nothing before its first request.
      handler ??= mcpHandler({ tools: tools({ hub: new Hub(${JSON.stringify(options)}), policy: { groups: { models: "read", account: "read" } } }) });
      return await handler(request);
    },
  };`;

const NODE = `
  import { createServer } from "node:http";
  import { Readable } from "node:stream";
  import worker from "./worker.mjs";
  const server = createServer(async (incoming, outgoing) => {
    const { method, headers } = incoming;
    const body = method === "POST" ? { body: Readable.toWeb(incoming), duplex: "half" } : {};
    const response = await worker.fetch(new Request("http://" + headers.host, { method, headers, ...body }));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  }).listen(0, "127.0.0.1", () => console.log("port", server.address().port));`;

const BUN = `
  import worker from "./worker.mjs";
  console.log("port", Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (request) => worker.fetch(request) }).port);`;

const DENO = `
  import worker from "./worker.mjs";
  Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log("port", port) }, (request) => worker.fetch(request));`;

const WORKERD = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [
    (name = "workerd/worker.mjs", esModule = embed "workerd/worker.mjs"),
    (name = "core_bg.wasm", wasm = embed "core_bg.wasm"),
    (name = "commit_bg.wasm", wasm = embed "commit_bg.wasm"),
    (name = "kernels_bg.wasm", wasm = embed "kernels_bg.wasm"),
    (name = "kernels_simd_bg.wasm", wasm = embed "kernels_simd_bg.wasm"),
  ],
  compatibilityDate = "2026-11-01",
);
`;

const RUNTIMES = {
  node: [process.execPath, ["node/main.mjs"], /port (\d+)/, NODE],
  deno: [bin("deno"), ["run", "--no-prompt", "--allow-all", "deno/main.mjs"], /port (\d+)/, DENO],
  bun: [bin("bun"), ["bun/main.mjs"], /port (\d+)/, BUN],
  workerd: [bin("workerd"), ["serve", "workerd.capnp", "--control-fd=1"], /"port":(\d+)/, ""],
};

let emulator;
let folder;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "mcp-in-"));
  emulator = await startEmulator(["--no-rate-limit"]);
  const contents = worker({ endpoint: emulator.endpoint, token: emulator.tokens.read });
  for (const name of ["core", "commit", "kernels", "kernels_simd"]) copyFileSync(path.join(root, `pkg/dist/${name}_bg.wasm`), path.join(folder, `${name}_bg.wasm`));
  writeFileSync(path.join(folder, "workerd.capnp"), WORKERD);
  for (const [name, [, , , main]] of Object.entries(RUNTIMES)) {
    // In a bundle Deno reads the wasm as Node does: its own loader imports the glue beside it.
    const conditions = [name === "deno" ? "node" : name];
    const options = { bundle: true, format: "esm", target: "es2022", write: false, conditions, external: ["*.wasm", "node:*"] };
    const { outputFiles } = await build({ stdin: { contents, resolveDir: root }, ...options });
    mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, name, "worker.mjs"), outputFiles[0].text);
    writeFileSync(path.join(folder, name, "main.mjs"), main);
  }
});
after(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

for (const [name, [program, args, pattern]] of Object.entries(RUNTIMES)) {
  test(`${name} serves the endpoints`, { timeout: 60_000 }, async () => {
    await serving(program, args, folder, pattern, async (port) => {
      const client = new Client({ name: "test", version: "1" });
      await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)));
      const { tools } = await client.listTools();
      assert.ok(tools.some((tool) => tool.name === "hub_listModels") && tools.every(({ annotations }) => annotations.readOnlyHint));
      const call = async (name, args) => (await client.callTool({ name, arguments: args })).content[0].text;
      assert.match(await call("hub_whoAmI", {}), /"name":"alice"/);
      assert.match(await call("hub_modelInfo", { repo: "acme/tiny-bert" }), /acme\/tiny-bert/);
      assert.match(await call("hub_modelInfo", { reop: "x" }), /reop is not known/);
      await client.close();
      const foreign = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers: { origin: "http://evil.example" } });
      assert.equal(foreign.status, 403);
    });
  });
}

test("npx runs the program of the packed package, which needs no SDK beside it", { timeout: 120_000 }, async (context) => {
  const packed = pack();
  context.after(() => packed.remove());
  const cwd = packed.project("import", {});
  const args = ["--offline", "hf-wasm", "mcp", "--endpoint", emulator.endpoint, "--router", emulator.routerEndpoint];
  const { PATH, HOME } = process.env;
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StdioClientTransport({ command: "npx", args, cwd, env: { PATH, HOME, HF_TOKEN: emulator.tokens.read } }));
  const { content } = await client.callTool({ name: "hub_whoAmI", arguments: {} });
  await client.close();
  assert.match(content[0].text, /"name":"alice"/);
});
