/** A tool in the form of each library. The types are the libraries' own in structure, so that none has to be installed. */
import type { AbortSignal } from "../types/platform.js";
import { type AgentTool, type JsonSchema, type ToolAnnotations, type Toolset, validated } from "./toolset.js";

/** A tool of `openai`'s `chat.completions`. */
export interface ChatTool {
  type: "function";
  function: { name: string; description: string; parameters: JsonSchema };
}

/** A tool of `openai`'s `responses`. */
export interface ResponsesTool {
  type: "function";
  name: string;
  description: string;
  parameters: JsonSchema;
  /** Not strict: that would forbid parameters that may be left out. */
  strict: false;
}

/** A tool as an MCP server lists it. */
export interface McpTool {
  [property: string]: unknown;
  name: string;
  title?: string;
  description: string;
  inputSchema: { type: "object"; [keyword: string]: unknown };
  annotations: { title?: string; readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
}

/** A schema as standardschema.dev has it, with its JSON Schema. */
export interface StandardSchema {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: Record<string, unknown>; readonly output: Record<string, unknown> } | undefined;
    readonly validate: (value: unknown) => Promise<{ readonly value: Record<string, unknown>; readonly issues?: undefined } | { readonly issues: readonly { readonly message: string }[] }>;
    readonly jsonSchema: { readonly input: () => JsonSchema; readonly output: () => JsonSchema };
  };
}

/** A tool of `ai`. What goes wrong is thrown, and reaches the model as the error of its call. */
export interface AiTool {
  title?: string;
  description: string;
  inputSchema: StandardSchema;
  execute(input: unknown, options: { abortSignal?: AbortSignal | undefined }): Promise<string>;
}

/** A tool of `@openai/agents`. What goes wrong is the text that the model reads. */
export interface AgentsTool {
  type: "function";
  name: string;
  description: string;
  // biome-ignore lint/suspicious/noExplicitAny: the library's own type.
  parameters: { type: "object"; properties: any; required: string[]; additionalProperties: true };
  strict: false;
  invoke(context: unknown, input: string, details?: { signal?: AbortSignal | undefined }): Promise<string>;
  needsApproval(): Promise<boolean>;
  isEnabled(): Promise<boolean>;
}

export function chatTool({ name, description, parameters }: AgentTool): ChatTool {
  return { type: "function", function: { name, description, parameters } };
}

export function responsesTool({ name, description, parameters }: AgentTool): ResponsesTool {
  return { type: "function", name, description, parameters, strict: false };
}

export function mcpTool({ name, description, parameters, annotations = {} }: AgentTool): McpTool {
  return { name, ...titled(annotations), description, inputSchema: { ...parameters, type: "object" }, annotations: hints(annotations) };
}

export function aiTool(tools: Toolset, tool: AgentTool): AiTool {
  const { name, description, parameters, annotations = {} } = tool;
  // The library adds to what it gets.
  const jsonSchema = () => structuredClone(parameters);
  return {
    ...titled(annotations),
    description,
    inputSchema: {
      "~standard": {
        version: 1,
        vendor: "hf-wasm",
        validate: async (value) => {
          const { valid, problems } = await validated(tool, value);
          return valid ? { value: valid } : { issues: problems.map((message) => ({ message })) };
        },
        jsonSchema: { input: jsonSchema, output: jsonSchema },
      },
    },
    execute: async (input, { abortSignal }) => {
      const { text, isError, error } = await tools.callTool(name, input, { signal: abortSignal });
      if (isError) throw new Error(text, { cause: error });
      return text;
    },
  };
}

export function agentsTool(tools: Toolset, { name, description, parameters }: AgentTool): AgentsTool {
  const { properties = {}, required = [], ...rest } = parameters as { properties?: unknown; required?: string[] };
  return {
    type: "function",
    name,
    description,
    parameters: { ...rest, type: "object", properties, required, additionalProperties: true },
    strict: false,
    invoke: async (_, input, details) => (await tools.callTool(name, input, { signal: details?.signal })).text,
    // Whom to ask is the policy's matter.
    needsApproval: async () => false,
    isEnabled: async () => true,
  };
}

function titled({ title }: ToolAnnotations): { title?: string } {
  return title === undefined ? {} : { title };
}

/** Every hint, with MCP's defaults for those that are not given. */
function hints(given: ToolAnnotations): McpTool["annotations"] {
  const { readOnlyHint = false, destructiveHint = !readOnlyHint, idempotentHint = readOnlyHint, openWorldHint = true } = given;
  return { ...titled(given), readOnlyHint, destructiveHint, idempotentHint, openWorldHint };
}
