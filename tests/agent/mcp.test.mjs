// MCP both ways: the official client against our server, over HTTP and over stdio; our client against the official server;
// and the tools of a server under the policy of a client.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { CallToolRequestSchema, ElicitRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { Hub, InferenceRouter } from "hf-wasm";
import { runTools, Toolset, tools } from "hf-wasm/agent";
import { mcpHandler, mcpTools } from "hf-wasm/mcp";
import { z } from "zod";

import { startEmulator } from "../emulator.mjs";
import { launch } from "../runtimes/chromium.mjs";
import { served } from "./serve.mjs";

const cli = fileURLToPath(new URL("../../pkg/dist/mcp/cli.js", import.meta.url));
const stops = [];
let emulator;
let hub;
let router;
let folder;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  stops.push(() => emulator.stop());
  hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
  router = new InferenceRouter({ endpoint: emulator.routerEndpoint, token: emulator.tokens.write });
  folder = mkdtempSync(path.join(tmpdir(), "mcp-"));
});
after(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function serving(handler) {
  const server = await served(handler);
  stops.push(server.stop);
  return server.url;
}

async function connected(transport, capabilities = {}) {
  const client = new Client({ name: "test", version: "1" }, { capabilities });
  await client.connect(transport);
  stops.push(() => client.close());
  return client;
}
const over = (url, headers = {}) => connected(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));

test("the official client lists and calls the endpoints over HTTP", async () => {
  const set = await tools({ hub, router, policy: { groups: { models: "read", repos: "full", inference: "full" } } });
  const client = await over(await serving(mcpHandler({ tools: set, instructions: "Be kind." })));
  assert.deepEqual([client.getServerVersion().name, client.getInstructions()], ["hf-wasm", "Be kind."]);
  const { tools: listed } = await client.listTools();
  assert.deepEqual(listed, JSON.parse(JSON.stringify(set.mcp)));
  const found = await client.callTool({ name: "hub_listModels", arguments: { search: "bert", limit: 1 } });
  assert.deepEqual([found.isError, JSON.parse(found.content[0].text).items.length], [false, 1]);
  const image = await client.callTool({ name: "router_textToImage", arguments: { model: "emulator/gradient", inputs: "a cat" } });
  assert.deepEqual([image.content[0].type, image.content[0].mimeType, atob(image.content[0].data).slice(1, 4)], ["image", "image/png", "PNG"]);
  for (const [args, words] of [[{ repo: "acme/none" }, /Repository not found/], [{}, /- repo is missing/]]) {
    const { isError, content } = await client.callTool({ name: "hub_modelInfo", arguments: args });
    assert.ok(isError);
    assert.match(content[0].text, words);
  }
  const denied = await client.callTool({ name: "hub_deleteRepo", arguments: { repo: "alice/none" } });
  assert.match(denied.content[0].text, /asks a person/);
  await assert.rejects(client.callTool({ name: "hub_fly", arguments: {} }), { code: -32602 });
});

test("each request may bring the rights that its tools have", async () => {
  const url = await serving(
    mcpHandler({
      tools: async (request) => {
        const [, token] = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
        if (!token) return new Response("a token, please", { status: 401, headers: { "www-authenticate": "Bearer" } });
        return await tools({ hub: new Hub({ endpoint: emulator.endpoint, token }), groups: ["account"] });
      },
    }),
  );
  const who = async (token) => (await (await over(url, { authorization: `Bearer ${token}` })).callTool({ name: "hub_whoAmI", arguments: {} })).content[0].text;
  assert.match(await who(emulator.tokens.write), /"name":"alice"/);
  assert.match(await who(emulator.tokens.bob), /"name":"bob"/);
  await assert.rejects(over(url), { code: 401 });
});

