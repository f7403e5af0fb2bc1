// Calls that wait for a person are written down, approved elsewhere and resumed once; sinks of records.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Hub, InferenceRouter, PolicyError } from "hf-wasm";
import { all, approvePending, ndjson, readPending, resume, ring, sessionTrace } from "hf-wasm/agent";

import { startEmulator } from "../emulator.mjs";

const KEY = "an owner's key of 32 characters or more";
const groups = { repos: "full", models: "full" };

let emulator;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
});
after(() => emulator?.stop());

const hub = (options) => new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write, ...options });
const agent = (options) => hub({ policy: { agent: "nightly", groups }, approvalKey: KEY, approve: (call) => call.defer(), ...options });
const fresh = () => `alice/approval-${Math.random().toString(36).slice(2)}`;

async function deferred(params = { repo: fresh() }) {
  await hub().createRepo(params);
  const error = await agent().deleteRepo(params).then(() => assert.fail("it was not asked for"), (error) => error);
  assert.ok(error instanceof PolicyError && typeof error.pending === "string", String(error));
  return { ...params, token: error.pending };
}

test("a call is written down, read, approved and resumed, once", async () => {
  const { repo, token } = await deferred();
  const call = await readPending(token, { key: KEY });
  assert.equal(call.sentence, `Delete the repository ${repo} with all its files`);
  assert.deepEqual([call.agent, call.endpoint, call.params], ["nightly", "deleteRepo", { repo }]);
  assert.ok(call.expires > new Date());
  const approval = await approvePending(token, { key: KEY });
  const store = new Map();
  const records = ring();
  await resume(agent({ onCall: records }), approval, { key: KEY, store });
  assert.equal(records.records[0].sentence, `Deleted the repository ${repo} with all its files, with approval`);
  await assert.rejects(hub().modelInfo({ repo }), { kind: "notFound" });
  await assert.rejects(resume(agent(), approval, { key: KEY, store }), /used before/);
});

test("nobody without the key makes or changes one", async () => {
  const { repo, token } = await deferred();
  const other = "another key of 32 characters or more";
  const approval = await approvePending(token, { key: KEY });
  const bytes = Buffer.from(token, "base64url");
  const altered = [0, 12, 40, bytes.length - 1].map((at) => Buffer.from(bytes.map((byte, other) => (other === at ? byte ^ 1 : byte))).toString("base64url"));
  const forged = [...altered, "", `${token}.x`, token.slice(0, -4), token.slice(0, 10), `${token}AAAA`, undefined, 7];
  for (const bad of forged) {
    await assert.rejects(readPending(bad, { key: KEY }), /no pending call/, String(bad));
    await assert.rejects(approvePending(bad, { key: KEY }), /no pending call/);
    await assert.rejects(resume(agent(), bad, { key: KEY }), /no approved call/);
  }
  await assert.rejects(readPending(token, { key: other }), /no pending call/);
  await assert.rejects(approvePending(token, { key: other }), /no pending call/);
  await assert.rejects(resume(agent(), token, { key: KEY }), /no approved call/, "what waits was not approved");
  await assert.rejects(resume(agent(), await approvePending(token, { key: KEY }), { key: other }), /no approved call/);
  await assert.rejects(approvePending(approval, { key: KEY }), /no pending call/);
  await assert.rejects(readPending(token, { key: "short" }), /32 characters/);
  await hub().modelInfo({ repo });
});

test("an approval ends, is of one address, and does not lift what the policy denies", async () => {
  const { repo, token } = await deferred();
  const late = await approvePending(token, { key: KEY, expiresIn: -1 });
  await assert.rejects(resume(agent(), late, { key: KEY }), /expired/);
  const approval = await approvePending(token, { key: KEY });
  const elsewhere = new Hub({ endpoint: "http://127.0.0.1:9", token: "x", policy: { groups } });
  await assert.rejects(resume(elsewhere, approval, { key: KEY }), /another API or base URL/);
  const strict = agent({ policy: { groups, endpoints: { deleteRepo: "off" } } });
  await assert.rejects(resume(strict, approval, { key: KEY }), { kind: "policy", rule: "endpoints.deleteRepo: off" });
  await hub().modelInfo({ repo });
});

test("with a store that adds in one step, two that resume at once are one", async () => {
  const counts = new Map();
  const increment = async (key, by) => {
    counts.set(key, (counts.get(key) ?? 0) + by);
    return counts.get(key);
  };
  const store = { get: () => assert.fail("read apart"), set: () => assert.fail("written apart"), increment };
  const { token } = await deferred();
  const approval = await approvePending(token, { key: KEY });
  const results = await Promise.allSettled([1, 2].map(() => resume(agent(), approval, { key: KEY, store })));
  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  assert.match(results.find(({ reason }) => reason).reason.message, /used before/);
});

