// The recipes of docs/agents.md that need other packages, as they stand there, against a local Hub.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

import { startEmulator } from "../emulator.mjs";
import { recipesOf, run } from "../recipes.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const cli = fileURLToPath(new URL("../../pkg/dist/mcp/cli.js", import.meta.url));

let emulator;
let recipe;
let left;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  ({ recipe, left } = await recipesOf(["docs/agents.md"], emulator.endpoint, { libraries: true }));
});
after(() => emulator?.stop());

for (const [library, words] of [["openai, chat completions", "chat.completions.create("], ["ai", "generateText({"], ["@openai/agents", "new Agent({"]]) {
  test(`tools: ${library}`, async () => assert.match(await run(recipe(words), { folder: here }), /^The tool hub_listModels answered: \{"items":\[\{.*bert/));
}

test("tools: openai, responses", async (context) => {
  const asked = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request) text += piece;
    asked.push(JSON.parse(text));
    const called = { type: "function_call", id: "fc_1", call_id: "call_1", name: "hub_listModels", arguments: '{"search":"bert","limit":2}', status: "completed" };
    const said = { type: "message", id: "msg_1", role: "assistant", status: "completed", content: [{ type: "output_text", text: "Two models.", annotations: [] }] };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: "resp_1", object: "response", status: "completed", output: [asked.length === 1 ? called : said] }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => server.close().closeAllConnections());
  const env = { OPENAI_API_KEY: "sk-x", OPENAI_BASE_URL: `http://127.0.0.1:${server.address().port}/v1` };
  assert.equal(await run(recipe("responses.create("), { folder: here, env }), "Two models.\n");
  assert.ok(asked[0].tools.some(({ name }) => name === "hub_listModels"));
  const { type, call_id: id, output } = asked[1].input.at(-1);
  assert.deepEqual([type, id, JSON.parse(output).items.length], ["function_call_output", "call_1", 2]);
});

test("MCP: tools over HTTP, and the tools of a server under a policy", { timeout: 60_000 }, async () => {
  const served = `${recipe("mcpHandler({").replace("export default", "const worker =")}
    import { served } from "./serve.mjs";
    console.log("at", (await served(worker.fetch)).url);`;
  let used;
  const hear = (text, child) => {
    const url = /^at (\S+)$/m.exec(text)?.[1];
    if (url) used ??= run(recipe("mcpTools({").replace("http://127.0.0.1:3000/mcp", url), { folder: here }).finally(() => child.kill());
  };
  await run(served, { folder: here, hear });
  const [record, who] = (await used).split("\n");
  assert.match(record, /^Called the tool hub_whoAmI of 127\.0\.0\.1:\d+$/);
  assert.equal(JSON.parse(who).name, "alice");
});

test("MCP: the Hub in an assistant", async (context) => {
  const folder = mkdtempSync(path.join(tmpdir(), "assistant-"));
  context.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, "policy.json"), recipe('"agent": "assistant"'));
  const { command, args } = JSON.parse(recipe('"mcpServers"')).mcpServers.hub;
  // The program of this repository, in place of the published one.
  assert.deepEqual([command, ...args.splice(0, 2)], ["npx", "-y", "hf-wasm"]);
  const env = { PATH: process.env.PATH, HF_ENDPOINT: emulator.endpoint, HF_TOKEN: emulator.tokens.write };
  const client = new Client({ name: "assistant", version: "1" });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, ...args], env, cwd: folder }));
  context.after(() => client.close());
  const names = (await client.listTools()).tools.map(({ name }) => name);
  assert.ok(names.includes("hub_commit") && names.includes("hub_listModels") && !names.includes("hub_whoAmI"), names.join());
  const call = async (name, args) => (await client.callTool({ name, arguments: args })).content[0].text;
  assert.match(await call("hub_modelInfo", { repo: "acme/tiny-bert" }), /"id":"acme\/tiny-bert"/);
  assert.match(await call("hub_createDiscussion", { repo: "acme/tiny-bert", title: "Hi", description: "Hi" }), /does not allow/);
});

// The last test: those before have asked for theirs.
test("every recipe is run by a test", () => assert.deepEqual(left(), []));
