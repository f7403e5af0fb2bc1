// Every form is what its library takes, as the compiler sees it. `libraries.test.mjs` compiles this against the real packages.

import { Agent, type Tool as AgentsTool } from "@openai/agents";
import { ListToolsResultSchema, type Tool as McpTool } from "@modelcontextprotocol/sdk/types.js";
import { generateText, stepCountIs, streamText, type ToolSet } from "ai";
import type OpenAI from "openai";
import type { Toolset } from "hf-wasm/agent";

declare const set: Toolset;
declare const openai: OpenAI;
declare const model: Parameters<typeof generateText>[0]["model"];

const chat: OpenAI.Chat.Completions.ChatCompletionTool[] = set.chat;
const responses: OpenAI.Responses.Tool[] = set.responses;
const mcp: McpTool[] = set.mcp;
const ai: ToolSet = set.ai;
const agents: AgentsTool[] = set.agents;

export async function use(): Promise<void> {
  await openai.chat.completions.create({ model: "m", messages: [], tools: set.chat });
  await openai.responses.create({ model: "m", input: "x", tools: set.responses });
  await generateText({ model, prompt: "x", tools: set.ai, stopWhen: stepCountIs(3) });
  streamText({ model, prompt: "x", tools: set.ai });
  new Agent({ name: "a", tools: set.agents });
  ListToolsResultSchema.parse({ tools: set.mcp });

  void [chat, responses, mcp, ai, agents];
}
