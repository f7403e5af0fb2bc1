/** The tools of an MCP server, for models. */
import { Client as McpClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/cfworker";

import { guarded } from "../agent/outside.js";
import { messageOf } from "../agent/result.js";
import type { AgentTool, JsonSchema, ToolAnnotations } from "../agent/toolset.js";
import { Client } from "../client.js";
import { AbortedError, ForbiddenError, HfError, InvalidInputError, NetworkError, ProtocolError, ServerError, UnauthorizedError } from "../errors.js";
import type { Hub } from "../hub.js";
import type { AbortSignal } from "../types/platform.js";
import { VERSION } from "../generated/version.js";

export interface McpToolsOptions {
  /** URL of the server. Default: the Hub's own, `https://huggingface.co/mcp`. */
  url?: string | URL | undefined;
  /**
   * Access token, or a function that gives one for each request. It is sent to the server's origin alone. Without one the
   * Hub offers a few tools that read.
   */
  token?: string | (() => string | null | undefined | Promise<string | null | undefined>) | null | undefined;
  /** The client whose policy, approval and records hold for these tools, too: its group `mcp`. */
  hub?: Hub | undefined;
  /** Which tools; default all. */
  names?: readonly string[] | undefined;
  /**
   * Whether the server's word counts that a tool only reads, or destroys nothing. Default: of the Hub's own server. Any
   * other tool is one that may do anything.
   */
  trusted?: boolean | undefined;
  /** Aborts the connecting. */
  signal?: AbortSignal | undefined;
  /** Replaces the global `fetch`. */
  fetch?: ((url: string | URL, init?: RequestInit) => Promise<Response>) | undefined;
  /** Another way to a server, such as the SDK's `StdioClientTransport`; `url` then only names it. */
  transport?: Transport | undefined;
}

/** A connection to a server, until it is closed. */
export interface McpConnection {
  /** Its tools, for a `Toolset`. */
  tools: AgentTool[];
  /** What the server says of itself to models. */
  instructions: string | undefined;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const HUB = "https://huggingface.co/mcp";
/** Shorter tokens are words such as `none`. */
const SHORTEST = 8;
const TRUSTED = ["https://huggingface.co", "https://hf.co"];

/** What the SDK says of a call's result. */
type Result = Awaited<ReturnType<McpClient["callTool"]>>;

/**
 * Connects to an MCP server, and gives its tools. They join those of `tools()` in a `Toolset`, and with `hub` are held to
 * the same policy: by its group `mcp`, and one by one as `endpoints: { "mcp.hf_jobs": "ask" }`.
 *
 * The Hub's server accepts pages of the Hub's own origin only: from another page, give a `url` of yours that forwards the requests.
 */
export async function mcpTools({ url = HUB, token, hub, names, trusted, signal, fetch = globalThis.fetch, transport }: McpToolsOptions = {}): Promise<McpConnection> {
  if (hub !== undefined && !(hub instanceof Client)) throw new InvalidInputError({ kind: "invalidInput", message: "mcpTools: hub must be a Hub", field: "hub" });
  const address = new URL(url);
  const client = new McpClient({ name: "hf-wasm", version: VERSION }, { jsonSchemaValidator: new CfWorkerJsonSchemaValidator() });
  let sent = "";
  // A server may echo the token, which neither a model nor a record is to see.
  const hide = (text: string) => (sent.length >= SHORTEST ? text.replaceAll(sent, "[hidden]") : text);
  const authorized = async (to: string | URL, init?: RequestInit) => {
    const given = typeof token === "function" ? await token() : token;
    sent = given || sent;
    const headers = new Headers(init?.headers);
    if (given && new URL(to).origin === address.origin) headers.set("authorization", `Bearer ${given}`);
    return await fetch(to, { ...init, headers });
  };
  // The SDK declares its own class without the `undefined` that its interface allows.
  const way = transport ?? (new StreamableHTTPClientTransport(address, { fetch: authorized }) as Transport);
  const options = signal ? { signal } : {};
  const listed: Awaited<ReturnType<McpClient["listTools"]>>["tools"] = [];
  try {
    await client.connect(way, options);
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await client.listTools(cursor ? { cursor } : {}, options);
      listed.push(...page.tools);
      cursor = page.nextCursor;
      if (cursor && seen.has(cursor)) throw new ProtocolError({ kind: "protocol", message: `mcpTools: the pages of ${address.origin}'s tools form a loop` });
      if (cursor) seen.add(cursor);
    } while (cursor);
  } catch (error) {
    await client.close().catch(() => {});
    signal?.throwIfAborted();
    throw unreachable(address, error, hide);
  }
  const isTrusted = trusted ?? (!transport && TRUSTED.includes(address.origin));
  const close = () => client.close();
  const wanted = listed.filter(({ name }) => names?.includes(name) ?? true);
  const taken = new Set<string>();
  return {
    tools: wanted.map(({ name, title, description = "", inputSchema, annotations = {} }): AgentTool => {
      const { readOnlyHint = false, destructiveHint = !readOnlyHint } = isTrusted ? annotations : {};
      const own = unique(name, taken);
      const tool = { name, server: address.host, readOnly: readOnlyHint, destructive: destructiveHint && !readOnlyHint };
      return {
        name: own,
        description,
        parameters: inputSchema as JsonSchema,
        annotations: { ...annotations, title: title ?? annotations.title, readOnlyHint, destructiveHint } as ToolAnnotations,
        call: (args, { signal } = {}) => guarded(hub, tool, args, () => called(client, name, args, signal, hide), signal),
      };
    }),
    instructions: client.getInstructions(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Calls a tool. What the server reports as an error is thrown. */
async function called(client: McpClient, name: string, args: Record<string, unknown>, signal: AbortSignal | undefined, hide: (text: string) => string): Promise<unknown> {
  let result: Result;
  try {
    result = await client.callTool({ name, arguments: args }, undefined, signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted) throw new AbortedError({ kind: "aborted", message: `${name}: aborted`, endpoint: name });
    throw failure(name, error, hide);
  }
  const text = hide(textOf(result));
  if (result["isError"]) throw new ServerError({ kind: "server", message: `${name}: ${text || "the server reports an error"}`, endpoint: name });
  return text;
}

/** What a model can read of a result. */
function textOf({ content, structuredContent }: Result): string {
  const parts = ((content ?? []) as { type: string; text?: string; data?: string; mimeType?: string; uri?: string; name?: string; resource?: { uri: string; text?: string } }[]).map((part) => {
    if (part.type === "text") return part.text ?? "";
    if (part.type === "resource") return part.resource?.text ?? `[resource ${part.resource?.uri}, not shown]`;
    if (part.type === "resource_link") return `[${part.name ?? "resource"}: ${part.uri}]`;
    return `[${part.mimeType ?? part.type}, ${Math.floor(((part.data ?? "").length * 3) / 4)} bytes, not shown]`;
  });
  if (parts.length === 0 && structuredContent !== undefined) return JSON.stringify(structuredContent);
  return parts.join("\n");
}

/** A name that a model may call it by. */
function unique(name: string, taken: Set<string>): string {
  const plain = name.replace(/[^\w-]/g, "_").slice(0, 60);
  let own = plain;
  for (let count = 2; taken.has(own); count++) own = `${plain}_${count}`;
  taken.add(own);
  return own;
}

function unreachable(address: URL, error: unknown, hide: (text: string) => string): HfError {
  const page = (globalThis as { location?: { origin?: string } }).location?.origin;
  const found = failure("mcpTools", error, hide);
  const isForeign = page !== undefined && page !== address.origin;
  if (!isForeign || found.kind !== "network") return found;
  const reason = TRUSTED.includes(address.origin) ? "the Hub's MCP server accepts pages of its own origin only" : "that server may not allow pages of other origins (CORS)";
  return new NetworkError({ ...found, kind: "network", message: `mcpTools: a page of ${page} could not reach ${address.href}: ${reason}`, advice: "Connect from a server, or give a url of your own that forwards the requests." });
}

/** A failure of the SDK's as one of this package's. */
function failure(endpoint: string, error: unknown, hide: (text: string) => string): HfError {
  if (error instanceof HfError) return error;
  const { code } = Object(error) as { code?: unknown };
  const facts = { message: `${endpoint}: ${hide(messageOf(error))}`, endpoint };
  if (code === 401 || (error as Error)?.name === "UnauthorizedError") return new UnauthorizedError({ ...facts, kind: "unauthorized", status: 401, advice: "Give a token that is valid." });
  if (code === 403) return new ForbiddenError({ ...facts, kind: "forbidden", status: 403 });
  // Errors of the protocol have negative codes.
  if (typeof code === "number") return new ServerError({ ...facts, kind: "server", ...(code > 0 ? { status: code } : {}) });
  return new NetworkError({ ...facts, kind: "network" });
}
