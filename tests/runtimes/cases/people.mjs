// Discussions, account, collections, webhooks.

import { equal, match, ok, rejects } from "../assert.mjs";
import { collect } from "../context.mjs";

export const cases = [
  {
    name: "a discussion is opened and commented on",
    async run({ hub, fresh, endpoint }) {
      const [client, repo] = [hub(), fresh("talk")];
      await client.createRepo({ repo });
      const made = await client.createDiscussion({ repo, title: "How?", description: "Please *tell*." });
      equal([made.url, made.num, made.pullRequest], [`${endpoint}/${repo}/discussions/1`, 1, false]);
      const { newMessage } = await client.commentDiscussion({ repo, num: 1, comment: "Like **so**." });
      equal(
        [newMessage.type, newMessage.data.latest.raw, newMessage.author.name],
        ["comment", "Like **so**.", "alice"],
      );
      const draft = await client.createDiscussion({
        repo,
        title: "A draft",
        description: "To come.",
        pullRequest: true,
      });
      equal([draft.num, draft.pullRequest], [2, true]);
      const { items, total } = await client.listDiscussions({ repo });
      equal([total, items.map(({ num }) => num).sort()], [2, [1, 2]]);
      await client.deleteRepo({ repo });
    },
  },
  {
    name: "a discussion is read, closed and opened again",
    async run({ hub, fresh }) {
      const [client, repo] = [hub(), fresh("talk")];
      await client.createRepo({ repo });
      const { num } = await client.createDiscussion({ repo, title: "How?", description: "Please tell." });
      const { newStatus } = await client.changeDiscussionStatus({ repo, num, status: "closed", comment: "Like so." });
      equal([newStatus.type, newStatus.data.status], ["status-change", "closed"]);
      const closed = await client.discussionInfo({ repo, num });
      equal([closed.title, closed.status, closed.isPullRequest], ["How?", "closed", false]);
      equal(
        closed.events.map(({ type, data }) => data.latest?.raw ?? `${type} ${data.status}`),
        ["Please tell.", "Like so.", "status-change closed"],
      );
      await client.changeDiscussionStatus({ repo, num, status: "open" });
      equal((await client.discussionInfo({ repo, num })).status, "open");
      const none = await rejects(client.discussionInfo({ repo, num: 99 }));
      equal([none.kind, none.status], ["notFound", 404]);
      await client.deleteRepo({ repo });
    },
  },
  {
    name: "a pull request is read and merged",
    async run({ hub, fresh }) {
      const [client, repo] = [hub(), fresh("talk")];
      await client.createRepo({ repo });
      const operations = [{ operation: "addOrUpdate", path: "new.txt", content: "new\n" }];
      const { pullRequest } = await client.commit({ repo, title: "Propose a file", operations, create_pr: true });
      const { num } = pullRequest;
      const open = await client.discussionInfo({ repo, num, diff: true });
      equal([open.status, open.isPullRequest, open.changes.base], ["open", true, "refs/heads/main"]);
      match(open.diff, /^\+new$/m);
      equal(await client.mergePullRequest({ repo, num, comment: "Thanks." }), undefined);
      const merged = await client.discussionInfo({ repo, num });
      const [{ id }] = (await client.listCommits({ repo })).items;
      equal([merged.status, merged.changes.mergeCommitId], ["merged", id]);
      equal(await (await client.downloadFile({ repo, path: "new.txt" })).text(), "new\n");
      await rejects(client.mergePullRequest({ repo, num }));
      await client.deleteRepo({ repo });
    },
  },
  {
    name: "whoAmI tells the user, the organizations and the token",
    async run({ hub, tokens }) {
      const me = await hub().whoAmI();
      equal([me.type, me.name, me.auth.accessToken.role], ["user", "alice", "write"]);
      ok(me.orgs.some(({ name }) => name === "acme"));
      const fine = await hub({ token: tokens.fine }).whoAmI();
      equal(fine.auth.accessToken.role, "fineGrained");
      equal((await hub({ token: async () => tokens.bob }).whoAmI()).name, "bob", "a token from a function");
    },
  },
  {
    name: "a user is known to everybody",
    async run({ hub }) {
      const user = await hub({ token: null }).userOverview({ username: "alice" });
      equal([user.type, user.user, user.fullname], ["user", "alice", "Alice Doe"]);
      ok(user.orgs.some(({ name }) => name === "acme") && user.numModels > 0);
      const none = await rejects(hub({ token: null }).userOverview({ username: "acme" }));
      equal([none.kind, none.status], ["notFound", 404]);
    },
  },
  {
    name: "what a session cost is what the router asked for its calls",
    async run({ hub, router, tokens }) {
      const session = `suite-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
      const model = "emulator/echo:groq"; // 0.1 and 0.2 dollars for a million tokens
      const client = router({ session });
      const chat = { model, messages: [{ role: "user", content: "What is a tensor?" }] };
      const { usage } = await client.chatCompletion(chat);
      let streamed;
      for await (const chunk of client.chatCompletionStream({ ...chat, stream_options: { include_usage: true } })) streamed = chunk.usage ?? streamed;
      await client.chatCompletion({ ...chat, billTo: "acme" });
      await client.featureExtraction({ model: "emulator/hash-embedding", inputs: "one" });
      await router().chatCompletion(chat);
      const cents = [usage, streamed].reduce((sum, one) => sum + (one.prompt_tokens * 0.1 + one.completion_tokens * 0.2) / 1e4, 0);
      const own = sessionOf(await hub().usage(), session);
      equal([own.requestCount, own.costCents.toFixed(7)], [3, cents.toFixed(7)]);
      const organization = sessionOf(await hub().organizationUsage({ name: "acme" }), session);
      equal([organization.requestCount, organization.costCents.toFixed(7)], [1, (cents / 2).toFixed(7)]);
      // Another period, another account, and those who may not know.
      const before = await hub().usage({ startDate: "2026-01-01T00:00:00Z", endDate: "2026-01-02T00:00:00.000Z" });
      equal(before, { currency: "USD", periods: [] });
      equal(sessionOf(await hub({ token: tokens.bob }).usage(), session), undefined);
      await rejects(hub().usage({ startDate: "yesterday" }), { kind: "invalidInput", status: 400 });
      await rejects(hub({ token: tokens.bob }).organizationUsage({ name: "acme" }), { kind: "forbidden", status: 403 });
      await rejects(hub({ token: tokens.fine }).usage(), { kind: "forbidden", status: 403 });
      await rejects(hub().organizationUsage({ name: "nobody" }), { kind: "notFound", status: 404 });
    },
  },
  {
    name: "collections are listed and created",
    async run({ hub }) {
      const title = `Suite ${Date.now().toString(36)}`;
      const item = { type: "model", id: "acme/tiny-bert" };
      const made = await hub().createCollection({ title, namespace: "alice", description: "Made by a test.", item });
      match(made.slug, /^alice\/suite-.*-[0-9a-f]{24}$/);
      equal([made.title, made.items[0].id], [title, "acme/tiny-bert"]);
      const mine = await collect(hub().listCollections({ owner: "alice", pageSize: 2 }));
      ok(mine.some(({ slug }) => slug === made.slug) && mine.length > 2, `${mine.length} collections`);
      await rejects(hub().createCollection({ title: "", namespace: "alice" }), { kind: "invalidInput" });
    },
  },
  {
    name: "a webhook is created, delivered to, changed and deleted",
    async run({ hub, endpoint, fresh, control }) {
      const [client, repo] = [hub(), fresh("hooked")];
      await client.createRepo({ repo });
      const url = `${endpoint}/_emulator/webhook-sink`;
      const watched = [{ type: "model", name: repo }];
      const { webhook } = await client.createWebhook({
        watched,
        domains: ["repo", "discussion"],
        url,
        secret: "s3cret",
      });
      equal([webhook.url, webhook.hasSecret, webhook.secret], [url, true, undefined]);
      equal((await client.webhookInfo({ webhookId: webhook.id })).webhook.id, webhook.id);
      ok((await client.listWebhooks()).some(({ id }) => id === webhook.id));
      await client.commit({
        repo,
        title: "Trigger",
        operations: [{ operation: "addOrUpdate", path: "t", content: "t" }],
      });
      const delivery = await delivered(control, webhook.id);
      const body = typeof delivery.body === "string" ? JSON.parse(delivery.body) : delivery.body;
      equal([body.event, body.repo.name], [{ action: "update", scope: "repo.content" }, repo]);
      const changed = await client.updateWebhook({ webhookId: webhook.id, watched, domains: ["discussion"], url });
      equal(changed.webhook.domains, ["discussion"]);
      equal(await client.deleteWebhook({ webhookId: webhook.id }), undefined);
      await rejects(client.webhookInfo({ webhookId: webhook.id }), { kind: "notFound", status: 404 });
      await client.deleteRepo({ repo });
    },
  },
];

/** The first delivery of a webhook; it comes in its own time. */
async function delivered(control, id) {
  for (let attempt = 0; attempt < 50; attempt++) {
    const found = (await control("webhook-sink")).find((delivery) => JSON.stringify(delivery).includes(id));
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("no delivery within five seconds");
}

/** A session in any month of a usage. */
function sessionOf({ periods }, id) {
  return periods.flatMap(({ sessions }) => sessions).find((session) => session.id === id);
}
