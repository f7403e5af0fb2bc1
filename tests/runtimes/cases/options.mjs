// Options of clients and calls: their names, who is anonymous, what may stand for headers; and where an error says that
// it comes from.

import { equal, match, ok, rejects } from "../assert.mjs";
import { collect } from "../context.mjs";

const endpoint = "https://hub.example";
const thrown = (promise) => Promise.resolve(promise).then(() => ok(false, "it succeeded"), (error) => error);

/** Runs `task` with a variable of the environment, where there is one that may be changed. */
async function withVariable(name, value, task) {
  let had;
  try {
    had = globalThis.process.env[name];
    globalThis.process.env[name] = value;
  } catch {
    return await task();
  }
  try {
    await task();
  } finally {
    if (had === undefined) delete globalThis.process.env[name];
    else globalThis.process.env[name] = had;
  }
}

/** A client whose requests are noted. */
function noting(hub, options = {}) {
  const sent = [];
  const fetch = async (_, init) => {
    sent.push(new Headers(init.headers));
    return Response.json([]);
  };
  return { sent, client: hub({ endpoint, fetch, ...options }) };
}

export const cases = [
  {
    name: "an option that does not exist is refused, with what may have been meant",
    async run({ Hub, hub }) {
      const client = { accessToken: "token", hubUrl: "endpoint", apiKey: "token", baseURL: "endpoint", tokens: "token", timeOut: "timeout" };
      for (const [name, meant] of Object.entries(client)) {
        const error = await rejects(new Hub({ endpoint, [name]: "x" }).whoAmI(), { kind: "invalidInput", field: name });
        match(error.message, new RegExp(`did you mean "${meant}"`));
      }
      const call = { sginal: "signal", timeouts: "timeout", header: "headers", abortSignal: "signal" };
      for (const [name, meant] of Object.entries(call)) {
        const error = await rejects(hub().whoAmI({ [name]: {} }), { kind: "invalidInput", field: name });
        match(error.message, new RegExp(`did you mean "${meant}"`));
      }
      const nested = { "retry.attempt": { retry: { attempt: 2 } }, "timeout.head": { timeout: { head: 2 } }, whatever: { whatever: 1 } };
      for (const [field, options] of Object.entries(nested)) {
        await rejects(hub(options).whoAmI(), { kind: "invalidInput", field });
        await rejects(hub().whoAmI(options), { kind: "invalidInput", field });
      }
      for (const name of ["headers", "idle", "total"]) {
        const error = await rejects(hub({ timeout: { [name]: -1 } }).whoAmI(), { kind: "invalidInput", field: `timeout.${name}` });
        match(error.message, new RegExp(`timeout\\.${name}`));
      }
      await rejects(hub().whoAmI("x"), { kind: "invalidInput", field: "options" });
      for (const options of ["hf_x", ["hf_x"], null, 7]) {
        await rejects(new Hub(options).whoAmI(), { kind: "invalidInput", field: "options" });
      }
      // An option that is undefined is not there.
      equal((await hub({ accessToken: undefined }).whoAmI()).name, "alice");
    },
  },
  {
    name: "null and false are no token, whatever the environment says; anything but a string or a function is refused",
    async run({ hub, Hub }) {
      await withVariable("HF_TOKEN", "hf_environment", async () => {
        for (const token of [null, false, () => null, () => undefined, async () => undefined, ""]) {
          const { client, sent } = noting(hub, { token });
          await client.listModels();
          equal(sent[0].get("authorization"), null, String(token));
        }
      });
      for (const token of [7, true, {}, ["hf_x"]]) {
        await rejects(new Hub({ endpoint, token }).listModels(), { kind: "invalidInput", field: "token" });
      }
    },
  },
  {
    name: "headers are what fetch takes",
    async run({ hub }) {
      const forms = [{ "X-Mine": "1" }, new Headers({ "x-mine": "1" }), new Map([["X-Mine", "1"]]), [["x-mine", "1"]]];
      for (const headers of forms) {
        const { client, sent } = noting(hub, { headers });
        await client.listModels();
        const call = noting(hub);
        await call.client.listModels({}, { headers });
        equal([sent[0].get("x-mine"), call.sent[0].get("x-mine")], ["1", "1"]);
      }
      for (const headers of ["x-mine: 1", 7, new Date(), [["x-mine"]], ["x-mine"], { "x-mine": 1 }, { "x mine": "1" }, { "x-mine": "a\r\nb: c" }]) {
        equal((await thrown(noting(hub, { headers }).client.listModels())).kind, "invalidInput", JSON.stringify(headers));
        equal((await thrown(noting(hub).client.listModels({}, { headers }))).kind, "invalidInput", JSON.stringify(headers));
      }
    },
  },
  {
    name: "a signal that is none is refused by every kind of call",
    async run({ hub, router }) {
      const chat = { model: "emulator/echo", messages: [{ role: "user", content: "x" }] };
      for (const signal of [{}, "x", 7, { aborted: false, addEventListener() {} }, new EventTarget().addEventListener]) {
        const calls = [
          hub().whoAmI({ signal }),
          hub().listModels({}, { signal }),
          collect(hub().listModels({}, { signal })),
          hub().listModels({}, { signal }).pages().next(),
          router().chatCompletion(chat, { signal }),
          router().chatCompletionStream(chat, { signal }).next(),
        ];
        for (const call of calls) equal((await thrown(call)).field, "signal");
      }
    },
  },
  {
    name: "an endpoint with a path that knows nothing is told by its path",
    async run({ hub, router }) {
      const fetch = async () => new Response("<title>404 Not Found</title>", { status: 404, headers: { "content-type": "text/html" } });
      const advice = async (call) => (await thrown(call)).advice;
      const wrong = "The endpoint has the path /wrong/place: check that it is where the API begins.";
      equal(await advice(hub({ fetch, endpoint: "https://hub.example/wrong/place/" }).whoAmI()), wrong);
      equal(await advice(hub({ fetch, endpoint: "https://hub.example/wrong/place" }).modelInfo({ repo: "acme/x" })), wrong);
      equal(await advice(router({ fetch, endpoint: "https://hub.example/wrong/place" }).listModels()), wrong);
      ok(!(await advice(hub({ fetch, endpoint: "https://hub.example" }).whoAmI())).includes("path"));
      // What says what is missing is where the API is.
      const missing = async () => Response.json({ error: "Repository not found" }, { status: 404, headers: { "x-error-code": "RepoNotFound" } });
      ok(!(await advice(hub({ fetch: missing, endpoint: "https://hub.example/hf" }).modelInfo({ repo: "acme/x" }))).includes("path"));
    },
  },
  {
    name: "blanks around an endpoint are no part of it",
    async run({ hub, router }) {
      const urls = [];
      const fetch = async (url) => {
        urls.push(url);
        return Response.json({ data: [] });
      };
      for (const blank of [" ", "\n", "\r\n", " \t"]) {
        await hub({ fetch, endpoint: `${blank}https://hub.example/${blank}` }).modelInfo({ repo: "acme/x" });
        await router({ fetch, endpoint: `https://router.example/v1${blank}` }).listModels();
      }
      equal([...new Set(urls)], ["https://hub.example/api/models/acme/x", "https://router.example/v1/models"]);
      const host = [];
      const policed = { policy: { groups: { models: "read" } }, onCall: (record) => host.push(record.host) };
      await hub({ fetch, endpoint: " https://hub.example/hf/ ", ...policed }).modelInfo({ repo: "acme/x" });
      equal([urls.at(-1), host], ["https://hub.example/hf/api/models/acme/x", ["hub.example"]], "a policy knows the call");
    },
  },
  {
    name: "an error says what was asked, and where",
    async run({ hub, router, endpoint: local }) {
      const client = hub();
      async function readsTheRepository(task) {
        return await thrown(task());
      }
      const chat = { model: "acme/none", messages: [{ role: "user", content: "x" }] };
      const calls = {
        "modelInfo acme/none: ": () => client.modelInfo({ repo: "acme/none" }),
        "listFiles acme/none: ": () => collect(client.listFiles({ repo: "acme/none" })),
        "listCommits acme/none: ": () => client.listCommits({ repo: "acme/none" }),
        "modelInfo: ": () => client.modelInfo({ repo: 7 }),
        "listModels: ": () => client.listModels({ serach: "x" }).pages().next(),
        '"accessToken" is not an option': () => hub({ accessToken: "x" }).whoAmI(),
        "chatCompletion acme/none: ": () => collect(router().chatCompletionStream(chat)),
      };
      for (const [begin, call] of Object.entries(calls)) {
        const error = await readsTheRepository(call);
        ok(error.message.startsWith(begin), `${begin}: ${error.message}`);
        // The frames are those of the program, whatever bundlers have made of it.
        ok(new RegExp(`\\b${readsTheRepository.name}\\b`).test(error.stack), `${begin}: ${error.stack}`);
        ok(!/wasm-function|wasm:\/\//.test(error.stack), error.stack);
      }
      const { message } = await thrown(client.modelInfo({ repo: "acme/none" }));
      match(message, /^modelInfo acme\/none: .*\(404\)$/);
      ok(local);
    },
  },
];
