// The endpoints as tools: which there are, what a call of one gives a model to read, and what is refused before it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Hub, InferenceRouter } from "hf-wasm";
import { Toolset, tools } from "hf-wasm/agent";

import { startEmulator } from "../emulator.mjs";

let emulator;
let hub;
let router;
before(async () => {
  emulator = await startEmulator(["--no-rate-limit"]);
  hub = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write });
  router = new InferenceRouter({ endpoint: emulator.routerEndpoint, token: emulator.tokens.write });
});
after(() => emulator?.stop());

const names = (set) => Array.from(set, ({ name }) => name);

/** The requests that left since a number of the emulator's log. */
async function requests(since = 0) {
  const reply = await fetch(`${emulator.endpoint}/_emulator/log?since=${since}`, { headers: { "x-emulator-control": "1" } });
  return await reply.json();
}

test("every endpoint is a tool, but for the steps of a commit", async () => {
  const all = names(await tools({ hub, router }));
  assert.ok(all.length >= 37);
  for (const name of ["hub_listModels", "hub_commit", "hub_downloadFile", "router_listModels", "router_textToImage"]) assert.ok(all.includes(name), name);
  for (const name of ["hub_preupload", "hub_lfsBatch"]) assert.ok(!all.includes(name), name);
  assert.deepEqual(names(await tools({ hub, endpoints: ["preupload", "commit"] })), ["hub_preupload", "hub_commit"]);
  assert.ok(names(await tools({ hub })).every((name) => name.startsWith("hub_")));
  assert.ok(names(await tools({ hub, router, groups: ["inference"] })).every((name) => name.startsWith("router_")));
});

test("what a policy always denies is no tool, and the rest is held to it", async () => {
  const policy = { groups: { models: "read", repos: "read" }, endpoints: { modelTags: "off", createRepo: "ask" }, repos: { "alice/*": { endpoints: { commit: "on" } } } };
  const set = await tools({ hub, router, policy });
  const has = names(set);
  for (const name of ["hub_listModels", "hub_listCommits", "hub_createRepo", "hub_commit", "hub_downloadFile"]) assert.ok(has.includes(name), name);
  for (const name of ["hub_modelTags", "hub_deleteRepo", "hub_whoAmI", "router_chatCompletion"]) assert.ok(!has.includes(name), name);

  const before = (await requests()).at(-1)?.id ?? 0;
  const operations = [{ operation: "addOrUpdate", path: "a", content: "a" }];
  const denied = await set.callTool("hub_commit", { repo: "acme/x", title: "T", operations });
  assert.ok(denied.isError);
  assert.match(denied.text, /policy/);
  assert.match(denied.text, /Do not try it by another way/);
  const asked = await set.callTool("hub_createRepo", { repo: "alice/asked" });
  assert.match(asked.text, /asks a person/);
  assert.deepEqual(await requests(before), []);
});

test("a rule of repositories makes no tool of what is about none", async () => {
  const policy = { repos: { "acme/*": "read" } };
  const set = await tools({ hub, router, policy });
  const has = names(set);
  for (const name of ["hub_modelInfo", "hub_listFiles", "hub_downloadFile"]) assert.ok(has.includes(name), name);
  for (const name of ["hub_listModels", "hub_commit", "hub_whoAmI", "router_listModels"]) assert.ok(!has.includes(name), name);
  // The core says the same of each call without parameters.
  const held = hub.with({ policy });
  for (const call of [held.listModels(), held.listDatasets(), held.modelTags(), held.whoAmI(), held.listWebhooks()]) await assert.rejects(Promise.resolve(call), { kind: "policy" });
  assert.equal((await set.callTool("hub_modelInfo", { repo: "acme/tiny-bert" })).isError, false);
});

