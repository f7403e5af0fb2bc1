/** Tools for models, in the form of each library, and the way to call them. */
import type { AbortSignal } from "../types/platform.js";
import { type AgentsTool, type AiTool, agentsTool, aiTool, type ChatTool, chatTool, type McpTool, mcpTool, type ResponsesTool, responsesTool } from "./forms.js";
import { asText, explained } from "./result.js";

/** A JSON Schema. */
export type JsonSchema = Record<string, unknown>;

/** What a tool does to the world, in MCP's words. */
export interface ToolAnnotations {
  title?: string | undefined;
  /** It changes nothing. */
  readOnlyHint?: boolean | undefined;
  /** It may do what cannot be taken back. */
  destructiveHint?: boolean | undefined;
  /** Calling it twice with the same arguments does no more than calling it once. */
  idempotentHint?: boolean | undefined;
  /** It deals with what others write. */
  openWorldHint?: boolean | undefined;
}

/** Something that a model may call. */
export interface AgentTool {
  /** Letters, digits, `_` and `-`, at most 64. */
  name: string;
  description: string;
  /** JSON Schema of the arguments, which are an object. */
  parameters: JsonSchema;
  annotations?: ToolAnnotations | undefined;
  /** Does it. What it returns becomes text for the model, and what it throws an error that the model reads. */
  call(args: Record<string, unknown>, options: ToolCallOptions): unknown;
}

export interface ToolCallOptions {
  /** Aborts the call. */
  signal?: AbortSignal | undefined;
}

/** What came of a call. */
export interface ToolResult {
  /** For the model: the value as JSON or text, shortened where it is long, or what went wrong and what to do about it. */
  text: string;
  isError: boolean;
  /** Whether something was left out of the text. */
  isShortened: boolean;
  /** What the tool returned, whole. */
  value?: unknown;
  /** What the tool threw. */
  error?: unknown;
}

export interface ToolsetOptions {
  /** Characters of a result; what is longer is shortened. Default 20,000. */
  maxResultLength?: number | undefined;
}

const MOST_LETTERS = 20_000;

/**
 * Tools of any origin, such as those of {@link tools}, an MCP server and a program's own, under names that each stand
 * for one.
 */
export class Toolset implements Iterable<AgentTool> {
  readonly #tools = new Map<string, AgentTool>();
  readonly #most: number;

  constructor(tools: Iterable<AgentTool>, { maxResultLength = MOST_LETTERS }: ToolsetOptions = {}) {
    this.#most = maxResultLength;
    for (const tool of tools) {
      const { name } = tool;
      if (!/^[\w-]{1,64}$/.test(name)) throw new TypeError(`"${name}" is no name for a tool: at most 64 letters, digits, _ and -`);
      if (this.#tools.has(name)) throw new TypeError(`two tools are named ${name}`);
      this.#tools.set(name, tool);
    }
  }

  [Symbol.iterator](): IterableIterator<AgentTool> {
    return this.#tools.values();
  }

  get(name: string): AgentTool | undefined {
    return this.#tools.get(name);
  }

  /** For `chat.completions` of `openai`, and for this package's `chatCompletion`. */
  get chat(): ChatTool[] {
    return Array.from(this, chatTool);
  }

  /** For `responses` of `openai`. */
  get responses(): ResponsesTool[] {
    return Array.from(this, responsesTool);
  }

  /** As an MCP server lists them. */
  get mcp(): McpTool[] {
    return Array.from(this, mcpTool);
  }

  /** For `generateText` and `streamText` of `ai`. */
  get ai(): Record<string, AiTool> {
    return Object.fromEntries(Array.from(this, (tool) => [tool.name, aiTool(this, tool)]));
  }

  /** For an `Agent` of `@openai/agents`. */
  get agents(): AgentsTool[] {
    return Array.from(this, (tool) => agentsTool(this, tool));
  }

  /**
   * Calls a tool as a model asks for it. It rejects only where the signal aborts; everything else is a result.
   *
   * @param args - JSON text as the model wrote it, or its value.
   * @param options - `finishReason`: why the model's response ended, by which arguments that were cut off are known.
   */
  async callTool(name: string, args: unknown, { signal, finishReason }: ToolCallOptions & { finishReason?: string | null | undefined } = {}): Promise<ToolResult> {
    signal?.throwIfAborted();
    const tool = this.#tools.get(name);
    if (!tool) return refused(`There is no tool "${name}". There are: ${[...this.#tools.keys()].join(", ")}.`);
    let given: unknown;
    try {
      given = read(args, finishReason);
    } catch (error) {
      return refused(`${name} was not called: ${(error as Error).message}`);
    }
    try {
      const { valid, problems } = await validated(tool, given);
      if (!valid) return refused(`${name} was not called, since its arguments are wrong. Correct them and call it again.\n- ${problems.join("\n- ")}`);
      signal?.throwIfAborted();
      const value = await tool.call(valid, { signal });
      return { ...(await asText(value, this.#most)), isError: false, value };
    } catch (error) {
      signal?.throwIfAborted();
      return { ...refused(explained(error)), error };
    }
  }
}

/** Checks arguments against a tool's schema: what is valid, or what is wrong with them. */
export async function validated(tool: AgentTool, args: unknown): Promise<{ valid?: Record<string, unknown>; problems: string[] }> {
  const { problemsOf } = await import("./validate.js");
  const given = args as Record<string, unknown>;
  const problems = problemsOf(tool.parameters, given);
  if (problems.length === 0) return { valid: given, problems };
  // Many models write null for what they leave out.
  const required = (tool.parameters["required"] ?? []) as string[];
  const isLeftOut = ([name, value]: [string, unknown]) => value === null && !required.includes(name);
  const lean = Object.fromEntries(Object.entries(Object(args)).filter((entry) => !isLeftOut(entry)));
  const isObject = typeof args === "object" && args !== null && !Array.isArray(args);
  return isObject && problemsOf(tool.parameters, lean).length === 0 ? { valid: lean, problems: [] } : { problems };
}

/** The value of arguments; throws where they are no whole JSON. */
function read(args: unknown, finishReason: string | null | undefined): unknown {
  if (typeof args !== "string") return args ?? {};
  const isCut = finishReason === "length";
  if (args.trim() === "" && !isCut) return {};
  try {
    return JSON.parse(args);
  } catch {
    const seems = isCut || !/[}\]]\s*$/.test(args);
    throw new Error(
      seems
        ? "its arguments were cut off before their end. Call it again with shorter arguments, in several calls if need be."
        : "its arguments are no valid JSON. Write them again as one JSON object.",
    );
  }
}

function refused(text: string): ToolResult {
  return { text, isError: true, isShortened: false };
}
