// What callers give in the place of the runtime's own: a `fetch` and its responses, token functions, files, options.
// No call hangs on them, traps the wasm, or takes nonsense for a result.

import { equal, match, ok, rejects, until } from "../assert.mjs";
import { collect } from "../context.mjs";

const repo = "acme/tiny-bert";
const chat = { model: "emulator/echo", messages: [{ role: "user", content: "one" }] };
const never = () => new Promise(() => {});
// biome-ignore lint/suspicious/noThenProperty: it never settles.
const thenable = { then() {} };

/** A response that is none, with members of its own. */
const answering = (members) => async () => ({ status: 200, headers: new Headers(), json: async () => ({ id: "x" }), ...members });
const header = (value) => ({ get: (name) => (["x-request-id", "link", "x-total-count", "ratelimit"].includes(name) ? value : null) });

export const cases = [
  {
    name: "a token function that gives nothing is anonymous, one that never settles has a limit",
    async run({ hub }) {
      const fetch = async (_, { headers }) => Response.json({ id: String(new Headers(headers).get("authorization")) });
      for (const token of [() => undefined, () => null, async () => undefined, () => ""]) {
        equal((await hub({ fetch, token }).modelInfo({ repo })).id, "null", String(token));
      }
      for (const token of [never, () => thenable]) {
        const error = await rejects(hub({ fetch, token, timeout: { headers: 60 } }).modelInfo({ repo }), { kind: "timeout" });
        match(error.message, /token function/);
      }
      const throwing = [
        () => { throw new Error("no"); },
        async () => { throw undefined; },
        // biome-ignore lint/suspicious/noThenProperty: it throws.
        () => ({ get then() { throw new Error("then"); } }),
      ];
      const refused = async (token, words) => {
        const error = await rejects(hub({ fetch, token }).modelInfo({ repo }), { kind: "invalidInput", field: "token" });
        match(error.message, words);
      };
      for (const token of throwing) await refused(token, /"token" function threw an error$/);
      await refused(() => { throw new Error("hf_abcdefghijklmnopqrstuvwxyz has expired"); }, /threw an error$/);
      const failing = (members) => () => { throw Object.assign(new Error("no"), members); };
      await refused(failing({ code: "invalid_grant" }), /"token" function threw an error \(invalid_grant\)$/);
      await refused(failing({ kind: "rateLimited" }), /threw an error \(rateLimited\)$/);
      await refused(failing({ kind: "notFound", code: "RepoNotFound" }), /threw an error \(RepoNotFound\)$/);
      const strange = [{ code: 7 }, { code: "" }, { code: "a b" }, { code: "a".repeat(41) }, { code: "hf_abcdefghijklmnopqrstuvwxyz" }, { get code() { throw new Error("no"); } }];
      for (const thrown of strange) await refused(() => { throw thrown; }, /threw an error$/);
      await refused(() => 7, /"token" function must return a string/);
    },
  },
  {
    name: "a file whose bytes never come, or are none, is told",
    async run({ hub }) {
      const blob = (arrayBuffer) => ({ size: 5, type: "", arrayBuffer, slice() { return this; } });
      const commit = (content) =>
        hub({ timeout: { idle: 60 } }).commit({ repo, title: "x", operations: [{ operation: "addOrUpdate", path: "x", content }] });
      const error = await rejects(commit(blob(never)), { kind: "timeout" });
      match(error.message, /could not be read/);
      for (const give of [() => undefined, async () => undefined, async () => 5, async () => new ArrayBuffer(4), () => { throw new Error("no"); }]) {
        await rejects(commit(blob(give)), { kind: "invalidInput", field: "operations[0].content" });
      }
    },
  },
  {
    name: "a file that only the response itself can read is held to its SHA-256 and the limit of bytes",
    async run({ hub }) {
      const oid = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
      const headers = new Headers({ "x-linked-etag": `"${oid}"` });
      const download = (text, options) => hub({ fetch: answering({ headers, body: undefined, blob: async () => new Blob([text]) }) }).downloadFile({ repo, path: "x" }, options);
      equal(await (await download("abc", { maxResponseBytes: 3 })).text(), "abc");
      match((await rejects(download("abd"), { kind: "protocol" })).message, /SHA-256 mismatch/);
      match((await rejects(download("abc", { maxResponseBytes: 2 }), { kind: "protocol" })).message, /maxResponseBytes/);
    },
  },
  {
    name: "a small body of a known length is read at once, any other in pieces",
    async run({ hub }) {
      const text = JSON.stringify({ id: "x" });
      const length = new Headers({ "content-length": String(text.length) });
      const atOnce = async () => new TextEncoder().encode(text).buffer;
      const noPieces = { getReader: () => { throw new Error("read in pieces"); } };
      const inPieces = () => new Response(text).body;
      const notAtOnce = () => { throw new Error("read at once"); };
      const id = async (members, options) => (await hub({ fetch: answering(members) }).modelInfo({ repo }, options)).id;
      equal(await id({ headers: length, body: noPieces, arrayBuffer: atOnce }), "x");
      // Who limits the time between two pieces has them watched.
      equal(await id({ headers: length, body: inPieces(), arrayBuffer: notAtOnce }, { timeout: { idle: 5000 } }), "x");
      const coded = new Headers({ "content-length": "9", "content-encoding": "zstd" });
      const large = new Headers({ "content-length": String(1 << 17) });
      equal(await id({ headers: coded, body: inPieces(), arrayBuffer: notAtOnce }), "x");
      equal(await id({ body: inPieces(), arrayBuffer: notAtOnce }), "x");
      equal(await id({ headers: length, body: inPieces(), arrayBuffer: undefined }), "x");
      await rejects(id({ headers: large, body: inPieces(), arrayBuffer: notAtOnce }), { kind: "network" });
      await rejects(id({ headers: length, arrayBuffer: async () => "x" }), { kind: "protocol" });
      await rejects(id({ headers: new Headers({ "content-length": "100" }), arrayBuffer: atOnce }), { kind: "network" });
    },
  },
  {
    name: "options whose getters throw fail each call, and the stack of the core stays where it was",
    async run({ Hub, hub }) {
      const own = new Error("of the caller");
      const options = { endpoint: "https://hub.example", retry: { get attempts() { throw own; } } };
      // Of a stack of 1 MiB, each took 704 bytes.
      for (let time = 0; time < 2000; time++) {
        const error = await new Hub(options).whoAmI().catch((thrown) => thrown);
        if (error !== own) throw error;
      }
      equal((await hub().whoAmI()).name, "alice");
    },
  },
  {
    name: "a header of a stand-in that is no string is made one, or named",
    async run({ hub, ProtocolError }) {
      for (const value of [7, 7n, true, new Date(0), { toString: () => "text" }, ["a"], Symbol("s")]) {
        equal((await hub({ fetch: answering({ headers: header(value) }) }).modelInfo({ repo })).id, "x", typeof value);
      }
      const failing = { status: 500, text: async () => "" };
      const error = await rejects(hub({ fetch: answering({ ...failing, headers: header(7) }) }).modelInfo({ repo }), { kind: "server" });
      equal(error.requestId, "7");
      const odd = [header(Object.create(null)), header({ toString() { throw new Error("no text"); } }), { get() { throw new Error("no header"); } }];
      for (const headers of odd) {
        const error = await rejects(hub({ fetch: answering({ headers }) }).modelInfo({ repo }), { kind: "protocol", endpoint: "modelInfo" });
        ok(error instanceof ProtocolError, String(error));
        match(error.message, /the header \S+ of the response cannot be read/);
      }
    },
  },
  {
    name: "what is no response, or has no body that can be read, is told",
    async run({ hub, router }) {
      const none = [undefined, null, "text", 7, {}, { status: "200" }, { status: 0, type: "opaque" }, { status: NaN }, { get status() { throw new Error("no"); } }];
      for (const response of none) await rejects(hub({ fetch: async () => response }).modelInfo({ repo }), { kind: "protocol" });
      await rejects(hub({ fetch: async () => ({ status: 0, type: "opaqueredirect" }) }).modelInfo({ repo }), { kind: "protocol" });
      const used = new Response("{}");
      await used.text();
      const texts = (...left) => async () => (left.length > 0 ? { done: false, value: left.shift() } : { done: true });
      const bodies = [
        { body: used.body },
        { get body() { throw new Error("no"); } },
        { json: undefined },
        { json() { throw new Error("no"); } },
        { body: { getReader: () => ({ read: async () => undefined, cancel() {} }) } },
        { body: { getReader: () => ({ read: texts("no JSON"), cancel() {} }) } },
      ];
      for (const [at, members] of bodies.entries()) {
        const error = await rejects(hub({ fetch: answering(members) }).modelInfo({ repo }));
        ok(["protocol", "network"].includes(error.kind), `${at}: ${error.kind}`);
      }
      let requests = 0;
      const json = async () => JSON.parse(`<html>${++requests}`);
      await rejects(hub({ fetch: answering({ json }), retry: { maxDelay: 1 } }).modelInfo({ repo }), { kind: "protocol", message: "modelInfo acme/tiny-bert: the response is not JSON" });
      equal(requests, 1, "what is not JSON is not asked for again");
      const files = [{ blob: async () => undefined }, { blob: async () => "text" }, { blob: undefined }];
      for (const members of files) await rejects(hub({ fetch: answering(members) }).downloadFile({ repo, path: "x" }), { kind: "protocol" });
      const events = answering({ headers: new Headers({ "content-type": "text/event-stream" }), body: undefined });
      await rejects(collect(router({ fetch: events }).chatCompletionStream(chat)), { kind: "protocol" });
    },
  },
  {
    name: "what fetch throws is told in words, whatever it is",
    async run({ hub }) {
      const odd = [undefined, null, "text", 7, Object.create(null), { get message() { throw new Error("no"); } }, Symbol("s"), () => {}];
      for (const thrown of odd) {
        const fetch = () => Promise.reject(thrown);
        const error = await rejects(hub({ fetch }).modelInfo({ repo }), { kind: "network", endpoint: "modelInfo" });
        JSON.stringify(error);
      }
    },
  },
  {
    name: "a body of Node's is read piece by piece, and let go",
    async run({ hub, router }) {
      let closed = 0;
      const iterable = (texts, endless) => ({
        async *[Symbol.asyncIterator]() {
          try {
            for (const text of texts) yield new TextEncoder().encode(text);
            if (endless) for (;;) yield new Uint8Array(4096);
          } finally {
            closed++;
          }
        },
      });
      const by = (texts, headers, endless) => ({ fetch: async () => ({ status: 200, headers: new Headers(headers), body: iterable(texts, endless) }) });
      equal((await hub(by(['{"id":', '"x"}'])).modelInfo({ repo })).id, "x");
      equal(await (await hub(by(["ab", "c"])).downloadFile({ repo, path: "x" })).text(), "abc");
      const events = { "content-type": "text/event-stream" };
      const chunk = 'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n';
      equal((await collect(router(by([chunk, "data: [DONE]\n\n"], events)).chatCompletionStream(chat))).length, 1);
      await rejects(hub({ ...by([], {}, true), maxResponseBytes: 10_000 }).downloadFile({ repo, path: "x" }), { kind: "protocol" });
      await until(() => closed === 4);
      equal(closed, 4, "every body was closed");
    },
  },
  {
    name: "a response that comes after the abort is cancelled",
    async run({ hub }) {
      let answer;
      let cancelled = 0;
      const late = new Promise((resolve) => { answer = resolve; });
      const stop = new AbortController();
      const call = hub({ fetch: () => late }).modelInfo({ repo }, { signal: stop.signal });
      setTimeout(() => stop.abort(new Error("enough")), 20);
      match((await rejects(call)).message, /enough/);
      answer(new Response(new ReadableStream({ cancel() { cancelled++; } })));
      await until(() => cancelled === 1);
      equal(cancelled, 1);
    },
  },
  {
    name: "a response that comes after its request was given up says nothing of the next one's file",
    async run({ hub }) {
      // So many microtasks after the next one's response.
      for (let later = 0; later < 12; later++) {
        let answer;
        let requests = 0;
        const busy = async () => {
          for (let turn = 0; turn < later; turn++) await undefined;
          answer(new Response("busy", { status: 503, headers: { "content-type": "text/html", etag: "stale" } }));
        };
        const fetch = () => {
          if (++requests === 1) return new Promise((resolve) => { answer = resolve; });
          void busy();
          return Promise.resolve(new Response("good", { headers: { "content-type": "text/plain", etag: "fresh" } }));
        };
        const client = hub({ fetch, timeout: { headers: 30 }, retry: { maxDelay: 0 } });
        const file = await client.downloadFile({ repo, path: "x.txt" });
        equal([file.type, file.etag, await file.text(), requests], ["text/plain", "fresh", "good", 2], String(later));
      }
    },
  },
  {
    name: "a response is cancelled at whatever moment between its head and its body the call is aborted",
    async run({ hub, router }) {
      const calls = {
        downloadFile: (options, call) => hub(options).downloadFile({ repo, path: "x" }, call),
        modelInfo: (options, call) => hub(options).modelInfo({ repo }, call),
        chatCompletionStream: (options, call) => router(options).chatCompletionStream(chat, call).next(),
      };
      for (const [name, start] of Object.entries(calls)) {
        for (let turns = 0; turns < 40; turns++) {
          let cancelled = 0;
          const stop = new AbortController();
          const fetch = async () => {
            const later = (left) => left === 0 ? stop.abort() : queueMicrotask(() => later(left - 1));
            later(turns);
            return new Response(new ReadableStream({ cancel() { cancelled++; } }), { headers: { "content-type": "text/event-stream" } });
          };
          await rejects(start({ fetch }, { signal: stop.signal }), { name: "AbortError" });
          await until(() => cancelled === 1);
          equal(cancelled, 1, `${name}, after ${turns} turns`);
        }
      }
    },
  },
  {
    name: "a hook that throws or rejects does not disturb the call",
    async run({ Hub, endpoint }) {
      for (const onResponse of [() => { throw new Error("no"); }, async () => { throw new Error("no"); }, () => thenable]) {
        equal((await new Hub({ endpoint, onResponse }).modelInfo({ repo })).id, repo);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
  },
  {
    name: "rate limits of a hostile server fill no memory and make no call wait for ever",
    async run({ hub }) {
      let at = 0;
      const odd = ['"api";r=0;t=1e99', '"api";r=5;t=99999999999999999', '"api";r=5;t=999999999999', '"__proto__";r=1;t=1'];
      const fetch = async () => {
        const ratelimit = odd[at] ?? `"name ${at}";r=1;t=100`;
        at++;
        return Response.json({}, { headers: { ratelimit } });
      };
      const client = hub({ fetch, endpoint: "https://hub.example" });
      for (let time = 0; time < 300; time++) await client.modelInfo({ repo });
      const limits = client.rateLimits;
      ok(Object.keys(limits).length <= 40, `${Object.keys(limits).length} buckets`);
      for (const { resetsAt } of Object.values(limits)) ok(resetsAt.getTime() < Date.now() + 90_000_000, String(resetsAt));
    },
  },
  {
    name: "a rate limit that no number of JavaScript holds is none",
    async run({ hub }) {
      for (const number of ["9007199254740992", "18446744073709551615"]) {
        const headers = { ratelimit: `"api";r=${number};t=10`, "ratelimit-policy": `"api";q=${number};w=${number}` };
        const [told, records] = [[], []];
        const fetch = async () => Response.json({ url: "https://hub.example/a/b" }, { headers });
        const options = { onResponse: (info) => told.push(info), onCall: (record) => records.push(record) };
        const client = hub({ fetch, endpoint: "https://hub.example", ...options });
        equal(await client.createRepo({ repo: "a/b" }), { url: "https://hub.example/a/b" });
        await client.flushRecords();
        const { api } = client.rateLimits;
        equal([api.remaining, api.quota, api.sent, api.fromHeaders], [undefined, undefined, 1, true]);
        equal(told.map(({ status, bucket, remaining, quota }) => [status, bucket, remaining, quota]), [[200, "api", undefined, undefined]]);
        equal(records.map(({ outcome, status }) => [outcome, status]), [["succeeded", 200]]);
      }
    },
  },
  {
    name: "an error of a kind that is not known is an HfError",
    async run({ HfError }) {
      for (const kind of ["constructor", "__proto__", "toString", "later", 7, null, undefined]) {
        const error = HfError.from({ kind, message: "m" });
        ok(error.constructor === HfError && error.message === "m" && error.name.endsWith("Error"), String(kind));
      }
      const hostile = JSON.parse('{"kind":"server","message":"m","__proto__":{"x":1},"toJSON":1,"stack":"s","status":5}');
      const error = HfError.from(hostile);
      equal([error.x, error.status, typeof error.toJSON, error instanceof HfError], [undefined, 5, "function", true]);
    },
  },
  {
    name: "JSON that is too deep is refused before it takes the memory",
    async run({ hub }) {
      const fetch = (text) => async () => new Response(text, { headers: { "content-type": "application/json" } });
      const deep = "[".repeat(1_500_000) + "]".repeat(1_500_000);
      const error = await rejects(hub({ fetch: fetch(deep) }).modelInfo({ repo }), { kind: "protocol" });
      match(error.message, /levels/);
      const flat = JSON.stringify({ id: "x", text: `${"[{".repeat(700_000)}\\"` });
      equal((await hub({ fetch: fetch(flat) }).modelInfo({ repo })).id, "x");
    },
  },
];