test("strange hosts and pages are kept out, and those that are named let in", async () => {
  const set = await tools({ hub, groups: ["account"] });
  const handler = mcpHandler({ tools: set, allowedOrigins: ["https://app.example"], maxBytes: 1000 });
  const ask = (headers = {}, { method = "POST", url = "http://localhost:3000/mcp", body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }) } = {}) =>
    handler(new Request(url, { method, headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers }, ...(method === "POST" ? { body } : {}) }));
  const status = async (...args) => (await ask(...args)).status;
  assert.equal(await status(), 200);
  assert.equal(await status({ host: "127.0.0.1:8000" }), 200);
  assert.equal(await status({ host: "[::1]:8000" }), 200);
  assert.equal(await status({ host: "evil.example" }), 403);
  assert.equal(await status({}, { url: "http://evil.example/mcp" }), 403);
  assert.equal(await status({ host: "localhost.evil.example" }), 403);
  assert.equal(await status({ origin: "http://evil.example" }), 403);
  assert.equal(await status({ origin: "null" }), 403);
  assert.equal(await status({ host: "localhost:3000", origin: "http://localhost:4000" }), 403);
  assert.equal(await status({ host: "localhost:3000", origin: "http://localhost:3000" }), 200);
  const page = await ask({ origin: "https://app.example" });
  assert.deepEqual([page.status, page.headers.get("access-control-allow-origin"), page.headers.get("vary")], [200, "https://app.example", "origin"]);
  const preflight = await ask({ origin: "https://app.example", "access-control-request-method": "POST" }, { method: "OPTIONS" });
  assert.deepEqual([preflight.status, /authorization/.test(preflight.headers.get("access-control-allow-headers"))], [204, true]);
  assert.equal(await status({}, { method: "GET" }), 405);
  assert.equal(await status({}, { method: "DELETE" }), 405);
  assert.equal(await status({}, { body: "{" }), 400);
  assert.equal(await status({}, { body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { x: "x".repeat(2000) } }) }), 413);
  const elsewhere = mcpHandler({ tools: set, allowedHosts: ["mcp.example.org"] });
  const there = (host) => elsewhere(new Request(`https://${host}/`, { method: "GET" })).then((response) => response.status);
  assert.deepEqual([await there("mcp.example.org"), await there("localhost")], [405, 403]);
});

test("a call is aborted when whoever asked is gone", async () => {
  let aborted;
  const gone = new Promise((resolve) => (aborted = resolve));
  const wait = { name: "wait", description: "Waits.", parameters: { type: "object" }, call: (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(aborted("aborted")))) };
  const url = await serving(mcpHandler({ tools: new Toolset([wait]) }));
  const stop = new AbortController();
  const call = fetch(url, { method: "POST", signal: stop.signal, headers: { "content-type": "application/json", accept: "application/json, text/event-stream" }, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "wait", arguments: {} } }) });
  setTimeout(() => stop.abort(), 100);
  await assert.rejects(call);
  assert.equal(await gone, "aborted");
});

/** The official server with tools of its own. */
function official(calls = []) {
  return async (request) => {
    const server = new McpServer({ name: "official", version: "1" }, { instructions: "Add things." });
    server.registerTool("add", { description: "Adds.", inputSchema: { a: z.number(), b: z.number() }, annotations: { readOnlyHint: true } }, ({ a, b }) => {
      calls.push({ a, b, authorization: request.headers.get("authorization") });
      return { content: [{ type: "text", text: String(a + b) }] };
    });
    server.registerTool("hub.wipe", { description: "Wipes.", inputSchema: {}, annotations: { destructiveHint: true } }, () => {
      calls.push("wipe");
      return { content: [{ type: "text", text: "wiped" }] };
    });
    server.registerTool("show", { description: "Shows.", inputSchema: {}, annotations: { destructiveHint: false } }, () => ({ content: [{ type: "text", text: "Look:" }, { type: "image", data: "AAAA", mimeType: "image/png" }, { type: "resource_link", uri: "hf://x", name: "x" }] }));
    server.registerTool("fail", { description: "Fails.", inputSchema: {}, annotations: { readOnlyHint: true } }, () => ({ isError: true, content: [{ type: "text", text: "no luck" }] }));
    const transport = new WebStandardStreamableHTTPServerTransport();
    await server.connect(transport);
    return await transport.handleRequest(request);
  };
}

test("our client works with the official server", async () => {
  const calls = [];
  const url = await serving(official(calls));
  const server = await mcpTools({ url, token: async () => "hf_secret" });
  const set = new Toolset(server.tools);
  assert.deepEqual(Array.from(set, ({ name }) => name), ["add", "hub_wipe", "show", "fail"]);
  assert.equal(server.instructions, "Add things.");
  assert.equal((await set.callTool("add", { a: 1, b: 2 })).text, "3");
  assert.deepEqual(calls, [{ a: 1, b: 2, authorization: "Bearer hf_secret" }]);
  assert.match((await set.callTool("add", { a: "one", b: 2 })).text, /a must be of type number/);
  assert.equal((await set.callTool("hub_wipe", {})).text, "wiped");
  assert.equal((await set.callTool("show", {})).text, "Look:\n[image/png, 3 bytes, not shown]\n[x: hf://x]");
  const failed = await set.callTool("fail", {});
  assert.deepEqual([failed.isError, failed.text], [true, "fail: no luck."]);
  await server.close();
  assert.deepEqual(Array.from((await mcpTools({ url, names: ["show"] })).tools, ({ name }) => name), ["show"]);
  await assert.rejects(mcpTools({ url: "http://127.0.0.1:1/mcp" }), { kind: "network", message: /^mcpTools: / });
  await assert.rejects(mcpTools({ url, signal: AbortSignal.abort(new Error("enough")) }), /enough/);
});

