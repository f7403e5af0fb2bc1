// The tools in the real libraries: their compiler's types, their validators, and a task that each lets a model do.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync, rmSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { Agent, OpenAIChatCompletionsModel, run, setTracingDisabled } from "@openai/agents";
import { asSchema, generateText, stepCountIs } from "ai";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Hub, InferenceRouter } from "hf-wasm";
import { tools } from "hf-wasm/agent";
import OpenAI from "openai";

import { startEmulator } from "../emulator.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = path.join(here, "../..");
const model = "emulator/scripted";

let emulator;
let set;
let openai;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  const { tokens, endpoint, routerEndpoint } = emulator;
  set = await tools({ hub: new Hub({ endpoint, token: tokens.write }), router: new InferenceRouter({ endpoint: routerEndpoint, token: tokens.write }) });
  openai = new OpenAI({ baseURL: `${routerEndpoint}/v1`, apiKey: tokens.write });
});
after(() => emulator?.stop());

/** What the script has the model do in each library: a call that succeeds, one that is wrong, and the end. */
const SCRIPT = [
  { calls: [{ name: "hub_whoAmI" }, { name: "hub_modelInfo", arguments: { repo: "acme/tiny-bert" } }] },
  { calls: [{ name: "hub_modelInfo", arguments: { repo: "acme/none" } }, { name: "hub_modelInfo", arguments: { reop: "acme/x" } }] },
  { text: "tiny-bert is there." },
];
const system = JSON.stringify(SCRIPT);

test("the compiler takes every form for the library's own type", () => {
  const config = path.join(here, "tsconfig.libraries.json");
  const options = { target: "ES2022", module: "NodeNext", moduleResolution: "NodeNext", lib: ["ES2023", "DOM", "DOM.Iterable"], types: ["node"], typeRoots: [path.join(root, "node_modules/@types")], strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true, noEmit: true };
  writeFileSync(config, JSON.stringify({ compilerOptions: options, files: ["libraries.ts"] }));
  try {
    const { status, stdout } = spawnSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", config], { cwd: here, encoding: "utf8" });
    assert.equal(status, 0, stdout);
  } finally {
    rmSync(config);
  }
});

test("every schema is one by its meta-schema, and has nothing that models stumble over", () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
  assert.ok([...set].length >= 37);
  for (const { name, description, parameters } of set) {
    assert.ok(ajv.validateSchema(parameters), `${name}: ${ajv.errorsText()}`);
    ajv.compile(parameters);
    assert.ok(description.length > 10, name);
    const text = JSON.stringify(parameters);
    for (const keyword of ['"$ref"', '"$defs"', '"$schema"', '"examples"']) assert.ok(!text.includes(keyword), `${name} has ${keyword}`);
  }
});

test("MCP's own schema takes every tool, with hints from the rows", () => {
  const { tools: listed } = ListToolsResultSchema.parse({ tools: set.mcp });
  const hints = (name) => listed.find((tool) => tool.name === name).annotations;
  assert.deepEqual(hints("hub_modelInfo"), { title: "Model info", readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true });
  assert.deepEqual(hints("hub_deleteRepo"), { title: "Delete repo", readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true });
  assert.deepEqual(hints("hub_createRepo").destructiveHint, false);
});

test("openai: chat completions", async () => {
  const messages = [{ role: "system", content: system }, { role: "user", content: "Go" }];
  for (;;) {
    const { choices } = await openai.chat.completions.create({ model, messages, tools: set.chat });
    const [{ message, finish_reason: finishReason }] = choices;
    messages.push(message);
    if (!message.tool_calls?.length) break;
    for (const { id, function: { name, arguments: args } } of message.tool_calls) {
      const { text } = await set.callTool(name, args, { finishReason });
      messages.push({ role: "tool", tool_call_id: id, content: text });
    }
  }
  const reported = messages.filter(({ role }) => role === "tool").map(({ content }) => content);
  assert.match(reported[0], /"name":"alice"/);
  assert.match(reported[1], /acme\/tiny-bert/);
  assert.match(reported[2], /Repository not found/);
  assert.match(reported[3], /- repo is missing\n- reop is not known/);
  assert.equal(messages.at(-1).content, "tiny-bert is there.");
});

test("openai: responses are sent the tools as they are", async () => {
  let sent;
  const fetch = async (_, init) => {
    sent = JSON.parse(init.body);
    return Response.json({ id: "r", object: "response", output: [], status: "completed" });
  };
  await new OpenAI({ apiKey: "x", fetch }).responses.create({ model: "m", input: "x", tools: set.responses });
  assert.deepEqual(sent.tools, set.responses);
  assert.ok(sent.tools.every(({ type, strict, name, parameters }) => type === "function" && strict === false && name && parameters.type === "object"));
});

test("ai: generateText", async () => {
  for (const { name } of set) assert.equal((await asSchema(set.ai[name].inputSchema).jsonSchema).type, "object");
  const provider = createOpenAICompatible({ name: "emulator", baseURL: `${emulator.routerEndpoint}/v1`, apiKey: emulator.tokens.write });
  const { steps, text } = await generateText({ model: provider(model), instructions: system, prompt: "Go", tools: set.ai, stopWhen: stepCountIs(5) });
  assert.equal(text, "tiny-bert is there.");
  const parts = steps.flatMap(({ content }) => content).filter(({ type }) => type === "tool-result" || type === "tool-error");
  assert.deepEqual(parts.map(({ type }) => type).sort(), ["tool-error", "tool-error", "tool-result", "tool-result"]);
  const errors = parts.filter(({ type }) => type === "tool-error").map(({ error }) => String(error));
  for (const words of [/Repository not found/, /"repo is missing"/]) assert.ok(errors.some((error) => words.test(error)), errors.join("\n"));
  assert.ok(parts.some(({ output }) => /"name":"alice"/.test(output)));
});

test("@openai/agents: run", async () => {
  setTracingDisabled(true);
  const agent = new Agent({ name: "librarian", instructions: system, tools: set.agents, model: new OpenAIChatCompletionsModel(openai, model) });
  const result = await run(agent, "Go");
  assert.equal(result.finalOutput, "tiny-bert is there.");
  const outputs = result.newItems.filter(({ type }) => type === "tool_call_output_item").map(({ output }) => output);
  assert.equal(outputs.length, 4);
  assert.match(outputs[0], /"name":"alice"/);
  assert.match(outputs[2], /Repository not found/);
  assert.match(outputs[3], /repo is missing/);
});
