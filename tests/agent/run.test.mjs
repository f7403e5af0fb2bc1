// The loop: a scripted model works with the tools of a local Hub, under a policy, with a person who is asked.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Hub, InferenceRouter } from "hf-wasm";
import { runTools, tools } from "hf-wasm/agent";

import { startEmulator } from "../emulator.mjs";

let emulator;
let router;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  router = new InferenceRouter({ endpoint: emulator.routerEndpoint, token: emulator.tokens.write });
});
after(() => emulator?.stop());

const model = "emulator/scripted";
const hubWith = (options) => new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write, ...options });
/** A conversation whose script has these turns. */
const scripted = (...turns) => [{ role: "system", content: JSON.stringify(turns) }, { role: "user", content: "Do your task." }];
const call = (name, args) => ({ name, arguments: args });

/** The steps of a run, its texts joined. */
async function stepsOf(run) {
  const steps = [];
  for await (const step of run) steps.push(step);
  return steps;
}
const resultsOf = (steps) => steps.filter(({ type }) => type === "result");

test("a task of five calls, one denied and one approved", async () => {
  const asked = [];
  const records = [];
  const hub = hubWith({
    policy: {
      agent: "librarian",
      groups: { models: "read", repos: "full", account: "read" },
      repos: { "acme/*": "read" },
    },
    approve: ({ endpoint, sentence }) => {
      asked.push([endpoint, sentence]);
      return true;
    },
    onCall: (record) => records.push(record),
  });
  const repo = "alice/by-a-model";
  const operations = [{ operation: "addOrUpdate", path: "README.md", content: "# Made by a model\n" }];
  const run = runTools({
    router,
    model,
    tools: await tools({ hub }),
    messages: scripted(
      { reasoning: "First I look.", calls: [call("hub_whoAmI"), call("hub_listModels", { search: "bert", limit: 2 })] },
      { calls: [call("hub_createRepo", { repo })] },
      { calls: [call("hub_commit", { repo: "acme/tiny-bert", title: "Mine", operations })] },
      { calls: [call("hub_deleteRepo", { repo })] },
      { text: "The repository was made and deleted; acme is not mine to change." },
    ),
  });
  const steps = await stepsOf(run);
  const results = resultsOf(steps);
  assert.deepEqual(results.map(({ name, result }) => [name, result.isError]).sort(), [
    ["hub_commit", true],
    ["hub_createRepo", false],
    ["hub_deleteRepo", false],
    ["hub_listModels", false],
    ["hub_whoAmI", false],
  ]);
  const denied = results.find(({ name }) => name === "hub_commit").result;
  assert.equal(denied.error.kind, "policy");
  assert.match(denied.text, /does not allow/);
  assert.deepEqual(asked, [["deleteRepo", `Delete the repository ${repo} with all its files`]]);
  assert.deepEqual(records.map(({ endpoint, decision }) => [endpoint, decision]).sort(), [
    ["commit", "denied"],
    ["createRepo", "allowed"],
    ["deleteRepo", "approved"],
    ["listModels", "allowed"],
    ["whoAmI", "allowed"],
  ]);
  assert.ok(records.every(({ agent }) => agent === "librarian"));

  const end = steps.at(-1);
  assert.deepEqual([end.type, end.reason, end.turn], ["end", "answered", 5]);
  assert.match(end.text, /not mine to change/);
  assert.ok(end.usage.totalTokens > 0 && end.usage.turns === 5);
  assert.ok(steps.some(({ type, text }) => type === "reasoning" && text.includes("First")));
  const { messages } = run;
  assert.deepEqual(messages.map(({ role }) => role), ["system", "user", "assistant", "tool", "tool", "assistant", "tool", "assistant", "tool", "assistant", "tool", "assistant"]);
  for (const { tool_calls: calls } of messages.filter(({ tool_calls }) => tool_calls)) {
    for (const { id } of calls) assert.equal(messages.filter((message) => message.tool_call_id === id).length, 1, id);
  }
  assert.equal((await run).reason, "answered");
});