test("a token goes to the server's origin alone, and is told to nobody", async () => {
  const seen = [];
  const other = await serving(async (request) => {
    seen.push(request.headers.get("authorization"));
    return new Response("no", { status: 401 });
  });
  const redirects = await serving(async () => Response.redirect(other, 307));
  const error = await mcpTools({ url: redirects, token: "hf_secret_token" }).catch((error) => error);
  assert.ok(!JSON.stringify(error).includes("hf_secret_token"));
  assert.deepEqual(seen.filter(Boolean), []);
  await assert.rejects(mcpTools({ url: other, token: "hf_secret_token" }), { kind: "unauthorized" });
  // A server that says it back, as a result and as an error.
  const records = [];
  const hub = new Hub({ endpoint: emulator.endpoint, token: null, policy: { groups: { mcp: "full" }, endpoints: { "mcp.echo": "on" } }, onCall: (record) => records.push(record) });
  const url = await serving(async (request) => {
    const server = new Server({ name: "echo", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ name: "echo", inputSchema: { type: "object" } }] }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      const text = `you are ${request.headers.get("authorization")}`;
      if (params.arguments.fails) throw new Error(text);
      return { content: [{ type: "text", text }] };
    });
    const transport = new WebStandardStreamableHTTPServerTransport();
    await server.connect(transport);
    return await transport.handleRequest(request);
  });
  const set = new Toolset((await mcpTools({ url, hub, token: "hf_secret_token" })).tools);
  const texts = [await set.callTool("echo", {}), await set.callTool("echo", { fails: true })].map(({ text }) => text);
  assert.ok(texts.every((text) => text.includes("you are Bearer [hidden]")), texts.join());
  assert.equal(records.length, 2);
  assert.ok(!JSON.stringify(records).includes("hf_secret_token"));
});

test("pages of tools that never end are an error", async () => {
  for (const [cursors, names] of [[["a", "b", "a"], undefined], [["a", ""], ["t0", "t1"]]]) {
    let page = 0;
    const url = await serving(async (request) => {
      const server = new Server({ name: "pages", version: "1" }, { capabilities: { tools: {} } });
      server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ name: `t${page}`, inputSchema: { type: "object" } }], nextCursor: cursors[page++] }));
      const transport = new WebStandardStreamableHTTPServerTransport();
      await server.connect(transport);
      return await transport.handleRequest(request);
    });
    if (names) assert.deepEqual(Array.from((await mcpTools({ url })).tools, ({ name }) => name), names);
    else await assert.rejects(mcpTools({ url }), { kind: "protocol", message: /form a loop/ });
  }
});

test("the tools of a server are held to the policy of a client", async () => {
  const calls = [];
  const url = await serving(official(calls));
  const records = [];
  const asked = [];
  const governed = async (policy, options = {}) => {
    const held = new Hub({ endpoint: emulator.endpoint, token: null, policy, onCall: (record) => records.push(record), ...options });
    return new Toolset((await mcpTools({ url, hub: held, trusted: true })).tools);
  };
  const outcome = async (set, name, args = {}) => {
    const { isError, text } = await set.callTool(name, args);
    return isError ? text : "done";
  };
  const none = await governed({ groups: { models: "full" } });
  assert.match(await outcome(none, "add", { a: 1, b: 2 }), /^mcp\.add: the policy does not allow it \(groups\.mcp: off\)\. Nothing was sent/);
  const reads = await governed({ groups: { mcp: "read" } });
  assert.equal(await outcome(reads, "add", { a: 1, b: 2 }), "done");
  assert.match(await outcome(reads, "show"), /groups\.mcp: read/);
  const full = await governed({ agent: "adder", groups: { mcp: "full" }, endpoints: { "mcp.add": "off" } }, { approve: ({ sentence, endpoint }) => asked.push([endpoint, sentence]) > 1 });
  assert.match(await outcome(full, "add", { a: 1, b: 2 }), /endpoints\.mcp\.add: off/);
  assert.equal(await outcome(full, "show"), "done");
  assert.match(await outcome(full, "hub_wipe"), /declined/);
  assert.equal(await outcome(full, "hub_wipe"), "done");
  assert.deepEqual(asked[0], ["mcp.hub.wipe", `Call the tool hub.wipe of ${new URL(url).host}`]);
  assert.deepEqual(calls, [{ a: 1, b: 2, authorization: null }, "wipe"]);
  assert.match(await outcome(full, "fail"), /no luck/);
  assert.deepEqual(records.map(({ endpoint, decision, outcome }) => `${endpoint} ${decision} ${outcome}`), [
    "mcp.add denied denied",
    "mcp.add allowed succeeded",
    "mcp.show denied denied",
    "mcp.add denied denied",
    "mcp.show allowed succeeded",
    "mcp.hub.wipe declined denied",
    "mcp.hub.wipe approved succeeded",
    "mcp.fail allowed failed",
  ]);
  const last = records.at(-2);
  assert.deepEqual([last.agent, last.group, last.access, last.host, last.sentence], ["adder", "mcp", "write", new URL(url).host, `Called the tool hub.wipe of ${new URL(url).host}, with approval`]);

  const dry = await governed({ groups: {}, dryRun: true });
  assert.equal(await outcome(dry, "add", { a: 1, b: 2 }), "done");
  assert.equal(records.at(-1).wouldDeny, "groups.mcp: off");
  const few = await governed({ groups: { mcp: "read" }, budgets: [{ calls: 1 }] });
  assert.equal(await outcome(few, "add", { a: 1, b: 2 }), "done");
  assert.match(await outcome(few, "add", { a: 1, b: 2 }), /budget/);
});

