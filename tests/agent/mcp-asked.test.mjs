// A client that holds the tools of an MCP server to its policy has to be one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { mcpTools } from "hf-wasm/mcp";

test("a hub that is none is refused, and does not stand for no policy", async () => {
  for (const hub of [null, false, "", {}]) await assert.rejects(mcpTools({ url: "http://127.0.0.1:1/", hub }), { kind: "invalidInput", field: "hub" }, String(hub));
});
