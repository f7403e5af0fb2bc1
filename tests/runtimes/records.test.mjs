// What a policy's records, budgets and approvals say of calls that go another way than most.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { Hub, InferenceRouter } from "hf-wasm";

const TOKEN = "hf_neverToBeSeen0123456789";
const all = { models: "full", repos: "full", discussions: "full", webhooks: "full", inference: "full" };
const chat = { model: "m", messages: [{ role: "user", content: "Hello" }] };
const json = (value, init) => Response.json(value, init);
const options = (fetch, more) => ({ endpoint: "https://hub.example", token: TOKEN, retry: false, fetch, ...more });
const hub = (more, fetch = async () => json({})) => new Hub(options(fetch, more));
const router = (more, fetch = async () => json({ data: [] })) => new InferenceRouter(options(fetch, more));
const rejected = (promise) => Promise.resolve(promise).then(() => assert.fail("it succeeded"), (error) => error);

/** A client's records, as `phase outcome`. */
function phases() {
  const seen = [];
  return { seen, onCall: ({ phase, outcome }) => void seen.push(outcome ? `${phase} ${outcome}` : phase) };
}

test("a commit whose content cannot be read ends its record, and gives its slot of a budget back", async () => {
  let asked = 0;
  const breaksOff = () => new ReadableStream({ start: (body) => body.enqueue(new Uint8Array(1000)), pull: (body) => body.error(new Error("reset")) });
  const source = hub({}, async () => (asked++ ? json({ error: "gone" }, { status: 404 }) : new Response(breaksOff(), { headers: { "content-length": "2000000" } })));
  const content = await source.downloadFile({ repo: "a/b", path: "large.bin" });
  const { seen, onCall } = phases();
  const client = hub({ audit: "required", policy: { groups: all, budgets: [{ calls: 1 }] }, onCall });
  const commit = { repo: "a/c", title: "Copy", operations: [{ operation: "addOrUpdate", path: "large.bin", content }] };
  assert.equal((await rejected(client.commit(commit))).kind, "network");
  assert.deepEqual(seen, ["begun", "done failed"]);
  await client.listRefs({ repo: "a/c" });
});

test("a stream that is left while its record is taken ends its record, and gives its slot of a budget back", async () => {
  const { seen, onCall } = phases();
  const slow = async (record) => {
    await sleep(20);
    onCall(record);
  };
  let sent = 0;
  const client = router({ audit: "required", policy: { groups: all, budgets: [{ calls: 1 }] }, onCall: slow }, async () => json({ data: [], sent: ++sent }));
  const stream = client.chatCompletionStream(chat);
  const first = stream.next();
  await sleep(5);
  stream.cancel();
  assert.deepEqual(await first, { done: true, value: undefined });
  await client.flushRecords();
  assert.deepEqual([seen, sent], [["begun", "done aborted"], 0]);
  await client.listModels();
});

test("what the caller's options or parameters throw leaves no record without an end", async () => {
  const { seen, onCall } = phases();
  const client = router({ audit: "required", policy: { groups: all, budgets: [{ tokens: 9 }] }, onCall });
  const broken = {
    get timeout() {
      throw new RangeError("a getter");
    },
  };
  assert.ok((await rejected(client.chatCompletion(chat, broken))) instanceof RangeError);
  assert.equal((await rejected(client.chatCompletionStream(undefined).next())).kind, "invalidInput");
  await client.flushRecords();
  assert.equal(seen.filter((phase) => phase === "begun").length, seen.filter((phase) => phase !== "begun").length, seen.join());
});

test("a caller's token in its parameters is in no record, and nothing that a person is asked", async () => {
  const seen = [];
  const own = "own-secret-of-the-gateway";
  for (const token of [TOKEN, async () => TOKEN]) {
    for (const discussions of ["read", "full"]) {
      const policy = { groups: { discussions, models: "read" }, endpoints: discussions === "read" ? {} : { createDiscussion: "ask" } };
      const client = hub({ token, headers: { "x-gateway-key": own }, audit: "required", policy, approve: ({ defer: _, ...call }) => seen.push(call) < 0, onCall: (record) => seen.push(record) });
      // A function's token is known once it was asked for.
      if (token !== TOKEN) await client.modelInfo({ repo: "a/b" });
      const error = await rejected(client.createDiscussion({ repo: "a/b", title: `Mine is ${TOKEN}`, description: `${TOKEN} ${own}` }));
      assert.equal(error.kind, "policy");
      await client.flushRecords();
      seen.push(error);
    }
  }
  assert.equal(seen.filter(({ phase }) => phase === "begun").length, 4);
  assert.equal(seen.filter(({ params }) => params).length, 2);
  assert.ok(seen.filter(({ sentence }) => sentence?.includes("[hidden]")).length >= 10);
  for (const one of seen) assert.ok(!JSON.stringify(one).includes(TOKEN) && !JSON.stringify(one).includes(own), JSON.stringify(one));
});