test("what was approved in another process is told as waiting", async () => {
  const hub = hubWith({ policy: { groups: { repos: "full" } }, approvalKey: "x".repeat(32), approve: (call) => call.defer() });
  const run = await runTools({ router, model, tools: await tools({ hub }), messages: scripted({ calls: [call("hub_deleteRepo", { repo: "alice/x" })] }, { text: "It waits." }) });
  const { content } = run.messages.findLast(({ role }) => role === "tool");
  assert.match(content, /waits for a person's approval. Go on/);
  assert.equal(run.text, "It waits.");
});

/** Tools that note when they begin and end. */
function noting(log, annotations) {
  return ["a", "b", "c", "w"].map((name) => ({
    name,
    description: name,
    parameters: { type: "object", properties: { x: { type: "integer" } } },
    annotations: { readOnlyHint: name !== "w", ...annotations },
    call: async () => {
      log.push(`+${name}`);
      await new Promise((resolve) => setTimeout(resolve, name === "a" ? 60 : 20));
      log.push(`-${name}`);
      return name;
    },
  }));
}

test("calls that read are made at the same time, those that write one after the other", async () => {
  const log = [];
  const calls = ["a", "b", "w", "w", "c"].map((name) => call(name));
  const run = runTools({ router, model, tools: noting(log), messages: scripted({ calls }, { text: "Done." }) });
  const results = resultsOf(await stepsOf(run)).map(({ name }) => name);
  assert.deepEqual(log, ["+a", "+b", "-b", "-a", "+w", "-w", "+w", "-w", "+c", "-c"]);
  assert.deepEqual(results, ["b", "a", "w", "w", "c"]);
  assert.deepEqual(run.messages.filter(({ role }) => role === "tool").map(({ content }) => content), ["a", "b", "w", "w", "c"]);
});

test("wrong and truncated arguments, unknown tools and failures are told to the model", async () => {
  const log = [];
  const run = runTools({
    router,
    model,
    tools: [...noting(log), { name: "fails", description: "", parameters: { type: "object" }, call: () => Promise.reject(new Error("no luck")) }],
    messages: scripted(
      { calls: [call("a", { x: "many" }), call("nobody", {}), call("fails", {})] },
      { calls: [call("a", { x: 1 }), call("b", '{"x": 1')], finish: "length" },
      { calls: [call("b", "")], finish: "length" },
      { text: "Well." },
    ),
  });
  const results = resultsOf(await stepsOf(run));
  const reported = (name) => results.filter((step) => step.name === name).map(({ result }) => result.text);
  assert.match(reported("a")[0], /x must be of type integer/);
  assert.match(reported("nobody")[0], /There is no tool/);
  assert.equal(reported("fails")[0], "It failed: no luck.");
  assert.equal(reported("a")[1], "a", "what is whole is done");
  assert.ok(reported("b").every((text) => text.includes("cut off")));
  assert.deepEqual(log, ["+a", "-a"]);
});

test("caps end a run", async () => {
  const again = Array.from({ length: 20 }, () => ({ calls: [call("a")] }));
  const options = { router, model, tools: noting([]), messages: scripted(...again) };
  const outcome = await runTools({ ...options, maxTurns: 3 });
  assert.deepEqual([outcome.reason, outcome.usage.turns, outcome.messages.at(-1).role], ["turns", 3, "tool"]);
  assert.equal((await runTools(options)).usage.turns, 10);
  const none = runTools({ ...options, maxTurns: 0 });
  assert.equal((await none).usage.turns, 0);
  const short = await runTools({ ...options, maxTokens: 300 });
  assert.ok(short.reason === "tokens" && short.usage.turns < 10 && short.usage.totalTokens >= 300);
  assert.equal((await runTools({ ...options, maxTurns: 2, maxCost: 0 })).reason, "turns", "the model is free");
  assert.throws(() => runTools({ ...options, maxTurns: -1 }), { kind: "invalidInput", field: "maxTurns" });
});

test("the cost is that of the dearest provider, or of the one that is named", async () => {
  const chat = { tool_choice: "required" };
  const options = { router, tools: noting([]), messages: [{ role: "user", content: "word ".repeat(20_000) }], chat };
  const dear = await runTools({ ...options, model: "emulator/echo", maxCost: 0.001, maxTurns: 5 });
  assert.equal(dear.reason, "cost");
  assert.ok(dear.usage.turns === 1 && dear.usage.cost > 0.001, JSON.stringify(dear.usage));
  const free = await runTools({ ...options, model: "emulator/echo:hf-inference", maxCost: 0.001, maxTurns: 2 });
  assert.deepEqual([free.reason, free.usage.cost], ["turns", 0]);
  await assert.rejects(Promise.resolve(runTools({ ...options, model: "acme/none", maxCost: 1 })), { kind: "invalidInput", field: "maxCost" });
  assert.equal((await runTools({ ...options, model: "emulator/echo", maxTurns: 1 })).usage.cost, undefined);
});

/** A router whose one provider answers "Hi" and says that it has used this. */
function using(usage) {
  const chunks = [{ choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: "stop" }] }, { choices: [], usage }];
  const text = `${chunks.map((chunk) => `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "m", ...chunk })}\n\n`).join("")}data: [DONE]\n\n`;
  return new InferenceRouter({ endpoint: "http://127.0.0.1:1", token: null, fetch: async () => new Response(text, { headers: { "content-type": "text/event-stream" } }) });
}

