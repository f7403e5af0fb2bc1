// Lists as such: awaited, page by page, left early, asked twice at once.

import { equal, ok, rejects } from "../assert.mjs";
import { collect } from "../context.mjs";

export const cases = [
  {
    name: "an awaited list gives its first page, and that the next",
    async run({ hub }) {
      const first = await hub().listModels({ limit: 20 });
      equal(first.items.length, 20);
      const second = await first.next();
      equal(second.items.length, 20);
      ok(second.items[0].id !== first.items[0].id);
    },
  },
  {
    name: "the last page has no next",
    async run({ hub }) {
      equal((await hub().listModels({ author: "alice", limit: 1000 })).next, null);
    },
  },
  {
    name: "a list goes page by page",
    async run({ hub }) {
      const sizes = [];
      for await (const page of hub().listSpaces({ limit: 30 }).pages()) sizes.push(page.items.length);
      equal(sizes.slice(0, 3), [30, 30, 30]);
      ok(sizes.length >= 4);
    },
  },
  {
    name: "nothing is sent before a list is asked",
    async run({ hub, received }) {
      const requests = await received(async () => void hub().listModels({ limit: 5 }));
      equal(
        requests.filter(({ row }) => row === "listModels"),
        [],
      );
    },
  },
  {
    name: "leaving a loop early asks for no further page",
    async run({ hub }) {
      let sent = 0;
      const client = hub({ onResponse: () => (sent += 1) });
      equal((await collect(client.listModels({ limit: 10 }), 5)).length, 5);
      equal(sent, 1);
    },
  },
  {
    name: "two next() at once give two different pages in order",
    async run({ hub }) {
      const pages = hub().listModels({ limit: 10, sort: "id" }).pages();
      const [one, two] = await Promise.all([pages.next(), pages.next()]);
      const ids = [...one.value.items, ...two.value.items].map(({ id }) => id);
      equal(new Set(ids).size, 20);
      await pages.return();
    },
  },
  {
    name: "commits come with their total and over pages",
    async run({ hub }) {
      const first = await hub().listCommits({ repo: "acme/tiny-bert", limit: 10, expand: ["formatted"] });
      ok(first.total >= 20, `${first.total} commits`);
      ok(first.items[0].formatted.title.length > 0);
      equal((await collect(hub().listCommits({ repo: "acme/tiny-bert", limit: 10 }))).length, first.total);
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
        await rejects(collect(hub().listModels({ limit: 5 })), { kind: "server", status: 500, endpoint: "listModels" });
      });
      equal(items, []);
    },
  },
];