test("wrong options are refused with the name of the field", async () => {
  await assert.rejects(tools({}), { kind: "invalidInput", field: "hub" });
  await assert.rejects(tools({ hub, groups: ["moodels"] }), { kind: "invalidInput", field: "groups", message: /moodels/ });
  await assert.rejects(tools({ hub, endpoints: ["fly"] }), { kind: "invalidInput", field: "endpoints" });
  await assert.rejects(tools({ hub, policy: { groups: { models: "some" } } }), { kind: "invalidInput", field: "policy.groups.models" });
  assert.throws(() => new Toolset([{ name: "a b", description: "", parameters: {}, call() {} }]), /no name for a tool/);
  const one = { name: "one", description: "", parameters: { type: "object" }, call() {} };
  assert.throws(() => new Toolset([one, one]), /two tools are named one/);
});

test("results are JSON or the text of a file", async () => {
  const set = await tools({ hub, router });
  const who = await set.callTool("hub_whoAmI", "");
  assert.equal(JSON.parse(who.text).name, "alice");
  assert.deepEqual([who.isError, who.isShortened, who.value.name], [false, false, "alice"]);
  const readme = await set.callTool("hub_downloadFile", { repo: "acme/tiny-bert", path: "README.md" });
  assert.match(readme.text, /^---\nlicense: mit/);
  const weights = await set.callTool("hub_downloadFile", { repo: "acme/tiny-bert", path: "model.safetensors" });
  assert.match(weights.text, /^\[application\/octet-stream, \d+ bytes, not shown\]$/);
  assert.ok(weights.value.size > 0 && typeof weights.value.slice === "function", "a handle of the file");
  const made = await set.callTool("hub_createRepo", { repo: "alice/tools", private: null });
  assert.equal(made.isError, false, "null is what models write for what they leave out");
  assert.equal((await set.callTool("hub_deleteRepo", { repo: "alice/tools" })).text, "Done.");
});

test("a list gives its first items, and says that there are more", async () => {
  const set = await tools({ hub, groups: ["models"] });
  const { parameters } = set.get("hub_listModels");
  assert.ok(!("pageSize" in parameters.properties) && !("cursor" in parameters.properties));
  const { items, hasMore } = (await set.callTool("hub_listModels", {})).value;
  assert.deepEqual([items.length, hasMore], [20, true]);
  const two = (await set.callTool("hub_listModels", { limit: 2, search: "bert" })).value;
  assert.deepEqual([two.items.length, two.hasMore], [2, true]);
  const mine = (await set.callTool("hub_listModels", { author: "alice" })).value;
  assert.equal(mine.hasMore, false);
});

test("arguments are checked before anything is sent, in words that name what is wrong", async () => {
  const set = await tools({ hub });
  const before = (await requests()).at(-1).id;
  for (const [args, ...problems] of [
    [{ repo: "a/b", title: "T" }, "operations is missing"],
    [{ repo: 5, title: "T", operations: [] }, "repo must be of type string, or of type object"],
    [{ repo: "a/b", title: "T", operations: [], extra: 1 }, "extra is not known"],
    [{ repo: "a/b", title: "T", operations: [{ operation: "add", path: "x" }] }, 'operations[0].operation must be "addOrUpdate", or "delete", or "rename", or "copy"'],
    [{ repo: "a/b", title: "T", operations: [{ operation: "rename", path: "x" }, { operation: "delete" }] }, "operations[0].from is missing", "operations[1].path is missing"],
    [{ repo: "a/b", title: "T", operations: "[]" }, "operations must be of type array"],
    ["[]", "the arguments must be of type object"],
  ]) {
    const { text, isError } = await set.callTool("hub_commit", args);
    assert.ok(isError, text);
    for (const problem of problems) assert.ok(text.includes(`- ${problem}`), text);
    assert.match(text, /^hub_commit was not called/);
  }
  assert.deepEqual(await requests(before), []);
});

test("arguments that were cut off are refused, also where nothing was written yet", async () => {
  const called = [];
  const set = new Toolset([{ name: "note", description: "Notes.", parameters: { type: "object" }, call: (args) => called.push(args) }]);
  for (const [args, options] of [['{"a": "b', {}], ['{"a": [1, 2', {}], ["", { finishReason: "length" }], ['{"a": {"b": 1}', { finishReason: "length" }]]) {
    const { text, isError } = await set.callTool("note", args, options);
    assert.ok(isError);
    assert.match(text, /cut off/);
  }
  assert.match((await set.callTool("note", "{'a': 1}")).text, /no valid JSON/);
  assert.deepEqual(called, []);
  assert.equal((await set.callTool("note", "", { finishReason: "tool_calls" })).isError, false);
  assert.equal((await set.callTool("note", '{"a": 1}', { finishReason: "length" })).isError, false, "they are whole");
  assert.match((await set.callTool("write", {})).text, /There is no tool "write". There are: note\./);
});

