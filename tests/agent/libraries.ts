// Every form is what its library takes, as the compiler sees it. `libraries.test.mjs` compiles this against the real packages.

import { Agent, type Tool as AgentsTool } from "@openai/agents";
import { ListToolsResultSchema, type Tool as McpTool } from "@modelcontextprotocol/sdk/types.js";
import { generateText, stepCountIs, streamText, type ToolSet } from "ai";
import type OpenAI from "openai";
import { Hub, InferenceRouter } from "hf-wasm";
import { type AgentTool, runTools, Toolset } from "hf-wasm/agent";
import { askClient, mcpHandler, mcpServer, mcpTools } from "hf-wasm/mcp";

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

  const own: AgentTool = { name: "add", description: "Adds.", parameters: { type: "object" }, call: ({ a, b }) => Number(a) + Number(b) };
  const run = runTools({ router: new InferenceRouter(), model: "m", messages: [{ role: "user", content: "x" }], tools: [...set, own], chat: { temperature: 0, max_tokens: 100 } });
  for await (const step of run) {
    if (step.type === "text" || step.type === "reasoning") step.text.length;
    else if (step.type === "call") step.arguments.length;
    else if (step.type === "result") step.result.text.length;
    else if (step.type === "end") step.usage.totalTokens.toFixed();
    else step.message.content;
  }
  const { reason }: { reason: "answered" | "length" | "filtered" | "turns" | "cost" | "tokens" } = await run;
  const server = mcpServer(set, { instructions: "x" });
  const hub = new Hub({ approve: (call) => askClient(server, call) });
  const { tools, close } = await mcpTools({ hub, token: async () => "hf_x", names: ["a"] });
  const handler: (request: Request) => Promise<Response> = mcpHandler({ tools: new Toolset(tools), allowedHosts: ["mcp.example.org"] });
  void handler;
  await close();
  // @ts-expect-error: no such cap.
  runTools({ router: new InferenceRouter(), model: "m", messages: [], tools: set, maxSteps: 3 });
  void [chat, responses, mcp, ai, agents, reason];
}