test("the name of a tool says nothing else to the person who is asked", async () => {
  const url = await serving(async (request) => {
    const server = new Server({ name: "sly", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ name: "x of good.example|{b}[ {a}]\nPS", inputSchema: { type: "object" } }] }));
    const transport = new WebStandardStreamableHTTPServerTransport();
    await server.connect(transport);
    return await transport.handleRequest(request);
  });
  const asked = [];
  const hub = new Hub({ endpoint: emulator.endpoint, token: null, policy: { groups: { mcp: "full" } }, approve: ({ sentence }) => asked.push(sentence) > 1 });
  const [tool] = (await mcpTools({ url, hub })).tools;
  assert.match(tool.name, /^[\w-]+$/);
  await assert.rejects(Promise.resolve(tool.call({ a: "secret" }, {})), { kind: "policy" });
  assert.deepEqual(asked, [`Call the tool x_of_good.example__b____a___PS of ${new URL(url).host}`]);
});

test("a server that is not trusted is not believed that its tools only read", async () => {
  const url = await serving(official());
  const hub = new Hub({ endpoint: emulator.endpoint, token: null, policy: { groups: { mcp: "read" } } });
  const set = new Toolset((await mcpTools({ url, hub })).tools);
  assert.equal(set.get("add").annotations.readOnlyHint, false);
  assert.match((await set.callTool("add", { a: 1, b: 2 })).text, /groups\.mcp: read/);
});

test("a model works with the tools of a server and of the Hub in one loop", async () => {
  const url = await serving(official());
  const set = new Toolset([...(await tools({ hub, groups: ["account"] })), ...(await mcpTools({ url })).tools]);
  const script = [{ calls: [{ name: "add", arguments: { a: 20, b: 22 } }, { name: "hub_whoAmI" }] }, { text: "42 for alice" }];
  const run = await runTools({ router, model: "emulator/scripted", tools: set, messages: [{ role: "system", content: JSON.stringify(script) }, { role: "user", content: "Go" }] });
  assert.equal(run.text, "42 for alice");
  assert.deepEqual(run.messages.filter(({ role }) => role === "tool").map(({ content }) => content.slice(0, 14)), ["42", '{"type":"user"']);
});

/** The program `hf-wasm`, with a client that answers what it is asked. */
function program(args, { answer, env = {} } = {}) {
  const transport = new StdioClientTransport({ command: process.execPath, args: [cli, "mcp", "--endpoint", emulator.endpoint, "--router", emulator.routerEndpoint, ...args], env: { PATH: process.env.PATH, HF_TOKEN: emulator.tokens.write, ...env } });
  const client = new Client({ name: "assistant", version: "1" }, { capabilities: answer ? { elicitation: {} } : {} });
  if (answer) client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params));
  return client.connect(transport).then(() => {
    stops.push(() => client.close());
    return client;
  });
}

test("over stdio, without a policy: what changes nothing", async () => {
  const client = await program([]);
  const { tools: listed } = await client.listTools();
  assert.ok(listed.length > 15 && listed.every(({ annotations }) => annotations.readOnlyHint), listed.map(({ name }) => name).join());
  const { content } = await client.callTool({ name: "hub_whoAmI", arguments: {} });
  assert.match(content[0].text, /"name":"alice"/);
});