test("errors say what to do", async () => {
  const set = await tools({ hub });
  const missing = await set.callTool("hub_modelInfo", { repo: "acme/none" });
  assert.deepEqual([missing.isError, missing.error.kind], [true, "notFound"]);
  assert.match(missing.text, /modelInfo acme\/none: Repository not found \(404\)\. Check the id/);
  const own = new Toolset([{ name: "fail", description: "", parameters: { type: "object" }, call: () => Promise.reject(new Error("no luck")) }]);
  assert.equal((await own.callTool("fail", {})).text, "It failed: no luck.");
  const limited = new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.write, retry: false });
  const control = { method: "POST", headers: { "x-emulator-control": "1", "content-type": "application/json" } };
  await fetch(`${emulator.endpoint}/_emulator/faults`, { ...control, body: JSON.stringify({ path: "/api/models", status: 429, headers: { "retry-after": "7" }, count: 1 }) });
  const later = await (await tools({ hub: limited })).callTool("hub_listModels", {});
  assert.match(later.text, /tried again in 7 seconds/);
});

test("a file that is too large is not held in memory, and a range of it is given", async () => {
  const whole = (bytes) => new Response(new Blob([new Uint8Array(bytes)]).stream());
  const sends = (bytes) => new Hub({ endpoint: "http://127.0.0.1:1", token: null, fetch: async () => whole(bytes) });
  const file = { repo: "acme/x", path: "large.bin" };
  const { text, isError } = await (await tools({ hub: sends(17 * 1024 * 1024) })).callTool("hub_downloadFile", file);
  assert.ok(isError);
  assert.equal(text, "downloadFile: the file has more than 16777216 bytes. Ask for a range of it.");
  assert.equal((await (await tools({ hub: sends(15 * 1024 * 1024) })).callTool("hub_downloadFile", file)).isError, false);
  const set = await tools({ hub });
  const readme = { repo: "acme/tiny-bert", path: "README.md" };
  assert.equal((await set.callTool("hub_downloadFile", { ...readme, range: { start: 0, end: 3 } })).text, "---");
  const strict = await tools({ hub: new Hub({ endpoint: emulator.endpoint, token: emulator.tokens.read, maxResponseBytes: 20 }) });
  assert.match((await strict.callTool("hub_downloadFile", readme)).text, /more than 20 bytes/);
});

test("what is left out of a part of a file is told by its place in the file", async () => {
  const content = "0123456789".repeat(10_000);
  const fetch = async (_, { headers }) => {
    const [, start, end] = /bytes=(\d+)-(\d*)/.exec(headers.range ?? "") ?? [];
    if (start === undefined) return new Response(content, { headers: { "content-type": "text/plain" } });
    const part = content.slice(Number(start), end ? Number(end) + 1 : content.length);
    return new Response(part, { status: 206, headers: { "content-type": "text/plain", "content-range": `bytes ${start}-${Number(start) + part.length - 1}/${content.length}` } });
  };
  const set = await tools({ hub: new Hub({ endpoint: "https://hub.example", token: null, fetch }), endpoints: ["downloadFile"] });
  const note = async (range) => (await set.callTool("hub_downloadFile", { repo: "a/b", path: "x.txt", ...(range && { range }) })).text.split("\n\n").at(-1);
  const told = (from, to, end) => `[Shortened: this is bytes ${from} to ${to} of ${end}. Ask for a range that starts at ${to} to read on.]`;
  assert.equal(await note(undefined), told(0, 20_000, 100_000));
  assert.equal(await note({ start: 20_000 }), told(20_000, 40_000, 100_000));
  assert.equal(await note({ start: 20_000, end: 60_000 }), told(20_000, 40_000, 60_000));
  // Who obeys comes to the end.
  let [start, read] = [0, 0];
  for (let turn = 0; turn < 5; turn++) {
    const { text } = await set.callTool("hub_downloadFile", { repo: "a/b", path: "x.txt", range: { start } });
    const [part, more] = text.split("\n\n");
    read += part.length;
    start = Number(/starts at (\d+)/.exec(more)?.[1]);
  }
  assert.deepEqual([read, start], [100_000, Number.NaN]);
});