test("a provider's own estimate goes before the price, and what makes no sense does not count", async () => {
  const run = (usage) => runTools({ router: using(usage), model: "m", tools: [], messages: [{ role: "user", content: "Hi" }] });
  const { usage, text } = await run({ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, estimated_cost: 0.5 });
  assert.deepEqual([text, usage.cost, usage.totalTokens], ["Hi", 0.5, 15]);
  const odd = await run({ prompt_tokens: 10, completion_tokens: -5, total_tokens: "15", estimated_cost: -1 });
  assert.deepEqual(odd.usage, { turns: 1, promptTokens: 10, completionTokens: 0, totalTokens: 10, cost: undefined });
});

test("where a provider reports no usage, bytes are counted as tokens, and caps hold", async () => {
  const options = { model: "m", tools: [], messages: [{ role: "user", content: "Hi" }] };
  const { usage } = await runTools({ ...options, router: using(null) });
  assert.ok(usage.estimated && usage.promptTokens > 50 && usage.completionTokens > 2 && usage.totalTokens === usage.promptTokens + usage.completionTokens, JSON.stringify(usage));
  const again = JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { name: "a", arguments: "{}" } }] }, finish_reason: "tool_calls" }] });
  const price = { data: [{ id: "m", providers: [{ provider: "p", pricing: { input: 1, output: 1 } }] }] };
  const fetch = async (url) => (url.endsWith("/models") ? Response.json(price) : new Response(`data: ${again}\n\ndata: [DONE]\n\n`, { headers: { "content-type": "text/event-stream" } }));
  const silent = new InferenceRouter({ endpoint: "http://127.0.0.1:1", token: null, fetch });
  for (const [cap, reason] of [[{ maxTokens: 1 }, "tokens"], [{ maxCost: 0.0000001 }, "cost"]]) {
    const outcome = await runTools({ ...options, router: silent, tools: noting([]), maxTurns: 5, ...cap });
    assert.deepEqual([outcome.reason, outcome.usage.turns], [reason, 1]);
  }
});

test("leaving the loop aborts what is under way, and so does the signal", async () => {
  let aborted = 0;
  const wait = (_, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        aborted++;
        reject(signal.reason);
      });
    });
  const waits = { name: "wait", description: "", annotations: { readOnlyHint: true }, parameters: { type: "object" }, call: wait };
  const options = { router, model, tools: [waits], messages: scripted({ calls: [call("wait"), call("wait")] }) };
  let seen = 0;
  for await (const { type } of runTools(options)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (type === "call" && ++seen === 2) break;
  }
  assert.equal(aborted, 1, "the second had not begun");

  const reason = new Error("enough");
  const stop = new AbortController();
  const run = runTools({ ...options, signal: stop.signal });
  setTimeout(() => stop.abort(reason), 300);
  await assert.rejects(Promise.resolve(run), reason);
  assert.equal(aborted, 3);
  assert.equal(run.messages.at(-1).role, "assistant", "what was said is kept");
  await assert.rejects(Promise.resolve(runTools({ ...options, signal: AbortSignal.abort(reason) })), reason);
});

test("what the router refuses ends the run with its error", async () => {
  const run = runTools({ router, model: "acme/none", tools: [], messages: [{ role: "user", content: "Hi" }] });
  await assert.rejects(Promise.resolve(run), { kind: "notFound" });
  assert.equal(run.messages.length, 1);
  const denied = runTools({ router: router.with({ policy: { groups: {} } }), model, tools: [], messages: scripted({ text: "Hi" }) });
  await assert.rejects(Promise.resolve(denied), { kind: "policy" });
});

test("a model that fills arguments itself works with the tools", async () => {
  const set = await tools({ hub: hubWith({}), groups: ["models"] });
  const run = runTools({ router, model: "emulator/echo", tools: set, messages: [{ role: "user", content: "List models, search: bert, limit: 2" }] });
  const [{ name, result }] = resultsOf(await stepsOf(run));
  assert.deepEqual([name, result.isError, result.value.items.length], ["hub_listModels", false, 2]);
  assert.match((await run).text, /The tool hub_listModels answered/);
});
