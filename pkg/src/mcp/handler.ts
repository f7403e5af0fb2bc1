/** Tools as an MCP server over HTTP, for every runtime that knows `Request` and `Response`. */
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";

import type { Toolset } from "../agent/toolset.js";
import { type McpServerOptions, mcpServer } from "./server.js";

export interface McpHandlerOptions extends McpServerOptions {
  /**
   * The tools; or a function that gives those for a request, such as with the token that it brings, or a `Response` that
   * refuses it. Whoever reaches the handler acts with the rights of the tools.
   */
  tools: Toolset | PromiseLike<Toolset> | ((request: Request) => Toolset | Response | PromiseLike<Toolset | Response>);
  /** Names that the server is reached by, as `mcp.example.org`. Default: this machine only, by which no page gets in under a name of its own. */
  allowedHosts?: readonly string[] | undefined;
  /** Origins of pages that may use it, besides its own. Default none. */
  allowedOrigins?: readonly string[] | undefined;
  /** Bytes of a request. Default 4 MiB. */
  maxBytes?: number | undefined;
}

const LOCAL = ["localhost", "127.0.0.1", "[::1]"];
const METHODS = "POST, OPTIONS";

/**
 * A handler of MCP's Streamable HTTP without sessions: `export default { fetch: mcpHandler({ tools: tools({ hub }) }) }`.
 */
export function mcpHandler({ tools, allowedHosts = LOCAL, allowedOrigins = [], maxBytes, ...options }: McpHandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const origin = request.headers.get("origin");
    const host = request.headers.get("host") ?? new URL(request.url).host;
    const name = host.replace(/:\d+$/, "").toLowerCase();
    if (!allowedHosts.includes(name) && !allowedHosts.includes(host)) return refused(403, `the host ${host} is not in allowedHosts`);
    if (origin !== null && !allowedOrigins.includes(origin) && !isOwn(origin, host)) return refused(403, `pages of ${origin} are not in allowedOrigins`);
    if (request.method === "OPTIONS") return shared(new Response(null, { status: 204 }), origin);
    // There are no sessions, so there is nothing to listen to and nothing to end.
    if (request.method !== "POST") return shared(refused(405, "only POST", { allow: METHODS }), origin);
    const given = typeof tools === "function" ? await tools(request) : await tools;
    if (given instanceof Response) return shared(given, origin);
    const server = mcpServer(given, options);
    const limit = maxBytes === undefined ? {} : { maxRequestBodySize: maxBytes };
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true, ...limit });
    await server.connect(transport);
    // Whoever asked is gone: what is under way is aborted.
    request.signal.addEventListener("abort", () => void server.close(), { once: true });
    try {
      return shared(await transport.handleRequest(request), origin);
    } finally {
      await server.close();
    }
  };
}

/** Whether a page is one of the server's own, under a name that was found to be allowed. */
function isOwn(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}

/** A failure as JSON-RPC has it. */
function refused(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ jsonrpc: "2.0", error: { code: -32000, message }, id: null }, { status, headers });
}

/** With what lets the page of an allowed origin read it. */
function shared(response: Response, origin: string | null): Response {
  if (origin === null) return response;
  const headers = new Headers(response.headers);
  headers.set("access-control-allow-origin", origin);
  headers.set("access-control-allow-methods", METHODS);
  headers.set("access-control-allow-headers", "authorization, content-type, accept, mcp-protocol-version, mcp-session-id, last-event-id");
  headers.set("access-control-expose-headers", "mcp-session-id, www-authenticate");
  headers.append("vary", "origin");
  return new Response(response.body, { status: response.status, headers });
}
