// A real language model behind the router class: llama.cpp's server, asked directly and through the emulator.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Hub, InferenceRouter } from "hf-wasm";
import { runTools, tools } from "hf-wasm/agent";

import { startEmulator, tokens } from "../emulator.mjs";
import { MODEL, startLlama } from "./llama.mjs";

const messages = [{ role: "user", content: "What is the capital of France? Answer with one word." }];
const settings = { model: MODEL, messages, temperature: 0, seed: 1, max_tokens: 24 };

let llama;
let emulator;

before(async () => {
  llama = await startLlama();
  emulator = await startEmulator(["--inference-upstream", llama.address]);
});
after(async () => {
  await emulator?.stop();
  llama?.stop();
});

for (const [name, router] of [
  ["llama.cpp itself", () => new InferenceRouter({ endpoint: llama.address, token: tokens.write })],
  ["llama.cpp behind the emulator", () => new InferenceRouter({ endpoint: emulator.routerEndpoint, token: tokens.write })],
]) {
  test(`${name}: answers`, async () => {
    const answer = await router().chatCompletion(settings);
    assert.match(answer.choices[0].message.content, /Paris/);
    assert.ok(answer.usage.completion_tokens > 0);
  });

  test(`${name}: streams`, async () => {
    const chunks = [];
    for await (const chunk of router().chatCompletionStream({ ...settings, stream_options: { include_usage: true } })) chunks.push(chunk);
    const pieces = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta.content ?? "")).filter(Boolean);
    assert.match(pieces.join(""), /Paris/);
    assert.ok(pieces.length > 1, "token by token");
    assert.ok(chunks.at(-1).usage.completion_tokens > 0);
  });

  test(`${name}: stops when the reader leaves`, async () => {
    let seen = 0;
    const long = { ...settings, max_tokens: 400, messages: [{ role: "user", content: "Count from 1 to 100." }] };
    for await (const _ of router().chatCompletionStream(long)) if (++seen === 3) break;
    assert.equal(seen, 3);
    const answer = await router().chatCompletion(settings);
    assert.match(answer.choices[0].message.content, /Paris/);
  });
}

test("a real model works with the tools in the loop", async () => {
  const options = { token: tokens.write, policy: { groups: { account: "read", inference: "full" } } };
  const hub = new Hub({ ...options, endpoint: emulator.endpoint });
  const router = new InferenceRouter({ ...options, endpoint: emulator.routerEndpoint });
  const set = await tools({ hub, endpoints: ["userOverview"], maxResultLength: 300 });
  // So small a model does what it has seen done.
  const seen = ["carol", "dave"].flatMap((username) => [
    { role: "user", content: `Look up the user ${username}.` },
    { role: "assistant", content: null, tool_calls: [{ id: username, type: "function", function: { name: "hub_userOverview", arguments: JSON.stringify({ username }) } }] },
    { role: "tool", tool_call_id: username, content: JSON.stringify({ user: username, type: "user" }) },
    { role: "assistant", content: `${username} is a user.` },
  ]);
  const asked = [...seen, { role: "user", content: "Look up the user alice." }];
  const steps = [];
  const run = runTools({ router, model: MODEL, messages: asked, tools: set, maxTurns: 2, chat: { temperature: 0, seed: 1, max_tokens: 60 } });
  for await (const step of run) steps.push(step);
  const { result } = steps.find(({ type }) => type === "result");
  assert.deepEqual([result.isError, result.value.user], [false, "alice"]);
  const { reason, text, usage } = steps.at(-1);
  assert.deepEqual([reason, usage.turns], ["answered", 2]);
  assert.match(text, /alice/);
  assert.ok(usage.completionTokens > 10);
});

test("a real model calls a tool in the form of OpenAI's responses, and reads its result", async () => {
  const hub = new Hub({ token: tokens.write, endpoint: emulator.endpoint });
  const set = await tools({ hub, endpoints: ["userOverview"], maxResultLength: 300 });
  const input = ["carol", "dave"].flatMap((username) => [
    { role: "user", content: `Look up the user ${username}.` },
    { type: "function_call", id: username, call_id: username, status: "completed", name: "hub_userOverview", arguments: JSON.stringify({ username }) },
    { type: "function_call_output", call_id: username, output: JSON.stringify({ user: username, type: "user" }) },
    { type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: `${username} is a user.`, annotations: [] }] },
  ]);
  input.push({ role: "user", content: "Look up the user alice." });
  const respond = async () => {
    const body = JSON.stringify({ model: MODEL, input, tools: set.responses, temperature: 0, seed: 1, max_output_tokens: 60 });
    const response = await fetch(`${llama.address}/v1/responses`, { method: "POST", headers: { "content-type": "application/json" }, body });
    assert.equal(response.status, 200, await response.clone().text());
    return (await response.json()).output;
  };
  const output = await respond();
  const { call_id, name, arguments: args } = output.find(({ type }) => type === "function_call");
  const result = await set.callTool(name, args);
  assert.equal(result.value.user, "alice");
  input.push(...output, { type: "function_call_output", call_id, output: result.text });
  const text = (await respond()).flatMap(({ content }) => content ?? []).map(({ text }) => text).join("");
  assert.match(text, /alice/);
});
