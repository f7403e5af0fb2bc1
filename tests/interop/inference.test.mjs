// The official inference clients, `@huggingface/inference` and `openai`, on the emulator's router.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { InferenceClient } from "@huggingface/inference";
import OpenAI from "openai";

import { startEmulator, tokens } from "../emulator.mjs";

const weather = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};
const say = (content) => [{ role: "user", content }];

let emulator;
let hf;
let openai;

before(async () => {
  emulator = await startEmulator();
  hf = new InferenceClient(tokens.write, { fetch: toEmulator });
  openai = new OpenAI({ apiKey: tokens.write, baseURL: `${emulator.endpoint}/v1`, maxRetries: 0 });
});
after(() => emulator.stop());

/** Sends what is meant for the Hub or the router to the emulator; the official client fixes both addresses. */
function toEmulator(url, init) {
  const moved = String(url)
    .replace(/^https:\/\/router\.huggingface\.co/, emulator.routerEndpoint)
    .replace(/^https:\/\/huggingface\.co/, emulator.endpoint);
  assert.ok(moved.startsWith(emulator.endpoint), `${url} is neither the Hub nor the router`);
  return fetch(moved, init);
}

async function joined(chunks) {
  const pieces = [];
  for await (const chunk of chunks) for (const choice of chunk.choices) pieces.push(choice.delta.content ?? "");
  return pieces.filter(Boolean);
}

for (const [name, chat, stream] of [
  ["@huggingface/inference", (body) => hf.chatCompletion(body), (body) => hf.chatCompletionStream(body)],
  ["openai", (body) => openai.chat.completions.create(body), (body) => openai.chat.completions.create({ ...body, stream: true })],
]) {
  test(`${name}: chats`, async () => {
    const answer = await chat({ model: "emulator/echo", messages: say("Repeat: good day") });
    assert.equal(answer.choices[0].message.content, "good day");
    assert.equal(answer.choices[0].finish_reason, "stop");
    assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
  });

  test(`${name}: streams a chat`, async () => {
    const pieces = await joined(await stream({ model: "emulator/echo", messages: say("Repeat: one two three") }));
    assert.equal(pieces.join(""), "one two three");
    assert.ok(pieces.length > 1, "in several pieces");
  });

  test(`${name}: is asked to call a tool`, async () => {
    const messages = say("What is the weather in Paris?");
    const answer = await chat({ model: "emulator/echo", messages, tools: [weather], tool_choice: "auto" });
    const [call] = answer.choices[0].message.tool_calls;
    assert.equal(call.function.name, "get_weather");
    assert.equal(typeof JSON.parse(call.function.arguments).city, "string");
  });

  test(`${name}: is told that a model is unknown`, async () => {
    await assert.rejects(chat({ model: "acme/absent", messages: say("hi") }), (error) => {
      assert.equal(error.status ?? error.httpResponse?.status, 404);
      return true;
    });
  });
}

test("@huggingface/inference: embeds", async () => {
  const model = "emulator/hash-embedding";
  const [one, same, other] = await hf.featureExtraction({ model, provider: "hf-inference", inputs: ["a cat", "a cat", "tax law"] });
  assert.deepEqual(one, same);
  assert.notDeepEqual(one, other);
});

test("@huggingface/inference: draws", async () => {
  const image = await hf.textToImage(
    { model: "emulator/gradient", provider: "hf-inference", inputs: "a sunset", parameters: { width: 64, height: 32 } },
    { outputType: "blob" },
  );
  const bytes = Buffer.from(await image.arrayBuffer());
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [64, 32]);
});

test("openai: lists models", async () => {
  const ids = [];
  for await (const model of openai.models.list()) ids.push(model.id);
  assert.ok(ids.includes("emulator/echo"));
});

test("openai: streams a tool call and its usage", async () => {
  const stream = openai.chat.completions.stream({
    model: "emulator/echo",
    messages: say("What is the weather in Paris?"),
    tools: [weather],
    stream_options: { include_usage: true },
  });
  const done = await stream.finalChatCompletion();
  assert.equal(done.choices[0].message.tool_calls[0].function.name, "get_weather");
  assert.ok(done.usage.total_tokens > 0);
});

test("openai: fills a JSON schema", async () => {
  const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
  const answer = await openai.chat.completions.create({
    model: "emulator/echo",
    messages: say("Where?"),
    response_format: { type: "json_schema", json_schema: { name: "place", schema, strict: true } },
  });
  assert.deepEqual(Object.keys(JSON.parse(answer.choices[0].message.content)), ["city"]);
});

test("openai: gives its own error classes", async () => {
  const stranger = new OpenAI({ apiKey: "hf_not_a_token", baseURL: `${emulator.endpoint}/v1`, maxRetries: 0 });
  const chat = (client, model) => client.chat.completions.create({ model, messages: say("hi") });
  await assert.rejects(chat(stranger, "emulator/echo"), OpenAI.AuthenticationError);
  await assert.rejects(chat(openai, "acme/absent"), OpenAI.NotFoundError);
});
