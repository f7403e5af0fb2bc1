/**
 * The Model Context Protocol, both ways: the tools of a server for models, and tools as a server. On the official SDK,
 * `@modelcontextprotocol/sdk`, which has to be installed beside this package.
 *
 * @module hf-wasm/mcp
 */
export { type McpConnection, type McpToolsOptions, mcpTools } from "./client.js";
export { type McpHandlerOptions, mcpHandler } from "./handler.js";
export { askClient, type McpServerOptions, mcpServer } from "./server.js";
