// Asks the server, now that nothing is spoiled any more, what there is of all that was created.

import { collect } from "../runtimes/context.mjs";

const called = (list) => list.filter((text) => /\bcall[ =-]\d/i.test(text));

export async function audit({ hub, ledger, repos, talk, shared, endpoint }) {
  const found = { commit: [], repository: [], discussion: [], comment: [], collection: [], webhook: [] };
  for (const repo of [...repos, shared]) {
    found.commit.push(...(await collect(hub.listCommits({ repo, pageSize: 1000 }))).map(({ title }) => title));
    found.discussion.push(...(await collect(hub.listDiscussions({ repo }))).map(({ title }) => title));
  }
  found.repository = (await collect(hub.listModels({ author: "alice", pageSize: 1000 }))).map(({ id }) => id);
  found.collection = (await collect(hub.listCollections({ owner: "alice", pageSize: 1000 }))).map(({ title }) => title);
  found.webhook = (await hub.listWebhooks()).map(({ url }) => url);
  // The client has no method that reads a discussion's comments.
  const discussion = await (await fetch(`${endpoint}/api/models/${talk}/discussions/1`)).json();
  found.comment = discussion.events.filter(({ type }) => type === "comment").map(({ data }) => data.latest.raw);
  return Object.fromEntries(Object.entries(found).map(([kind, ids]) => [kind, ledger.audit(kind, called(ids))]));
}
