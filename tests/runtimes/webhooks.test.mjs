// `hf-wasm/webhooks` on the emulator's own deliveries: each is set off by a real change, verified, typed and told once.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";

import { Hub } from "hf-wasm";
import { memoryStore, verifyWebhook, WebhookError, webhookHandler } from "hf-wasm/webhooks";

import { startEmulator } from "../emulator.mjs";

const SECRET = "a secret of some length";
/** Scopes and actions that the Hub documents. */
const EVERY = [
  "discussion create", "discussion delete", "discussion update", "discussion.comment create", "discussion.comment update",
  "repo create", "repo delete", "repo move", "repo update", "repo.config update", "repo.content update",
];
const SHA = /^[0-9a-f]{40}$/;

let emulator;
let hub;
let receiver;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
  receiver = await receive();
  await hub.createWebhook({ watched: [{ type: "user", name: "alice" }, { type: "org", name: "acme" }], domains: ["repo", "discussion"], url: receiver.url, secret: SECRET });
});
after(async () => {
  await receiver?.stop();
  await emulator?.stop();
});

/** A server of Node before a handler; keeps what arrives, event by event and request by request. */
async function receive() {
  const events = [];
  const requests = [];
  const keep = (event) => events.push(event);
  const handler = webhookHandler({ secret: ["the next one", SECRET], on: { "repo.content": keep, "*": keep } });
  const server = createServer(async (incoming, outgoing) => {
    const { method, headers } = incoming;
    const url = `http://${headers.host}${incoming.url}`;
    const request = new Request(url, { method, headers, body: Readable.toWeb(incoming), duplex: "half" });
    requests.push({ headers: { ...headers }, body: await request.clone().text() });
    const response = await handler(request);
    outgoing.writeHead(response.status).end(await response.text());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/hook`;
  return { url, events, requests, handler, stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** A change for which the package has no method. */
async function api(path, body, method = "POST") {
  const headers = { authorization: `Bearer ${emulator.tokens.write}`, "content-type": "application/json" };
  const response = await fetch(`${emulator.endpoint}/api/${path}`, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${await response.clone().text()}`);
  return await response.json();
}

/** Makes a change, and waits for the event that it sets off. Events of one change come in any order. */
async function eventOf(scope, action, change, isIt = (_event) => true) {
  const start = receiver.events.length;
  const result = await change();
  for (let tries = 0; tries < 500; tries++) {
    const event = receiver.events.slice(start).find((one) => one.scope === scope && one.action === action && isIt(one));
    if (event) return { event, result };
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no ${scope} ${action}; came: ${receiver.events.slice(start).map((one) => `${one.scope} ${one.action}`)}`);
}

/** A request as the Hub sends it. */
function delivery(body, { secret = SECRET, method = "POST", headers = {} } = {}) {
  const given = secret === null ? {} : { "x-webhook-secret": secret };
  const text = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  return new Request("http://127.0.0.1/hook", { method, headers: { "content-type": "application/json", ...given, ...headers }, ...(method === "POST" && { body: text }) });
}

const payload = (scope, action, members = {}) => ({
  event: { scope, action },
  repo: { type: "model", name: "acme/x", id: "66a1f0c2d9b7a54e0c1b2a33", private: false, url: { web: "w", api: "a" }, owner: { id: "o" } },
  webhook: { id: "6390e855e30d9209411de93b", version: 3 },
  ...members,
});
const content = (newSha, ref = "refs/heads/main") => payload("repo.content", "update", { updatedRefs: [{ ref, oldSha: null, newSha }] });

test("every kind of change arrives, verified and typed", async () => {
  const repo = "alice/webhooks";
  const created = await eventOf("repo", "create", () => hub.createRepo({ repo }));
  assert.equal(created.event.repo.name, repo);

  const operations = [{ operation: "addOrUpdate", path: "a.txt", content: "a" }];
  const pushed = await eventOf("repo.content", "update", () => hub.commit({ repo, title: "Add a", operations }));
  assert.deepEqual(pushed.event.updatedRefs.map(({ ref, newSha }) => [ref, newSha]), [["refs/heads/main", pushed.result.commitOid]]);
  assert.match(pushed.event.updatedRefs[0].oldSha, SHA);

  const settings = await eventOf("repo.config", "update", () => hub.updateRepoSettings({ repo, private: true }));
  assert.equal(settings.event.updatedConfig.private, true);

  const opened = await eventOf("discussion", "create", () => hub.createDiscussion({ repo, title: "Question", description: "Why?" }));
  assert.deepEqual([opened.event.discussion.title, opened.event.comment.content], ["Question", "Why?"]);
  const { num } = opened.event.discussion;
  const commented = await eventOf("discussion.comment", "create", () => hub.commentDiscussion({ repo, num, comment: "Because." }));
  assert.equal(commented.event.comment.content, "Because.");

  const { id } = commented.result.newMessage;
  const edited = await eventOf("discussion.comment", "update", () => api(`models/${repo}/discussions/${num}/comment/${id}/edit`, { content: "Because of it." }));
  assert.deepEqual([edited.event.comment.id, edited.event.comment.content, edited.event.comment.hidden], [id, "Because of it.", false]);
  const hidden = await eventOf("discussion.comment", "update", () => api(`models/${repo}/discussions/${num}/comment/${id}/hide`, {}));
  assert.deepEqual([hidden.event.comment.id, "content" in hidden.event.comment, hidden.event.comment.hidden], [id, false, true]);
  const renamed = await eventOf("discussion", "update", () => api(`models/${repo}/discussions/${num}/title`, { title: "A question" }));
  assert.equal(renamed.event.discussion.title, "A question");

  // Closed, opened and closed again: the last says what the first said, and is news all the same.
  for (const status of ["closed", "open", "closed"]) {
    const changed = await eventOf("discussion", "update", () => hub.changeDiscussionStatus({ repo, num, status }));
    assert.equal(changed.event.discussion.status, status);
  }

  const proposed = await eventOf("discussion", "create", () => hub.commit({ repo, title: "Propose", operations: [{ ...operations[0], content: "b" }], create_pr: true }));
  assert.equal(proposed.event.discussion.isPullRequest, true);
  const { num: proposal } = proposed.event.discussion;
  const isOfMain = ({ updatedRefs }) => updatedRefs[0].ref === "refs/heads/main";
  await eventOf("repo.content", "update", () => hub.mergePullRequest({ repo, num: proposal }), isOfMain);

  const gone = await eventOf("discussion", "delete", () => api(`models/${repo}/discussions/${num}`, undefined, "DELETE"));
  assert.deepEqual([gone.event.discussion.num, gone.event.discussion.title], [num, "A question"]);
  await assert.rejects(hub.discussionInfo({ repo, num }), { kind: "notFound" });

  const ofOrganization = "acme/webhooks";
  await eventOf("repo", "create", () => hub.createRepo({ repo: ofOrganization }));
  const updated = await eventOf("repo", "update", () => api(`models/${ofOrganization}/resource-group`, { resourceGroupId: "0123456789abcdef01234567" }));
  assert.deepEqual([updated.event.repo.name, updated.result.addedBy], [ofOrganization, "alice"]);
  await hub.deleteRepo({ repo: ofOrganization });

  const moved = await eventOf("repo", "move", () => hub.moveRepo({ fromRepo: repo, toRepo: "alice/webhooks-2" }));
  assert.equal(moved.event.movedTo.name, "alice/webhooks-2");
  const deleted = await eventOf("repo", "delete", () => hub.deleteRepo({ repo: "alice/webhooks-2" }));
  assert.equal(deleted.event.repo.name, "alice/webhooks-2");
  assert.ok(receiver.events.every((event) => !("known" in event)), "all are known");
  const came = new Set(receiver.events.map(({ scope, action }) => `${scope} ${action}`));
  assert.deepEqual([...came].sort(), EVERY, "every event of the documentation was set off");
});

test("what the Hub delivers again is answered with success and told once", async () => {
  const { headers, body } = receiver.requests.at(-1);
  const events = [];
  const handler = webhookHandler({ secret: SECRET, on: { "*": (event) => events.push(event) } });
  const again = () => handler(delivery(body, { secret: headers["x-webhook-secret"] }));
  assert.equal((await again()).status, 202);
  const answers = await Promise.all([again(), again(), again()]);
  assert.deepEqual(await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()])), Array(3).fill([200, { duplicate: true }]));
  assert.equal(events.length, 1);
});

test("a wrong secret is refused, whatever is wrong about it, before the body is read", async () => {
  const handler = webhookHandler({ secret: SECRET, on: { "*": () => assert.fail("was told") } });
  const secrets = [[null, 401], ["", 403], [SECRET.slice(0, -1), 403], [`${SECRET}!`, 403], [SECRET.toUpperCase(), 403], [`${SECRET}, ${SECRET}`, 403]];
  for (const [secret, status] of secrets) {
    const request = delivery(content("a"), { secret });
    const answer = await handler(request);
    assert.equal(answer.status, status, String(secret));
    assert.equal(request.bodyUsed, false);
    assert.ok(!(await answer.text()).includes(SECRET));
  }
});

test("each of several secrets is right", async () => {
  for (const secret of ["old", "new"]) {
    const event = await verifyWebhook(delivery(content("a"), { secret }), { secret: ["new", "old"] });
    assert.equal(event.scope, "repo.content");
  }
});

test("no secret is a mistake of the program, not an open door", async () => {
  for (const secret of [undefined, "", [], ["a", ""], [undefined]]) {
    assert.throws(() => webhookHandler({ secret, on: {} }), TypeError);
    await assert.rejects(verifyWebhook(delivery(content("a")), { secret }), TypeError);
  }
});

test("a body that is too long is refused, and not read to its end", async () => {
  const handler = webhookHandler({ secret: SECRET, on: {} });
  assert.equal((await handler(delivery("x".repeat(10_000_000)))).status, 413);
  assert.equal((await handler(delivery(content("a"), { headers: { "content-length": "10000000" } }))).status, 413);
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += 100_000;
      controller.enqueue(new Uint8Array(100_000));
      if (sent >= 10_000_000) controller.close();
    },
  });
  const request = new Request("http://127.0.0.1/", { method: "POST", headers: { "x-webhook-secret": SECRET }, body, duplex: "half" });
  assert.equal((await handler(request)).status, 413);
  assert.ok(sent < 2_000_000, `${sent} bytes were taken`);
  const small = webhookHandler({ secret: SECRET, on: {}, maxBytes: 50 });
  assert.equal((await small(delivery(content("a")))).status, 413);
});

test("what is no payload of version 3 is refused", async () => {
  const handler = webhookHandler({ secret: SECRET, on: { "*": () => assert.fail("was told") } });
  const wrong = [
    "", "{", "null", "[]", "3", new Uint8Array([0x7b, 0xff, 0x7d]), {}, { ...content("a"), event: null }, { ...content("a"), repo: [] },
    { ...content("a"), webhook: { id: "1", version: 4 } }, { ...content("a"), updatedRefs: "main" }, payload("discussion", "update"), payload("repo", "move"),
  ];
  for (const body of wrong) assert.equal((await handler(delivery(body))).status, 400, JSON.stringify(body));
  const get = await handler(delivery("", { method: "GET" }));
  assert.deepEqual([get.status, get.headers.get("allow")], [405, "POST"]);
  await assert.rejects(verifyWebhook(delivery("{"), { secret: SECRET }), (error) => error instanceof WebhookError && error.status === 400);
});

test("an event that is not known reaches the catch-all as it came", async () => {
  const heard = [];
  const { replay } = webhookHandler({ secret: SECRET, on: { repo: () => assert.fail("not for repo"), "*": (event) => heard.push(event) } });
  await replay(payload("repo.stars", "update", { stars: 3 }));
  await replay(payload("repo", "archive"));
  await replay(payload("constructor", "call"));
  assert.deepEqual(heard.map(({ scope, action, known }) => [scope, action, known]), [["repo.stars", "update", false], ["repo", "archive", false], ["constructor", "call", false]]);
  assert.equal(heard[0].stars, 3);
});

test("the answer goes out before the work is done, which the runtime is told to wait for", async () => {
  let finish;
  const work = [];
  const handler = webhookHandler({ secret: SECRET, on: { "repo.content": () => new Promise((resolve) => (finish = resolve)) } });
  const answer = await handler(delivery(content("a")), { waitUntil: (promise) => work.push(promise) });
  assert.equal(answer.status, 202);
  assert.equal(work.length, 1);
  assert.equal(await Promise.race([work[0].then(() => "done"), new Promise((resolve) => setTimeout(resolve, 20, "open"))]), "open");
  finish();
  await work[0];
});

test("work that failed is told, and done when the delivery is sent again", async () => {
  const failures = [];
  let tries = 0;
  const work = [];
  const handler = webhookHandler({
    secret: SECRET,
    on: { "repo.content": () => { if (++tries === 1) throw new Error("no database"); } },
    onError: (error, event) => failures.push([error.message, event.scope]),
    waitUntil: (promise) => work.push(promise),
  });
  for (const status of [202, 202, 200]) {
    assert.equal((await handler(delivery(content("a")))).status, status);
    await Promise.all(work);
  }
  assert.deepEqual([tries, failures], [2, [["no database", "repo.content"]]]);
});

test("the store may be anywhere: two handlers share it, and one that fails loses no delivery", async () => {
  const store = memoryStore();
  const slow = { get: async (key) => store.get(key), set: async (...all) => store.set(...all) };
  let reported = 0;
  const on = { "*": () => void reported++ };
  const [one, other] = [webhookHandler({ secret: SECRET, on, store: slow }), webhookHandler({ secret: SECRET, on, store: slow })];
  assert.equal((await one(delivery(content("a")))).status, 202);
  assert.equal((await other(delivery(content("a")))).status, 200);
  assert.equal((await other(delivery(content("a", "refs/heads/next")))).status, 202);
  assert.equal(reported, 2);
  const broken = webhookHandler({ secret: SECRET, on, store: { get: () => Promise.reject(new Error("down")), set() {} }, onError() {} });
  assert.equal((await broken(delivery(content("b")))).status, 503);
});

test("many of the same at once are one", async () => {
  let reported = 0;
  const handler = webhookHandler({ secret: SECRET, on: { "*": () => void reported++ } });
  const answers = await Promise.all(Array.from({ length: 50 }, () => handler(delivery(content("a")))));
  assert.deepEqual([reported, answers.filter(({ status }) => status === 202).length], [1, 1]);
});

test("a kept event is worked on again, and fails as the work does", async () => {
  const kept = receiver.events.find(({ scope }) => scope === "repo.content");
  const heard = [];
  const { replay } = webhookHandler({ secret: SECRET, on: { "repo.content": (event) => heard.push(event) } });
  await replay(JSON.parse(JSON.stringify(kept)));
  await replay(kept);
  assert.deepEqual(heard, [kept, kept]);
  await assert.rejects(replay({ scope: "repo" }), TypeError);
  const failing = webhookHandler({ secret: SECRET, on: { "*": () => Promise.reject(new Error("no")) } });
  await assert.rejects(failing.replay(kept), /no/);
});

test("a delivery that the Hub is asked to replay arrives again once its work failed", async () => {
  let fails = true;
  let noteFailure;
  const failed = new Promise((resolve) => (noteFailure = resolve));
  const heard = [];
  const handler = webhookHandler({ secret: "s", on: { repo: (event) => { if (fails) throw new Error("not now"); heard.push(event); } }, onError: noteFailure });
  const server = createServer(async (incoming, outgoing) => {
    const request = new Request("http://127.0.0.1/", { method: "POST", headers: incoming.headers, body: Readable.toWeb(incoming), duplex: "half" });
    outgoing.writeHead((await handler(request)).status).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { webhook } = await hub.createWebhook({ watched: [{ type: "user", name: "alice" }], domains: ["repo"], url: `http://127.0.0.1:${server.address().port}/`, secret: "s" });
    await eventOf("repo", "create", () => hub.createRepo({ repo: "alice/replayed" }));
    await failed;
    const headers = { authorization: `Bearer ${emulator.tokens.write}`, "x-emulator-control": "1" };
    const log = `${emulator.endpoint}/api/settings/webhooks/${webhook.id}`;
    const deliveries = await (await fetch(`${emulator.endpoint}/_emulator/deliveries/${webhook.id}`, { headers })).json();
    const { id: logId } = deliveries[0];
    fails = false;
    assert.deepEqual(await (await fetch(`${log}/replay/${logId}`, { method: "POST", headers })).json(), { status: 202 });
    assert.equal(heard[0].repo.name, "alice/replayed");
    assert.deepEqual(await (await fetch(`${log}/replay/${logId}`, { method: "POST", headers })).json(), { status: 200 });
    assert.equal(heard.length, 1);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
