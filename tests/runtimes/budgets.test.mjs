// Budgets count what calls use whenever they begin and end, whatever comes of them, and however a provider writes its streams.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Hub, InferenceRouter } from "hf-wasm";

const chat = { model: "m", messages: [{ role: "user", content: "Hello" }] };
const models = { data: [{ id: "m", providers: [{ provider: "p", pricing: { input: 1, output: 1 } }] }] };
const usage = { prompt_tokens: 1000, completion_tokens: 9000, total_tokens: 10_000 };
const reply = { choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }], usage };
const options = (budgets, fetch, more) => ({ endpoint: "https://hub.example", token: null, retry: false, fetch, policy: { groups: { inference: "full", repos: "full" }, budgets }, ...more });

/** A router of one model, at a dollar for a million tokens; `chats` counts what reached it. */
function router(budgets, answer, more) {
  const made = { chats: 0 };
  const fetch = async (url, init) => {
    if (url.endsWith("/models")) return Response.json(models);
    made.chats++;
    return answer(init);
  };
  return Object.assign(made, { client: new InferenceRouter(options(budgets, fetch, more)) });
}

/** How many of these are fulfilled. */
const passed = async (calls) => (await Promise.allSettled(calls)).filter(({ status }) => status === "fulfilled").length;
const times = (count, call) => Array.from({ length: count }, call);

test("a slot is given back only into the window that it was taken from", async () => {
  const answers = [];
  const asking = { approve: () => new Promise((resolve) => answers.push(resolve)) };
  const client = new Hub(options([{ calls: 3, per: 0.4 }], async () => Response.json({}), asking));
  const deleted = times(3, () => client.deleteRepo({ repo: "a/b" }));
  await sleep(430);
  const refs = () => client.listRefs({ repo: "a/b" });
  const first = await passed(times(3, refs));
  for (const answer of answers) answer(false);
  assert.equal(await passed(deleted), 0);
  assert.equal(first + (await passed(times(3, refs))), 3);
});

test("chats that are under way hold what they may use", async () => {
  const later = () => sleep(20).then(() => Response.json(reply));
  for (const [budget, parameters, most] of [
    [{ usd: 0.01, per: 3600 }, {}, 1],
    [{ usd: 0.01, per: 3600 }, { max_tokens: 9000 }, 2],
    [{ tokens: 40_000 }, {}, 4],
    [{ tokens: 40_000 }, { max_completion_tokens: 10_000, max_tokens: 1, n: 2 }, 2],
    [{ tokens: 40_000 }, { max_tokens: -50_000, n: -1 }, 4],
  ]) {
    const { client, chats } = router([budget], later);
    assert.equal(chats, 0);
    assert.equal(await passed(times(20, () => client.chatCompletion({ ...chat, ...parameters }))), most, JSON.stringify([budget, parameters]));
  }
  // At their end, what they have used takes the place of what they held.
  const { client } = router([{ tokens: 40_000 }], later);
  for (let at = 0; at < 4; at++) await client.chatCompletion({ ...chat, max_tokens: 39_000 });
  assert.equal((await client.chatCompletion(chat).catch((error) => error)).rule, "budgets: 40000 tokens");
  // What is refused has held nothing.
  const failing = router([{ tokens: 10 }], () => Response.json({ error: "no" }, { status: 400 }));
  for (let at = 0; at < 3; at++) assert.equal((await failing.client.chatCompletion(chat).catch((error) => error)).kind, "invalidInput");
});

test("a chat that is given up before its response counts, unless it was refused", async () => {
  const never = (init) => new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)));
  const records = [];
  for (const budget of [{ usd: 0.0000001, per: 3600 }, { tokens: 1 }]) {
    const made = router([budget], never, { onCall: (record) => records.push(record) });
    for (let at = 0; at < 5; at++) await made.client.chatCompletion(chat, { timeout: 50 }).catch(() => {});
    assert.equal(made.chats, 1, JSON.stringify(budget));
  }
  // Neither is one that a retry was refused of before.
  let asked = 0;
  const again = router([{ tokens: 1 }], (init) => (asked++ % 2 ? never(init) : Response.json({}, { status: 503 })), { retry: { attempts: 2, maxDelay: 1 } });
  for (let at = 0; at < 5; at++) await again.client.chatCompletion(chat, { timeout: 300 }).catch(() => {});
  assert.equal(again.chats, 2);
  assert.ok(records.filter(({ estimated, usage }) => estimated && usage.totalTokens > 0).length === 2, JSON.stringify(records));
});

test("a stream without blank lines between its events counts as much as one with them", async () => {
  const piece = (at) => ({ choices: [{ index: 0, delta: { content: "word " }, finish_reason: at === 4 ? "stop" : null }] });
  const chunks = [...times(5, (_, at) => piece(at)), { choices: [], usage }];
  for (const between of ["\n\n", "\n"]) {
    const records = [];
    const text = `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}${between}`).join("")}data: [DONE]\n\n`;
    const { client } = router([{ tokens: 100 }], () => new Response(text, { headers: { "content-type": "text/event-stream" } }), { onCall: (record) => records.push(record) });
    let told;
    for await (const chunk of client.chatCompletionStream(chat)) told = chunk.usage ?? told;
    await client.flushRecords();
    assert.deepEqual([told.total_tokens, records[0].usage.totalTokens], [10_000, 10_000], JSON.stringify(between));
  }
});
