// Lists as such: awaited, page by page, left early, asked twice at once.

import { equal, ok, rejects } from "../assert.mjs";
import { collect } from "../context.mjs";

const hubExample = "https://hub.example";
const page = (from, next) => Response.json([{ id: `a/${from}` }, { id: `a/${from + 1}` }], { headers: next ? { link: `<${next}>; rel="next"` } : {} });

export const cases = [
  {
    name: "a list that fails can be gone on with from there",
    async run({ hub }) {
      let broken = true;
      const asked = [];
      const fetch = async (url) => {
        const from = Number(new URL(url).searchParams.get("cursor") ?? 0);
        asked.push(from);
        if (from === 2 && broken) return Response.json({ error: "down" }, { status: 500 });
        return page(from, from < 4 ? `/api/models?cursor=${from + 2}` : undefined);
      };
      const client = hub({ endpoint: hubExample, fetch });
      const ids = [];
      const walk = async (list) => {
        for await (const { id } of list) ids.push(id);
      };
      const error = await rejects(walk(client.listModels({ limit: 5 })), { kind: "server" });
      ok(!JSON.stringify(error).includes("rest") && !Object.keys(error).includes("rest"), "it is no fact of the failure");
      // Once more, and it fails again; then it goes on.
      const again = await rejects(walk(error.rest), { kind: "server" });
      broken = false;
      const first = await again.rest;
      equal([first.items.length, typeof first.next], [2, "function"]);
      await walk(again.rest);
      equal([ids, asked], [["a/0", "a/1", "a/2", "a/3", "a/4"], [0, 2, 2, 2, 2, 4]]);
    },
  },
  {
    name: "where a list starts at a page, its limit moves nothing",
    async run({ hub }) {
      const fetch = async (url) => {
        const { searchParams } = new URL(url);
        const [size, from] = [Number(searchParams.get("limit") ?? 50), Number(searchParams.get("p") ?? 0)];
        return Response.json(Array.from({ length: 300 }, (_, at) => ({ id: at })).slice(from * size, (from + 1) * size));
      };
      const client = hub({ endpoint: hubExample, fetch });
      const asked = [{ p: 1 }, { p: 1, limit: 10 }, { p: 2, pageSize: 20 }, { p: 2, pageSize: 20, limit: 5 }, { limit: 5 }];
      const got = [];
      for (const params of asked) {
        const items = await collect(client.listCommits({ repo: "a/b", ...params }));
        got.push([items[0].id, items.length]);
      }
      equal(got, [[50, 50], [50, 10], [40, 20], [40, 5], [0, 5]]);
    },
  },
  {
    name: "a list waits for a rate-limit window, a single call does not wait that long",
    async run({ hub }) {
      const waits = [];
      const fetch = async () => Response.json({ error: "slow down" }, { status: 429, headers: { "retry-after": "250" } });
      const stop = new AbortController();
      const onRetry = ({ wait }) => {
        waits.push(wait);
        stop.abort(new Error("enough"));
      };
      for (const retry of [undefined, true, { attempts: 3 }]) {
        const client = hub({ endpoint: hubExample, fetch, retry, onRetry });
        await rejects(client.listModels({}, { signal: stop.signal }), { message: "enough" });
        const error = await rejects(hub({ endpoint: hubExample, fetch, retry, onRetry }).whoAmI(), { kind: "rateLimited" });
        equal(error.retryAfter, 250_000);
      }
      equal(waits.slice(0, 1), [250_000]);
      const short = hub({ endpoint: hubExample, fetch, retry: { maxElapsed: 1000 } });
      await rejects(short.listModels(), { kind: "rateLimited" });
    },
  },
  {
    name: "behind a mirror the next page is the mirror's; at any other origin it is an error",
    async run({ hub }) {
      for (const endpoint of [hubExample, `${hubExample}/proxy`]) {
        const asked = [];
        const fetch = async (url, init) => {
          asked.push([url, new Headers(init.headers).get("authorization")]);
          return page(asked.length, asked.length < 2 ? "https://huggingface.co/api/models?cursor=x" : undefined);
        };
        equal((await collect(hub({ endpoint, fetch, token: "hf_secret" }).listModels())).length, 4);
        equal(asked[1], [`${endpoint}/api/models?cursor=x`, "Bearer hf_secret"]);
      }
      const files = hub({ endpoint: hubExample, fetch: async () => page(0, "https://elsewhere.example/x") }).listFiles({ repo: "a/b" });
      const { next } = await files;
      const elsewhere = await rejects(next(), { kind: "protocol" });
      ok(elsewhere.message.startsWith("listFiles a/b: "), elsewhere.message);
      let asked = 0;
      const fetch = async () => {
        asked += 1;
        return page(0, "https://elsewhere.example/api/models?cursor=x");
      };
      const ids = [];
      const walk = async () => {
        for await (const { id } of hub({ endpoint: hubExample, fetch }).listModels()) ids.push(id);
      };
      const error = await rejects(walk(), { kind: "protocol" });
      ok(error.message.includes("https://elsewhere.example"), error.message);
      ok(error.advice.includes("endpoint"), error.advice);
      equal([asked, ids.length], [1, 2], "what came is kept");
    },
  },
  {
    name: "limit caps what a list gives, over its pages and on the first",
    async run({ hub, received }) {
      const requests = await received(async () => {
        const ids = (await collect(hub().listModels({ limit: 3, sort: "id" }))).map(({ id }) => id);
        const over = (await collect(hub().listModels({ limit: 25, pageSize: 10, sort: "id" }))).map(({ id }) => id);
        equal([ids.length, over.length, over.slice(0, 3)], [3, 25, ids]);
        const page = await hub().listModels({ limit: 3 });
        equal([page.items.length, page.next], [3, null]);
        const sizes = [];
        for await (const { items } of hub().listModels({ limit: 25, pageSize: 10 }).pages()) sizes.push(items.length);
        equal(sizes, [10, 10, 5]);
        let next = await hub().listModels({ limit: 15, pageSize: 10 });
        next = await next.next();
        equal([next.items.length, next.next], [5, null]);
      });
      equal(requests.length, 1 + 3 + 1 + 3 + 2);
    },
  },
  {
    name: "every list heeds its limit",
    async run({ hub }) {
      const client = hub();
      const repo = "acme/tiny-bert";
      const lists = {
        listModels: {},
        listDatasets: {},
        listSpaces: {},
        listCommits: { repo },
        listFiles: { repo, recursive: true },
        listDiscussions: { repo },
        listCollections: { owner: "acme" },
      };
      for (const [name, params] of Object.entries(lists)) {
        equal((await collect(client[name]({ ...params, limit: 1 }))).length, 1, name);
        const page = await client[name]({ ...params, limit: 1 });
        equal([page.items.length, page.next], [1, null], name);
      }
    },
  },
  {
    name: "an awaited list gives its first page, and that the next",
    async run({ hub }) {
      const first = await hub().listModels({ pageSize: 20 });
      equal(first.items.length, 20);
      const second = await first.next();
      equal(second.items.length, 20);
      ok(second.items[0].id !== first.items[0].id);
    },
  },
  {
    name: "the last page has no next",
    async run({ hub }) {
      equal((await hub().listModels({ author: "alice", pageSize: 1000 })).next, null);
    },
  },
  {
    name: "a list goes page by page",
    async run({ hub }) {
      const sizes = [];
      for await (const page of hub().listSpaces({ pageSize: 30 }).pages()) sizes.push(page.items.length);
      equal(sizes.slice(0, 3), [30, 30, 30]);
      ok(sizes.length >= 4);
    },
  },
  {
    name: "nothing is sent before a list is asked",
    async run({ hub, received }) {
      const requests = await received(async () => void hub().listModels({ pageSize: 5 }));
      equal(
        requests.filter(({ endpoint }) => endpoint === "listModels"),
        [],
      );
    },
  },
  {
    name: "leaving a loop early asks for no further page",
    async run({ hub }) {
      let sent = 0;
      const client = hub({ onResponse: () => (sent += 1) });
      equal((await collect(client.listModels({ pageSize: 10 }), 5)).length, 5);
      equal(sent, 1);
    },
  },
  {
    name: "two next() at once give two different pages in order",
    async run({ hub }) {
      const pages = hub().listModels({ pageSize: 10, sort: "id" }).pages();
      const [one, two] = await Promise.all([pages.next(), pages.next()]);
      const ids = [...one.value.items, ...two.value.items].map(({ id }) => id);
      equal(new Set(ids).size, 20);
      await pages.return();
    },
  },
  {
    name: "commits come with their total and over pages",
    async run({ hub }) {
      const first = await hub().listCommits({ repo: "acme/tiny-bert", pageSize: 10, expand: ["formatted"] });
      ok(first.total >= 20, `${first.total} commits`);
      ok(first.items[0].formatted.title.length > 0);
      equal((await collect(hub().listCommits({ repo: "acme/tiny-bert", pageSize: 10 }))).length, first.total);
    },
  },
  {
    name: "discussions come in numbered pages, by kind and state",
    async run({ hub }) {
      const first = await hub().listDiscussions({ repo: "acme/tiny-bert" });
      ok(first.total > 50, `${first.total} discussions`);
      equal(first.items.length, 50);
      const nums = (await collect(hub().listDiscussions({ repo: "acme/tiny-bert" }))).map(({ num }) => num);
      equal([nums.length, new Set(nums).size], [first.total, first.total]);
      const pulls = await collect(hub().listDiscussions({ repo: "acme/tiny-bert", type: "pull_request" }));
      ok(pulls.length > 0 && pulls.every(({ isPullRequest }) => isPullRequest));
      const closed = await collect(hub().listDiscussions({ repo: "acme/tiny-bert", status: "closed" }));
      ok(closed.length > 0 && closed.every(({ status }) => status !== "open"));
    },
  },
  {
    name: "a page that fails ends the list with the error",
    async run({ hub, withFault }) {
      const items = [];
      await withFault({ path: "/api/models", status: 500, count: 1 }, async () => {
        await rejects(collect(hub().listModels({ pageSize: 5 })), { kind: "server", status: 500, endpoint: "listModels" });
      });
      equal(items, []);
    },
  },
];
