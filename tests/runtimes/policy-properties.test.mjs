// Whatever the arguments, redirects, retries and pages: what a policy does not allow never leaves. `fetch` counts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Hub, InferenceRouter, PolicyError } from "hf-wasm";
import { tools } from "hf-wasm/agent";

const catalogue = JSON.parse(readFileSync(new URL("../../pkg/dist/catalogue.json", import.meta.url)));
const endpoints = catalogue.groups.flatMap(({ endpoints }) => endpoints);
const GROUPS = ["models", "datasets", "spaces", "repos", "discussions", "inference", "account", "webhooks"];
const HOME = "https://hub.example";
const REPO = { modelInfo: "acme/x", datasetInfo: "datasets/acme/x", spaceInfo: "spaces/acme/x" };
const policyBut = (group, mode) => ({ groups: Object.fromEntries(GROUPS.map((each) => [each, each === group ? mode : "full"])) });

/** Group of each endpoint, as the package's own policy names it: found out by an empty policy. */
const groupOf = {};
for (const endpoint of endpoints) {
  const error = await outcome(client(endpoint, { policy: {} }), endpoint, example(endpoint));
  groupOf[key(endpoint)] = /^groups\.(\w+): off$/.exec(error.rule)[1];
}

function key({ host, name }) {
  return `${host}.${name}`;
}

function client({ host }, options) {
  const Class = host === "hub" ? Hub : InferenceRouter;
  return new Class({ endpoint: HOME, token: "hf_x", retry: { attempts: 2, maxDelay: 1 }, fetch: () => assert.fail("a request left"), ...options });
}

/** Parameters that work. */
function example({ parameters }) {
  const { properties, required = [] } = parameters;
  return Object.fromEntries(required.map((name) => [name, properties[name].examples?.[0] ?? "acme/x"]));
}

/** What the call rejects with; undefined if it succeeds. A list is read to its end. */
async function outcome(hub, { name }, params) {
  try {
    const called = hub[name](params);
    if (called?.pages) for await (const _ of called);
    else await called;
  } catch (error) {
    return error;
  }
}

/** Numbers that are always the same. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ODD = [
  "acme/x", "ACME/X", "models/acme/x", "datasets/acme/x", "acme/x.git", "../../api/models", "acme/x%2f..%2fy", "acme\\x", "acme/x\t", "..",
  "acme/x?y=/api/models", "https://elsewhere.example/x", "//elsewhere.example", "datasets/x", "api/models", "x", "", "__proto__", "constructor", "toString",
  0, 1, -1, 1e99, true, false, null, [], ["acme/x"], {}, { type: "model", name: "acme/x" }, { type: "model", name: "datasets/x" }, { type: "datasets", name: "../x" },
  { __proto__: null, type: "model", name: "acme/x" }, JSON.parse('{"__proto__":{"name":"acme/x"}}'), [{ type: "org", name: "acme" }], [{ type: "model", source: "acme/x" }],
];

test("no argument makes a denied call leave", async () => {
  const pick = random(7);
  const kinds = new Set();
  for (const endpoint of endpoints) {
    for (const mode of endpoint.access === "write" ? ["off", "read"] : ["off"]) {
      const hub = client(endpoint, { policy: policyBut(groupOf[key(endpoint)], mode) });
      for (let round = 0; round < 60; round++) {
        const params = round % 7 === 6 ? JSON.parse('{"__proto__":{"repo":"acme/x"}}') : example(endpoint);
        for (const name of Object.keys(endpoint.parameters.properties)) {
          if (round > 0 && pick(3) === 0) params[name] = ODD[pick(ODD.length)];
        }
        if (pick(4) === 0) params[["type", "name", "toJSON", "__proto__", "url", "path"][pick(6)]] = ODD[pick(ODD.length)];
        const error = await outcome(hub, endpoint, params);
        assert.ok(["policy", "invalidInput"].includes(error?.kind), `${endpoint.name} ${mode} ${JSON.stringify(params)}: ${error}`);
        kinds.add(error.kind);
      }
    }
  }
  assert.equal(kinds.size, 2);
});

test("nor does a flow of several calls", async () => {
  const off = new Hub({ endpoint: HOME, policy: policyBut("repos", "off"), fetch: () => assert.fail("a request left") });
  const read = new Hub({ endpoint: HOME, policy: policyBut("repos", "read"), fetch: () => assert.fail("a request left") });
  const router = new InferenceRouter({ endpoint: HOME, policy: policyBut("inference", "read"), fetch: () => assert.fail("a request left") });
  const content = new Blob([new Uint8Array(20_000_000)]);
  const commit = { repo: "acme/x", title: "No", operations: [{ operation: "addOrUpdate", path: "a.bin", content }, { operation: "copy", from: "b", path: "c", revision: "main" }] };
  const at = { repo: "acme/x", path: "README.md" };
  const flows = [
    () => off.commit(commit), () => read.commit(commit), () => read.commit({ ...commit, create_pr: true }), () => off.fileExists(at),
    () => off.downloadFile(at), () => off.downloadFile({ ...at, range: { start: 0, end: 1 } }), () => off.listFiles({ repo: "acme/x" }).pages().next(),
    () => router.chatCompletionStream({ model: "a/b", messages: [] }).next(), () => router.textToImage({ model: "a/b", inputs: "x" }),
  ];
  for (const flow of flows) await assert.rejects(Promise.resolve().then(flow), PolicyError, String(flow));
});

/** Parameters that name no repository beside. */
const UNNAMED = Object.fromEntries(["createWebhook", "updateWebhook"].map((name) => [name, { watched: [{ type: "bucket", name: "acme/x" }] }]));

