// The client that MCP's conformance suite judges: it connects to the address that it is given and calls each tool.

import { Toolset } from "hf-wasm/agent";
import { mcpTools } from "hf-wasm/mcp";

/** Arguments of the suite's tools. */
const ARGUMENTS = { add_numbers: { a: 5, b: 3 } };

const server = await mcpTools({ url: process.argv.at(-1), trusted: true });
const tools = new Toolset(server.tools);
for (const { name } of tools) {
  const { isError, text } = await tools.callTool(name, ARGUMENTS[name] ?? {});
  if (isError) throw new Error(text);
}
await server.close();
