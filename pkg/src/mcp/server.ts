/** Tools as an MCP server, whatever it is reached by. */
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { type CallToolResult, CallToolRequestSchema, ErrorCode, ListToolsRequestSchema, McpError } from "@modelcontextprotocol/sdk/types.js";
import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/cfworker";

import type { ApprovalRequest } from "../agent/record.js";
import type { ToolResult, Toolset } from "../agent/toolset.js";
import { isBlob } from "../body.js";
import { VERSION } from "../generated/version.js";

export interface McpServerOptions {
  /** How the server is called. Default `hf-wasm`. */
  name?: string | undefined;
  version?: string | undefined;
  /** What a model should know before it uses the tools. */
  instructions?: string | undefined;
}

/** Bytes of an image or a sound that is sent along. */
const LARGEST = 5_000_000;

/** A server of these tools, to connect to a transport of the SDK. */
export function mcpServer(tools: Toolset, { name = "hf-wasm", version = VERSION, instructions }: McpServerOptions = {}): Server {
  const given = instructions === undefined ? {} : { instructions };
  const server = new Server({ name, version }, { capabilities: { tools: {} }, jsonSchemaValidator: new CfWorkerJsonSchemaValidator(), ...given });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: tools.mcp }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    if (!tools.get(params.name)) throw new McpError(ErrorCode.InvalidParams, `there is no tool ${params.name}`);
    return await contentOf(await tools.callTool(params.name, params.arguments, { signal }));
  });
  return server;
}

async function contentOf({ text, isError, value }: ToolResult): Promise<CallToolResult> {
  if (isBlob(value) && value.size <= LARGEST) {
    const [kind] = value.type.split("/", 1);
    if (kind === "image" || kind === "audio") return { content: [{ type: kind, data: await base64(value), mimeType: value.type }] };
  }
  return { content: [{ type: "text", text }], isError };
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/**
 * Asks the person behind a server's client about a call: for the option `approve` of a `Hub`. Needs a connection that
 * lasts, such as stdio, and a client that can ask (MCP's elicitation); without one the call is declined.
 */
export async function askClient(server: Server, { sentence, agent }: ApprovalRequest): Promise<boolean | string> {
  if (!server.getClientCapabilities()?.elicitation) return "this assistant cannot ask a person";
  const asked = await server.elicitInput({
    message: `${agent ?? "A model"} wants to: ${sentence}. Allow it this once?`,
    requestedSchema: { type: "object", properties: { allow: { type: "boolean", title: "Allow", description: sentence } }, required: ["allow"] },
  });
  return asked.action === "accept" && asked.content?.["allow"] === true;
}
