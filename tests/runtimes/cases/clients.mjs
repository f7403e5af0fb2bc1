// A client as such: its `fetch`, token, headers and counts; many calls at once.

import { equal, match, ok, rejects } from "../assert.mjs";
import { collect, inBrowser } from "../context.mjs";

const repo = "acme/tiny-bert";

export const cases = [
  {
    name: "a fetch of one's own may answer with any object that has the members of a Response",
    async run({ hub }) {
      const fetch = async (url, init) => ({
        ok: true,
        status: 200,
        headers: { get: (name) => (name === "x-total-count" ? "1" : null) },
        json: async () => [{ id: "4f", url, method: init.method }],
      });
      const { items, total } = await hub({ fetch, endpoint: "https://hub.example" }).listCommits({ repo });
      equal([total, items[0].method], [1, "GET"]);
      equal(items[0].url, "https://hub.example/api/models/acme/tiny-bert/commits/main");
    },
  },
  {
    name: "what a fetch throws is a network error with its words",
    async run({ hub }) {
      const fetch = async () => {
        throw new TypeError("fetch failed", { cause: new Error("the cable is cut") });
      };
      const error = await rejects(hub({ fetch }).whoAmI(), { kind: "network" });
      match(error.message, /fetch failed.*the cable is cut/);
    },
  },
  {
    name: "the token goes to the endpoint's origin and nowhere else",
    async run({ hub }) {
      const sent = [];
      const fetch = async (url, init) => {
        sent.push([new URL(url).host, new Headers(init.headers).get("authorization")]);
        const link = '<https://elsewhere.example/api/models?cursor=x>; rel="next"';
        return Response.json([{ id: "a/b" }], { headers: sent.length === 1 ? { link } : {} });
      };
      const list = hub({ fetch, endpoint: "https://hub.example", token: "hf_secret" }).listModels();
      const listed = collect(list);
      // Whether the foreign page is read or refused, the token stays.
      await listed.catch((error) => equal(error.kind, "protocol"));
      equal(sent[0], ["hub.example", "Bearer hf_secret"]);
      ok(
        sent.slice(1).every(([host, token]) => host === "elsewhere.example" && token === null),
        JSON.stringify(sent),
      );
    },
  },
  {
    name: "a page without items but with a next is no end",
    async run({ hub }) {
      let sent = 0;
      const fetch = async () => {
        sent += 1;
        const items = sent === 2 ? [{ id: "a/b" }] : [];
        return Response.json(items, { headers: sent < 3 ? { link: `</api/models?cursor=${sent}>;rel=next` } : {} });
      };
      equal((await collect(hub({ fetch, endpoint: "https://hub.example" }).listModels())).length, 1);
      equal(sent, 3);
    },
  },
  {
    name: "a token may come from a function, for each request anew",
    async run({ hub, tokens }) {
      const left = [tokens.write, tokens.bob];
      const client = hub({ token: async () => left.shift() });
      equal([(await client.whoAmI()).name, (await client.whoAmI()).name], ["alice", "bob"]);
      const failing = hub({
        token: () => {
          throw new Error("no keychain");
        },
      });
      await rejects(failing.whoAmI(), { kind: "invalidInput", field: "token" });
    },
  },
  {
    name: "many calls at once, of which some fail, do not disturb each other",
    async run({ hub }) {
      const client = hub();
      const calls = Array.from({ length: 40 }, (_, at) =>
        client.modelInfo({ repo: at % 4 === 3 ? "acme/nothing" : repo }),
      );
      const results = await Promise.allSettled(calls);
      equal(
        results.map(({ status }) => status === "fulfilled"),
        calls.map((_, at) => at % 4 !== 3),
      );
      equal(client.rateLimits.api.sent, 40);
    },
  },
  {
    name: "an answer keeps every field, also one that no type knows",
    async run({ hub }) {
      const reply = { _id: "1", id: "a/b", novelty: { deep: [1, null, "ü"] }, big: 1e300 };
      equal(await hub({ fetch: async () => Response.json(reply) }).modelInfo({ repo }), reply);
    },
  },
  {
    name: "headers of the client and of the call are sent, those of the call win",
    async run({ hub }) {
      let headers;
      const fetch = async (_, init) => {
        headers = new Headers(init.headers);
        return Response.json({});
      };
      const client = hub({ fetch, headers: { "x-one": "client", "x-two": "client" } });
      await client.whoAmI({ headers: { "x-two": "call" } });
      equal([headers.get("x-one"), headers.get("x-two")], ["client", "call"]);
    },
  },
  {
    name: "the rate limits are known after a call, where the headers can be read",
    async run({ hub }) {
      const client = hub();
      equal(client.rateLimits, {});
      await client.modelInfo({ repo: "acme/tiny-bert" });
      const { api } = client.rateLimits;
      equal(api.sent, 1);
      ok(api.resetsAt instanceof Date);
      // Browsers hide the headers from scripts; there the client counts for itself.
      if (!inBrowser) ok(api.fromHeaders && api.remaining < api.quota, JSON.stringify(api));
    },
  },
  {
    name: "a user agent is told where it is not a browser's own",
    async run({ hub }) {
      const agents = [];
      const fetch = async (_url, init) => {
        agents.push(new Headers(init.headers).get("user-agent"));
        return Response.json({});
      };
      await hub({ fetch }).whoAmI();
      await hub({ fetch, headers: { "User-Agent": "mine" } }).whoAmI();
      const first = inBrowser ? /^null$/ : /^hf-wasm\/\d+\.\d+\.\d+$/;
      match(String(agents[0]), first);
      equal(agents[1], "mine");
    },
  },
  {
    name: "a stream closes when its scope is left",
    async run({ router }) {
      const stream = router().chatCompletionStream({ model: "emulator/echo", messages: [{ role: "user", content: "x" }] });
      await stream.next();
      await stream[Symbol.asyncDispose ?? "cancel"]();
      equal((await stream.next()).done, true);
    },
  },
];