/** An address of each endpoint, and who is meant by it. */
const addresses = endpoints.map((endpoint) => {
  const params = example(endpoint);
  const fill = (_, name) => (name === "repo" ? ((endpoint.path.startsWith("/api/{") ? "models/" : "") + (REPO[endpoint.name] ?? "acme/x").replace(/^\w+s\//, "")) : encodeURIComponent(params[name] ?? "main"));
  return { endpoint, path: endpoint.path.replace(/\[.*\]/, "").replace(/\{(\w+)\}/g, fill) };
});

test("no redirect, retry or page leads to a denied group", async () => {
  let tried = 0;
  for (const endpoint of endpoints) {
    const own = groupOf[key(endpoint)];
    // Its own group is allowed whole, and nobody is asked.
    const on = endpoints.filter((each) => groupOf[key(each)] === own).map(({ name }) => [name, "on"]);
    const policy = { groups: { [own]: "full" }, endpoints: Object.fromEntries(on) };
    const led = addresses.filter(({ endpoint: { host, method, name } }) => host === endpoint.host && method === endpoint.method && name !== endpoint.name);
    for (const { path } of led.filter((each) => groupOf[key(each.endpoint)] !== own)) {
      for (const spelt of [path, `${path}?x=1`, path.replace("acme", "%61cme"), path.replace("/api", "/api/"), `/../${path}`, path.replace("/api/", "/%61pi/")]) {
        for (const how of ["redirect", "retry", "page"]) {
          const sent = [];
          const fetch = async (url) => {
            sent.push(new URL(url).pathname);
            if (sent.length === 1 && how === "retry") return new Response("{}", { status: 429, headers: { "retry-after": "0" } });
            if (sent.length > 2) return Response.json([]);
            if (how === "page") return new Response("[]", { headers: { "content-type": "application/json", link: `<${HOME}${spelt}>; rel="next"` } });
            return new Response(null, { status: 307, headers: { location: `${HOME}${spelt}` } });
          };
          await outcome(client(endpoint, { policy, fetch }), endpoint, { ...example(endpoint), ...UNNAMED[endpoint.name] });
          assert.ok(sent.length > 0 && sent.every((each) => each === sent[0]), `${endpoint.name} was led to ${spelt} by a ${how}: ${sent}`);
          tried++;
        }
      }
    }
  }
  assert.ok(tried > 500, `${tried}`);
});

test("no redirect, page or parameter leads to a repository that is off", async () => {
  const policy = { groups: { models: "read", datasets: "read", repos: "full", webhooks: "full", account: "full" }, endpoints: { moveRepo: "on" }, repos: { "acme/secret": "off", "datasets/acme/secret": "off", "spaces/acme/secret": "off" } };
  const led = [
    "/api/models/acme/secret", "/api/models/ACME/Secret", "/api/models/acme/secret/tree/main", "/acme/secret/resolve/main/a", "/api/resolve-cache/models/acme/secret/0123456789012345678901234567890123456789/a",
    "/api/models/acme/secret.git", "/api/models/acme%2fsecret", "/api//models/acme/secret", "/api/models/acme/ok/../secret", "/api/models/acme/ok/%2e%2e/secret", "/api/models/acme\\secret", "/datasets/acme/secret/resolve/main/a",
  ];
  for (const location of led) {
    const sent = [];
    const fetch = async (url) => (sent.push(url) > 1 ? Response.json({}) : new Response(null, { status: 307, headers: { location } }));
    const hub = new Hub({ endpoint: HOME, policy, fetch });
    await assert.rejects(hub.modelInfo({ repo: "acme/ok" }), { kind: "policy" }, location);
    assert.equal(sent.length, 1, location);
  }
  const hub = new Hub({ endpoint: HOME, policy, fetch: () => assert.fail("a request left") });
  const watch = (type, name) => () => hub.createWebhook({ url: "https://x.example", domains: ["repo"], watched: [{ type: "model", name: "acme/ok" }, { type, name }] });
  const calls = {
    "another case": () => hub.listFiles({ repo: "Acme/SECRET" }),
    "its type": () => hub.listFiles({ repo: "models/acme/secret" }),
    "a git address": () => hub.listFiles({ repo: "acme/secret.git" }),
    "an object": () => hub.listFiles({ repo: { type: "models", name: "acme/secret" } }),
    "no namespace": () => hub.listFiles({ repo: "secret" }),
    "a move from it": () => hub.moveRepo({ fromRepo: "acme/secret", toRepo: "acme/ok" }),
    "a move to it": () => hub.moveRepo({ fromRepo: "datasets/acme/ok", toRepo: "acme/secret" }),
    "a webhook": watch("model", "acme/secret"),
    "a webhook of all": watch("org", "acme"),
    "a webhook, in capitals": watch("Model", "ACME/secret"),
    "a webhook that is changed": () => hub.updateWebhook({ webhookId: "0123456789abcdef01234567", url: "https://x.example", domains: ["repo"], watched: [{ type: "dataset", name: "acme/secret" }] }),
    "a job": () => hub.createWebhook({ job: { spaceId: "acme/secret", flavor: "cpu-basic" }, domains: ["repo"], watched: [{ type: "model", name: "acme/ok" }] }),
    "a collection": () => hub.createCollection({ title: "All", namespace: "alice", item: { type: "model", id: "acme/secret" } }),
    "a mounted volume": () => hub.createRepo({ repo: "spaces/alice/x", sdk: "docker", volumes: [{ type: "dataset", source: "acme/secret", mountPath: "/data" }] }),
  };
  for (const [name, call] of Object.entries(calls)) await assert.rejects(Promise.resolve().then(call), { kind: "policy" }, name);
  // Of two that differ in type, the request would have meant a third.
  await assert.rejects(hub.moveRepo({ fromRepo: "acme/ok", toRepo: "datasets/acme/ok" }), { kind: "invalidInput", field: "toRepo" });
  // A file of the dataset `secret`, by the name of a model.
  await assert.rejects(hub.downloadFile({ repo: { type: "model", name: "datasets/secret" }, path: "a" }), { kind: "invalidInput" });
});

test("only an explicit yes is an approval, and what is asked is what it says", async () => {
  const sent = [];
  const asked = [];
  const fetch = async (url) => Response.json({ sent: sent.push(url) });
  for (const answer of [undefined, null, 1, 0, "", "yes", {}, [], { approved: true }, Promise.resolve(1), () => true]) {
    const hub = new Hub({ endpoint: HOME, policy: { groups: { repos: "full" } }, approve: () => answer, fetch });
    await assert.rejects(hub.deleteRepo({ repo: "acme/x" }), { kind: "policy", rule: "endpoints.deleteRepo: ask" }, String(answer));
  }
  assert.deepEqual(sent, []);
  const hub = new Hub({ endpoint: HOME, policy: { groups: { discussions: "full" }, endpoints: { createDiscussion: "ask" } }, approve: (call) => asked.push(call) && true, fetch });
  await hub.createDiscussion({ repo: "acme/x", title: "a\u202eb\u0000c\nd", description: "x" });
  assert.deepEqual([asked[0].sentence, sent.length], ["Open the discussion “abc d” in acme/x", 1]);
});

test("what is no policy is refused, and lets nothing through", async () => {
  const fetch = () => assert.fail("a request left");
  const made = (options) => new Hub({ endpoint: HOME, token: "hf_x", fetch, ...options });
  for (const wrong of [null, false, "", 0, Number.NaN, [], "full"]) {
    const refused = { kind: "invalidInput", field: "policy" };
    await assert.rejects(made({ policy: wrong }).deleteRepo({ repo: "acme/x" }), refused, String(wrong));
    await assert.rejects(made({ policy: wrong, onCall() {} }).deleteRepo({ repo: "acme/x" }), refused, String(wrong));
    await assert.rejects(made({}).with({ policy: wrong }).deleteRepo({ repo: "acme/x" }), refused, String(wrong));
    await assert.rejects(tools({ hub: made({}), policy: wrong }), refused, String(wrong));
    const router = new InferenceRouter({ endpoint: HOME, token: "hf_x", fetch, policy: wrong });
    await assert.rejects(router.chatCompletion({ model: "a/b", messages: [] }), refused, String(wrong));
  }
  for (const [field, wrong] of [["approve", null], ["onCall", null], ["onCall", ""], ["audit", null], ["audit", ""], ["audit", false]]) {
    await assert.rejects(made({ [field]: wrong }).deleteRepo({ repo: "acme/x" }), { kind: "invalidInput", field }, `${field}: ${wrong}`);
  }
});

test("the most specific pattern counts by its name, its namespace and its type, and not by the length of a word", async () => {
  const allows = async (repos, repo) => {
    const error = await outcome(new Hub({ endpoint: HOME, policy: { repos }, fetch: async () => Response.json({}) }), { name: "createRepo" }, { repo });
    assert.ok(error === undefined || error.kind === "policy", `${error}`);
    return error === undefined;
  };
  for (const namespace of ["a", "acme", "acme-corporation"]) {
    // The less specific, the more specific, and a repository that both mean.
    for (const [wide, narrow, repo] of [
      ["datasets/*", `*/${namespace}/*`, `datasets/${namespace}/x`],
      ["models/*", `*/${namespace}/*`, `${namespace}/x`],
      [`*/${namespace}/*`, `datasets/${namespace}/*`, `datasets/${namespace}/x`],
      [`${namespace}/*`, "*/*/x", `${namespace}/x`],
      [`${namespace}/*`, "*/*/x*", `${namespace}/xy`],
      [`${namespace}/x*`, "*/*/xyz", `${namespace}/xyz`],
      [`${namespace}/x*`, `${namespace}/xy*`, `${namespace}/xyz`],
      [`datasets/${namespace[0]}*/*`, `*/${namespace}/*`, `datasets/${namespace}/x`],
      [`datasets/*/x`, `*/${namespace}/x`, `datasets/${namespace}/x`],
      ["*", "spaces/*", `spaces/${namespace}/x`],
    ]) {
      assert.equal(await allows({ [wide]: "full", [narrow]: "off" }, repo), false, `${wide} before ${narrow} on ${repo}`);
      assert.equal(await allows({ [narrow]: "full", [wide]: "off" }, repo), true, `${wide} before ${narrow} on ${repo}`);
    }
  }
});

test("a repository is the same to a policy as a string and as an object", async () => {
  const made = () => new Hub({ endpoint: HOME, policy: { groups: { repos: "full" }, endpoints: { moveRepo: "on", deleteRepo: "on" }, repos: { "datasets/acme/y": "off" } }, fetch: async () => Response.json({}) });
  const [from, to] = [{ type: "model", name: "acme/x" }, { type: "model", name: "acme/y" }];
  const calls = {
    createRepo: (hub) => hub.createRepo({ repo: from }),
    deleteRepo: (hub) => hub.deleteRepo({ repo: from }),
    moveRepo: (hub) => hub.moveRepo({ fromRepo: from, toRepo: to }),
    listRefs: (hub) => hub.listRefs({ repo: from }),
  };
  for (const [name, call] of Object.entries(calls)) await assert.doesNotReject(Promise.resolve(call(made())), name);
  // What stands beside it counts as before.
  const watched = made().createRepo({ repo: { type: "space", name: "acme/x" }, sdk: "docker", volumes: [{ type: "dataset", source: "acme/y", mountPath: "/data" }] });
  await assert.rejects(watched, { kind: "policy" });
});

test("a call that is aborted while a person is asked was not allowed", async () => {
  const records = [];
  const policy = { groups: { repos: "full" }, budgets: [{ calls: 1 }] };
  const hub = new Hub({ endpoint: HOME, policy, approve: () => new Promise(() => {}), onCall: (record) => records.push(record), fetch: async () => Response.json({}) });
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("enough")), 20);
  await assert.rejects(hub.deleteRepo({ repo: "acme/x" }, { signal: stop.signal }), /enough/);
  await hub.flushRecords();
  const [{ decision, rule, outcome, sentence }] = records;
  assert.deepEqual([decision, rule, outcome], ["asked", "endpoints.deleteRepo: ask", "aborted"]);
  assert.equal(sentence, "Stopped before a person approved it: delete the repository acme/x with all its files");
  // Nothing was sent, and the budget has room still.
  await hub.createRepo({ repo: "acme/x" });
});

test("a provider's numbers give no budget back, and where it tells none, bytes count", async () => {
  const usages = [{ total_tokens: -1e9, estimated_cost: -5 }, { total_tokens: Number.NaN }, { total_tokens: 60 }, undefined];
  const fetch = async (url) => Response.json(url.endsWith("/v1/models") ? { data: [] } : { choices: [{ message: { content: "Hi" } }], usage: usages.shift() });
  const records = [];
  const router = new InferenceRouter({ endpoint: HOME, policy: { groups: { inference: "full" }, budgets: [{ tokens: 170 }] }, fetch, onCall: (record) => records.push(record) });
  for (let at = 0; at < 4; at++) await router.chatCompletion({ model: "a/b", messages: [] });
  await assert.rejects(router.chatCompletion({ model: "a/b", messages: [] }), { rule: "budgets: 170 tokens" });
  await router.flushRecords();
  const each = { promptTokens: '{"model":"a/b","messages":[]}'.length, completionTokens: '{"content":"Hi"}'.length };
  const byBytes = [{ ...each, totalTokens: each.promptTokens + each.completionTokens }, true];
  const reported = [{ promptTokens: 0, completionTokens: 60, totalTokens: 60 }, undefined];
  assert.deepEqual(records.slice(0, 4).map(({ usage, estimated }) => [usage, estimated]), [byBytes, byBytes, reported, byBytes]);
});

test("what the provider says that it cost goes before the price", async () => {
  const models = [{ id: "a/b", providers: [{ provider: "x", pricing: { input: 1, output: 2 } }, { provider: "y", pricing: { input: 3, output: 4 } }, { provider: "z" }] }];
  const replies = [["x", { prompt_tokens: 10, completion_tokens: 20, estimated_cost: 0.5 }], ["x", { prompt_tokens: 10, completion_tokens: 20 }], ["y", { prompt_tokens: 10, completion_tokens: 20 }], ["<script>", { total_tokens: 5 }], ["z", { total_tokens: 5 }], ["elsewhere", { total_tokens: 5 }]];
  const asked = [];
  const fetch = async (url) => {
    asked.push(url.slice(HOME.length));
    if (url.endsWith("/v1/models")) return Response.json({ object: "list", data: models });
    const [provider, usage] = replies.shift();
    return Response.json({ choices: [], usage }, { headers: { "x-inference-provider": provider } });
  };
  const records = [];
  const router = new InferenceRouter({ endpoint: HOME, fetch, onCall: (record) => records.push(record) });
  for (let at = 0; at < 6; at++) await router.chatCompletion({ model: "a/b", messages: [] });
  await router.flushRecords();
  const money = (dollars) => dollars?.toFixed(8);
  assert.deepEqual(records.map(({ provider, usd, estimated }) => [provider, money(usd), estimated]), [["x", money(0.5), undefined], ["x", money(0.00005), true], ["y", money(0.00011), true], [undefined, undefined, undefined], ["z", undefined, undefined], ["elsewhere", undefined, undefined]]);
  assert.equal(asked.filter((path) => path === "/v1/models").length, 1, "prices are asked for once");
});
