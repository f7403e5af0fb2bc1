// The tool of an MCP server about which a person has to be asked: what comes of it where there is no answer.

import assert from "node:assert/strict";
import { test } from "node:test";

import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { Hub } from "hf-wasm";
import { mcpTools } from "hf-wasm/mcp";

/** A server with one tool, which counts the calls that reach it, and a client whose policy has a person asked. */
async function asking(approve) {
  const [transport, other] = InMemoryTransport.createLinkedPair();
  const server = new Server({ name: "adder", version: "1" }, { capabilities: { tools: {} } });
  let calls = 0;
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ name: "add", inputSchema: { type: "object" } }] }));
  server.setRequestHandler(CallToolRequestSchema, () => ({ content: [{ type: "text", text: `${++calls}` }] }));
  await server.connect(other);
  const records = [];
  const hub = new Hub({ token: null, policy: { groups: { mcp: "full" }, budgets: [{ calls: 1 }] }, approve, onCall: (record) => records.push(record) });
  const { tools } = await mcpTools({ transport, url: "https://adder.example/", hub });
  const recorded = () => records.splice(0).map(({ decision, outcome, rule }) => [decision, outcome, rule]);
  return { call: (options) => tools[0].call({}, options), calls: () => calls, recorded };
}

const rule = "endpoints.mcp.add: ask";

test("an error of approve declines", async () => {
  const { call, calls, recorded } = await asking(() => {
    throw new Error("the approver is down");
  });
  // Twice: the budget of one call has room still.
  for (let time = 0; time < 2; time++) {
    await assert.rejects(call(), { kind: "policy", rule, message: "mcp.add: the approve option failed" });
    assert.deepEqual(recorded(), [["declined", "denied", rule]]);
  }
  assert.equal(calls(), 0);
});

test("a call that is aborted while a person is asked was not allowed", async () => {
  let answer = new Promise(() => {});
  const { call, calls, recorded } = await asking(() => answer);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 20);
  await assert.rejects(call({ signal: stop.signal }), { kind: "aborted" });
  assert.deepEqual(recorded(), [["asked", "aborted", rule]]);
  assert.equal(calls(), 0);
  answer = Promise.resolve(true);
  assert.equal(await call(), "1");
  assert.deepEqual(recorded(), [["approved", "succeeded", rule]]);
});

test("a hub that is none is refused, and does not stand for no policy", async () => {
  for (const hub of [null, false, "", {}]) await assert.rejects(mcpTools({ url: "http://127.0.0.1:1/", hub }), { kind: "invalidInput", field: "hub" }, String(hub));
});