test("a call that waits shows its secrets to nobody, and is made with them", async () => {
  const client = agent({ policy: { groups: { webhooks: "full", models: "read" }, endpoints: { createWebhook: "ask" } } });
  const params = { watched: [{ type: "model", name: "acme/tiny-bert" }], domains: ["repo"], url: "https://alice.example/", secret: "very-secret-123" };
  const { pending, message } = await client.createWebhook(params).catch((error) => error);
  assert.ok(pending, message);
  const inClear = pending.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
  assert.ok(!inClear.join().includes("very-secret") && !inClear.join().includes("alice"), inClear.join());
  const { params: seen, sentence } = await readPending(pending, { key: KEY });
  assert.deepEqual(seen, { ...params, secret: "[hidden]" }, sentence);
  const bodies = [];
  const fetch = async (url, init) => bodies.push(init.body) && globalThis.fetch(url, init);
  await resume(agent({ policy: { groups: { webhooks: "full", models: "read" }, endpoints: { createWebhook: "ask" } }, fetch }), await approvePending(pending, { key: KEY }), { key: KEY });
  assert.match(String(bodies), /very-secret-123/);
});

test("an owner's key may be a CryptoKey", async () => {
  const key = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-1" }, false, ["sign", "verify"]);
  const repo = fresh();
  const { pending } = await agent({ approvalKey: key }).deleteRepo({ repo }).catch((error) => error);
  assert.deepEqual((await readPending(pending, { key })).params, { repo });
  await assert.rejects(readPending(pending, { key: KEY }), /no pending call/);
});

test("a person sees parameters, but no secrets", async () => {
  let seen;
  const router = new InferenceRouter({ endpoint: `${emulator.endpoint}/router`, token: "hf_x", policy: { groups: { inference: "full" }, endpoints: { chatCompletion: "ask" } }, approve: ({ params }) => void (seen = params) });
  await router.chatCompletion({ model: "emulator/echo", messages: [], max_tokens: 5, access_token: "s3cret", webhookSecret: "s3cret", secrets: [{ key: "A", value: "s3cret" }] }).catch(() => {});
  assert.deepEqual([seen.max_tokens, seen.access_token, seen.webhookSecret, seen.secrets], [5, "[hidden]", "[hidden]", ["[hidden]"]]);
});

test("a commit with bytes is written down whole", async () => {
  const repo = fresh();
  await hub().createRepo({ repo });
  const asking = { policy: { groups, endpoints: { commit: "ask" } } };
  const content = new Uint8Array([0, 1, 2, 253, 254, 255]);
  const operations = [
    { operation: "addOrUpdate", path: "a.bin", content },
    { operation: "addOrUpdate", path: "b.bin", content: new Blob([content]) },
  ];
  const error = await agent(asking).commit({ repo, title: "Bytes", operations }).catch((error) => error);
  assert.equal((await readPending(error.pending, { key: KEY })).sentence, `Commit 2 files to ${repo} on main`);
  await resume(agent(asking), await approvePending(error.pending, { key: KEY }), { key: KEY });
  for (const path of ["a.bin", "b.bin"]) {
    const file = await hub().downloadFile({ repo, path });
    assert.deepEqual(new Uint8Array(await file.arrayBuffer()), content);
  }
});

test("records go to memory, to lines of JSON, and to a session that the Hub shows", async () => {
  const memory = ring(2);
  const lines = [];
  const traces = [];
  const bytes = [];
  const stream = new WritableStream({ write: (chunk) => void bytes.push(chunk) });
  const client = agent({
    onCall: all(memory, ndjson((line) => lines.push(line)), ndjson(stream), sessionTrace((line) => traces.push(line), { id: "s1", name: "Nightly" })),
  });
  await client.modelInfo({ repo: "acme/tiny-bert" });
  await client.modelTags();
  await client.listRefs({ repo: "acme/tiny-bert" });
  await client.flushRecords();
  assert.deepEqual(memory.records.map(({ endpoint }) => endpoint), ["modelTags", "listRefs"]);
  assert.deepEqual(lines.map((line) => JSON.parse(line).endpoint), ["modelInfo", "modelTags", "listRefs"]);
  assert.equal(Buffer.concat(bytes).toString(), lines.join(""));
  const [header, ...messages] = traces.map((line) => JSON.parse(line));
  assert.deepEqual([header.type, header.harness, header.id, header.name], ["session", "hf-wasm", "s1", "Nightly"]);
  assert.equal(messages.length, 6);
  for (let at = 0; at < messages.length; at += 2) {
    const [call, result] = [messages[at].message, messages[at + 1].message];
    assert.deepEqual([messages[at].type, call.role, result.role], ["message", "assistant", "tool"]);
    assert.equal(result.toolCallId, call.toolCalls[0].id);
    assert.equal(typeof call.content, "string");
    JSON.parse(call.toolCalls[0].function.arguments);
  }
  assert.match(messages[1].message.content, /^Read the metadata of the model acme\/tiny-bert \(allowed, 200, \d+ ms\)$/);
});