test("over stdio, with a policy, a log, and a person who is asked", async () => {
  const [policy, log] = ["policy.json", "calls.ndjson"].map((name) => path.join(folder, name));
  writeFileSync(policy, JSON.stringify({ agent: "assistant", groups: { repos: "full" }, repos: { "acme/*": "read" } }));
  const asked = [];
  const answer = ({ message, requestedSchema }) => {
    asked.push([message, Object.keys(requestedSchema.properties)]);
    return { action: "accept", content: { allow: asked.length > 1 } };
  };
  const client = await program(["--policy", policy, "--log", log], { answer });
  const call = async (name, args) => {
    const { isError, content } = await client.callTool({ name, arguments: args });
    return [isError, content[0].text];
  };
  const repo = "alice/over-stdio";
  assert.equal((await call("hub_createRepo", { repo }))[0], false);
  assert.match((await call("hub_updateRepoSettings", { repo: "acme/tiny-bert", private: true }))[1], /does not allow/);
  assert.match((await call("hub_deleteRepo", { repo }))[1], /declined/);
  assert.deepEqual(await call("hub_deleteRepo", { repo }), [false, "Done."]);
  assert.deepEqual(asked[0], [`assistant wants to: Delete the repository ${repo} with all its files. Allow it this once?`, ["allow"]]);
  await client.close();
  const lines = readFileSync(log, "utf8").trim().split("\n").map(JSON.parse);
  assert.deepEqual(lines.map(({ endpoint, decision, agent }) => [agent, endpoint, decision]), [
    ["assistant", "createRepo", "allowed"],
    ["assistant", "updateRepoSettings", "denied"],
    ["assistant", "deleteRepo", "declined"],
    ["assistant", "deleteRepo", "approved"],
  ]);
  const mute = await program(["--policy", policy]);
  const { content } = await mute.callTool({ name: "hub_deleteRepo", arguments: { repo } });
  assert.match(content[0].text, /cannot ask a person/);
});

test("over stdio, what is wrong is told before anything is served", async () => {
  const wrong = path.join(folder, "wrong.json");
  writeFileSync(wrong, JSON.stringify({ groups: { modles: "read" } }));
  const nothing = path.join(folder, "nothing.json");
  writeFileSync(nothing, "null");
  const { spawnSync } = await import("node:child_process");
  const run = (...args) => spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", input: "", env: { PATH: process.env.PATH, HF_TOKEN: "hf_never_shown" } });
  for (const [args, words] of [
    [["mcp", "--policy", wrong], /policy\.groups\.modles/],
    [["mcp", "--policy", nothing], /"policy" must be an object/],
    [["mcp", "--policy", path.join(folder, "none.json")], /none\.json cannot be read/],
    [["mcp", "--groups", "moons"], /no moons/],
    [["mcp", "--polcy", "x"], /--polcy/],
    [["serve"], /the one command is mcp/],
  ]) {
    const { status, stdout, stderr } = run(...args);
    assert.deepEqual([status, stdout], [1, ""], stderr);
    assert.match(stderr, words);
    assert.ok(!stderr.includes("hf_never_shown"));
  }
  assert.match(run("--help").stdout, /Usage: hf-wasm mcp/);
  assert.match(run("--version").stdout, /^\d+\.\d+\.\d+\n$/);
});

test("a page is told that the Hub's server answers no foreign page", { timeout: 60_000 }, async () => {
  const { build } = await import("esbuild");
  const contents = `import { mcpTools } from "hf-wasm/mcp"; globalThis.tried = mcpTools().then(() => "connected", ({ kind, message, advice }) => [kind, message, advice]);`;
  const { outputFiles } = await build({ stdin: { contents, resolveDir: fileURLToPath(new URL("../..", import.meta.url)) }, bundle: true, format: "esm", target: "es2022", write: false, conditions: ["browser"] });
  const browser = await launch();
  stops.push(() => browser.close());
  const page = await browser.newPage();
  await page.route("https://huggingface.co/**", (route) => route.fulfill({ status: 200, body: "{}", headers: { "access-control-allow-origin": "https://huggingface.co" } }));
  await page.route("https://app.example/**", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto("https://app.example/");
  await page.addScriptTag({ content: outputFiles[0].text, type: "module" });
  await page.waitForFunction(() => globalThis.tried);
  const [kind, message, advice] = await page.evaluate(() => globalThis.tried);
  assert.equal(kind, "network");
  assert.match(message, /a page of https:\/\/app\.example could not reach https:\/\/huggingface\.co\/mcp: the Hub's MCP server accepts pages of its own origin only/);
  assert.match(advice, /Connect from a server/);
});