test("whatever a tool throws, and whatever its schema says, a call is a result", async () => {
  const called = async (parameters, call, args) => {
    const { text, isError } = await new Toolset([{ name: "t", description: "", parameters, call }]).callTool("t", args ?? { a: "x" });
    assert.equal(isError, true);
    return text;
  };
  const a = (schema) => ({ type: "object", properties: { a: schema } });
  let made = 0;
  const count = () => ++made;
  for (const schema of [{ type: "string", pattern: "^\\w+\\Z" }, { type: "string", pattern: "(?<bad" }, { $ref: "#/definitions/none" }]) {
    assert.match(await called(a(schema), count), /^It failed: the arguments cannot be checked against the tool's schema: ./, JSON.stringify(schema));
  }
  assert.match(await called({ ...a({ type: "number" }), required: 1 }, count), /cannot be checked/);
  assert.equal(made, 0);
  const getter = Object.defineProperty(new Error("x"), "message", { get: () => assert.fail("its message") });
  for (const [thrown, text] of [[Symbol("x"), "Symbol(x)"], [Object.create(null), "an unknown error"], [{ message: Symbol("y") }, "Symbol(y)"], [{ message: Object.create(null) }, "an unknown error"], [getter, "an unknown error"], [null, "null"], [undefined, "undefined"], ["no", "no"], [new Error("full"), "full"]]) {
    assert.equal(await called(a({}), () => Promise.reject(thrown)), `It failed: ${text}.`);
  }
});

test("an aborted call rejects with the signal's reason", async () => {
  const set = await tools({ hub });
  const reason = new Error("enough");
  await assert.rejects(set.callTool("hub_whoAmI", {}, { signal: AbortSignal.abort(reason) }), reason);
  const stop = new AbortController();
  const waits = new Toolset([{ name: "wait", description: "", parameters: { type: "object" }, call: (_, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped")))) }]);
  const call = waits.callTool("wait", {}, { signal: stop.signal });
  setTimeout(() => stop.abort(reason), 20);
  await assert.rejects(call, reason);
});

test("long results are shortened, and stay what they are", async () => {
  const value = { list: Array.from({ length: 500 }, (_, at) => ({ at, text: "x".repeat(300) })), long: "🙂".repeat(9000), last: true };
  const set = (call, maxResultLength) => new Toolset([{ name: "long", description: "", parameters: { type: "object" }, call }], { maxResultLength });
  const { text, isShortened, value: whole } = await set(() => value, 10_000).callTool("long", {});
  assert.ok(isShortened && text.length < 10_200);
  const [json, note] = text.split("\n\n");
  const read = JSON.parse(json);
  assert.match(read.list.at(-1), /^… \(\d+ more\)$/);
  assert.ok(read.list.length > 5 && read.last === true && /more characters\)$/.test(read.long));
  assert.match(note, /^\[Shortened: the whole has \d+ characters/);
  assert.equal(whole, value);
  assert.ok(text.isWellFormed?.() ?? true);

  const file = new Blob(["é".repeat(4000)], { type: "text/plain" });
  const part = await set(() => file, 1000).callTool("long", {});
  assert.match(part.text, /^é{1000}\n\n\[Shortened: this is bytes 0 to 2000 of 8000\. Ask for a range that starts at 2000/);
  const prose = await set(() => "word ".repeat(1000), 100).callTool("long", {});
  assert.match(prose.text, /\[Shortened: 4900 of 5000 characters are left out\.\]$/);
  const deep = await set(() => Array.from({ length: 99 }, () => Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`key${at}`, at]))), 300).callTool("long", {});
  assert.ok(deep.isShortened && deep.text.length < 500);
});
