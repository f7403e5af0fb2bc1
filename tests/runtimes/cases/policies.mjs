// A policy holds every call, flow, page and stream; a person is asked; every call is recorded, the denied ones too.

import { equal, ok } from "../assert.mjs";
import { all, chat, reached, recorder, thrown } from "./governed.mjs";

const model = "acme/tiny-bert";
const file = (path) => ({ operation: "addOrUpdate", path, content: `Hello ${Math.random()}\n` });

export const cases = [
  {
    name: "nothing leaves that the policy does not allow: calls, lists, commits, downloads, streams",
    async run(suite) {
      const { PolicyError } = suite;
      const hub = suite.hub({ policy: { groups: { ...all, models: "off", repos: "off" } } });
      const router = suite.router({ policy: { groups: { inference: "read" } } });
      const attempts = {
        call: () => hub.modelInfo({ repo: model }),
        list: () => hub.listModels(),
        "list, iterated": async () => {
          for await (const _ of hub.listFiles({ repo: model })) break;
        },
        commit: () => hub.commit({ repo: "alice/playground", title: "No", operations: [file("no.txt")] }),
        download: () => hub.downloadFile({ repo: model, path: "README.md" }),
        fileExists: () => hub.fileExists({ repo: model, path: "README.md" }),
        stream: () => router.chatCompletionStream(chat).next(),
        chat: () => router.chatCompletion(chat),
        image: () => router.textToImage({ model: "emulator/gradient", inputs: "a sea" }),
      };
      const requests = await reached(suite, async () => {
        for (const [name, attempt] of Object.entries(attempts)) {
          const error = await thrown(attempt());
          ok(error instanceof PolicyError && error.kind === "policy" && error.name === "PolicyError", `${name}: ${error}`);
          ok(error.rule.startsWith("groups.") && error.advice && error.attempts === 0, `${name}: ${JSON.stringify(error)}`);
        }
      });
      equal(requests, []);
    },
  },
  {
    name: "a policy says of repositories, endpoints and groups",
    async run({ hub }) {
      const policy = { groups: { repos: "read" }, endpoints: { listRefs: "off" }, repos: { "alice/*": "full", "datasets/*": "off", [model]: { endpoints: { listRefs: "on" } } } };
      const agent = hub({ policy });
      await agent.commit({ repo: "alice/playground", title: "Yes", operations: [file("yes.txt")] });
      await agent.listRefs({ repo: model });
      for (const [attempt, rule] of [
        [() => agent.commit({ repo: model, title: "No", operations: [file("no.txt")] }), "groups.repos: read"],
        [() => agent.listRefs({ repo: "alice/playground" }), "endpoints.listRefs: off"],
        [() => agent.listFiles({ repo: "datasets/acme/reviews" }), 'repos["datasets/*"]: off'],
        [() => agent.modelInfo({ repo: "openai-community/gpt2" }), "groups.models: off"],
      ]) {
        const error = await thrown(attempt());
        equal(error.rule, rule, `${error}`);
      }
    },
  },
  {
    name: "what was decided on is what is sent, whatever becomes of the caller's objects meanwhile",
    async run(suite) {
      const { PolicyError } = suite;
      /** A client whose requests are noted; `meanwhile` is run while a person is asked, or a token is got. */
      const client = (policy, meanwhile) => {
        const [sent, asked] = [[], []];
        const fetch = async (url, { body }) => {
          sent.push(`${url} ${body instanceof Blob ? await body.text() : body}`);
          if (url.includes("/preupload/")) return Response.json({ files: [{ path: "a.txt", uploadMode: "regular", shouldIgnore: false }] });
          return Response.json({ commitOid: "1".repeat(40), commitUrl: "x", webhook: {} });
        };
        const approve = async ({ sentence, params }) => {
          asked.push(`${sentence} ${JSON.stringify(params)}`);
          await new Promise((resolve) => setTimeout(resolve, 5));
          meanwhile();
          return true;
        };
        const token = async () => { meanwhile(); return "hf_xxxxxxxx"; };
        return { sent, asked, hub: suite.hub({ endpoint: "https://hub.example", fetch, policy, approve, token }) };
      };

      const webhook = { watched: [{ type: "model", name: "alice/x" }], domains: ["repo"], url: "https://good.example/" };
      const asking = client({ groups: { webhooks: "full", models: "read" }, repos: { "acme/*": "off" }, endpoints: { createWebhook: "ask" } }, () => {
        webhook.url = "https://evil.example/";
        webhook.watched[0].name = "acme/secret";
      });
      await asking.hub.createWebhook(webhook);
      ok(asking.sent[0].includes("good.example") && asking.sent[0].includes("alice/x") && !/evil|acme/.test(asking.sent.join()), asking.sent.join());
      ok(asking.asked[0].includes("good.example"), asking.asked.join());

      const settings = { repo: "alice/x", discussionsDisabled: true };
      const late = client({ groups: { repos: "full" } }, () => Object.assign(settings, { private: false, visibility: "public" }));
      await late.hub.updateRepoSettings(settings);
      equal(late.sent.length, 1);
      ok(!/private|visibility/.test(late.sent[0]), late.sent[0]);
      equal(late.asked, []);

      const disguised = client({ repos: { "alice/*": "full" } }, () => {});
      const repo = { repo: "alice/x", toJSON: () => ({ repo: "acme/secret" }) };
      ok((await thrown(disguised.hub.createRepo(repo))) instanceof PolicyError, "createRepo");
      equal(disguised.sent, []);
      // What pretends to be a Blob, or of a class, is copied like anything else.
      for (const guise of [{ size: 0, slice() {}, arrayBuffer() {} }, { [Symbol.toStringTag]: "Blob" }]) {
        const changed = { repo: "alice/x", discussionsDisabled: true, ...guise };
        const pretending = client({ groups: { repos: "full" } }, () => Object.assign(changed, { private: false, visibility: "public" }));
        await pretending.hub.updateRepoSettings(changed);
        ok(!/private|visibility/.test(pretending.sent[0]), pretending.sent[0]);
      }

      const content = new TextEncoder().encode("good");
      const commit = { repo: "alice/x", title: "Good", operations: [{ operation: "addOrUpdate", path: "a.txt", content }] };
      const committing = client({ groups: { repos: "full" }, endpoints: { commit: "ask" } }, () => {
        commit.title = "evil";
        content.set(new TextEncoder().encode("evil"));
        commit.operations.push({ operation: "delete", path: "README.md" });
      });
      await committing.hub.commit(commit);
      const last = committing.sent.at(-1);
      ok(last.includes(btoa("good")) && last.includes("Good") && !/evil|README/.test(last) && !last.includes(btoa("evil")), last);
    },
  },
  {
    name: "a policy is narrowed and never widened",
    async run({ hub }) {
      const wide = hub({ policy: { groups: { models: "read", account: "read" }, budgets: [{ calls: 4 }] } });
      const narrow = wide.with({ policy: { groups: { models: "read", repos: "full" } } });
      await narrow.modelInfo({ repo: model });
      equal((await thrown(narrow.whoAmI())).rule, "groups.account: off");
      equal((await thrown(narrow.listFiles({ repo: model }))).rule, "groups.repos: off");
      const wider = narrow.with({ policy: { groups: all } });
      equal((await thrown(wider.whoAmI())).rule, "groups.account: off");
      await wider.modelInfo({ repo: model });
      await wide.whoAmI();
      // They share the budget, which calls that were denied have not used.
      await narrow.modelInfo({ repo: model });
      const error = await thrown(wide.modelInfo({ repo: model }));
      equal(error.rule, "budgets: 4 calls");
    },
  },
  {
    name: "a person is asked about what cannot be taken back, and the call goes on or not",
    async run(suite) {
      const repo = suite.fresh("asked");
      await suite.hub().createRepo({ repo });
      const asked = [];
      let answer = "not today";
      const hub = suite.hub({ policy: { agent: "nightly", groups: all }, approve: (call) => asked.push(call) && answer });
      const declined = await thrown(hub.deleteRepo({ repo }));
      ok(declined.message.includes("not today") && declined.rule === "endpoints.deleteRepo: ask", `${declined}`);
      equal(declined.repo, repo);
      await suite.hub().modelInfo({ repo });
      answer = true;
      await hub.updateRepoSettings({ repo, discussionsDisabled: true });
      await hub.updateRepoSettings({ repo, private: true });
      await hub.deleteRepo({ repo });
      equal(asked.map(({ endpoint, sentence }) => [endpoint, sentence]), [
        ["deleteRepo", `Delete the repository ${repo} with all its files`],
        ["updateRepoSettings", `Change settings of ${repo}, private: true`],
        ["deleteRepo", `Delete the repository ${repo} with all its files`],
      ]);
      const { agent, params } = asked[1];
      equal([agent, params], ["nightly", { repo, private: true }]);
      equal((await thrown(suite.hub().modelInfo({ repo }))).kind, "notFound");
      const nobody = suite.hub({ policy: { groups: all } });
      ok((await thrown(nobody.deleteRepo({ repo }))).message.includes("approve"));
      const broken = suite.hub({ policy: { groups: all }, approve: () => Promise.reject(new Error("the queue is down")) });
      equal((await thrown(broken.deleteRepo({ repo }))).kind, "policy");
    },
  },
  {
    name: "a commit is asked about once, however many requests it consists of",
    async run({ hub }) {
      let asked = 0;
      const agent = hub({ policy: { groups: all, endpoints: { commit: "ask" }, budgets: [{ calls: 1 }] }, approve: () => ++asked > 0 });
      await agent.commit({ repo: "alice/playground", title: "One", operations: [file("one.txt"), file("two.txt")] });
      equal(asked, 1);
    },
  },
  {
    name: "every call is recorded in plain English",
    async run({ hub, router, tokens }) {
      const { records, onCall } = recorder();
      const agent = hub({ onCall, policy: { agent: "nightly", groups: { ...all, webhooks: "off" } } });
      await agent.modelInfo({ repo: model, revision: "main" });
      await agent.commit({ repo: "alice/playground", title: "Three", operations: [file("a"), file("b"), file("c")] });
      await thrown(agent.listWebhooks());
      await thrown(agent.modelInfo({ repo: "acme/none" }));
      await agent.whoAmI();
      const stop = new AbortController();
      stop.abort();
      await thrown(agent.whoAmI({ signal: stop.signal }));
      const watched = router({ onCall });
      for await (const _ of watched.chatCompletionStream({ ...chat, stream_options: { include_usage: true } }));
      await watched.flushRecords();
      equal(records.map(({ sentence }) => sentence.replace(/: Repository not found.*/, ": Repository not found")), [
        "Read the metadata of the model acme/tiny-bert",
        "Committed 3 files to alice/playground on main",
        "Was not allowed to list the webhooks of the account: the policy does not allow it (groups.webhooks: off)",
        "Failed to read the metadata of the model acme/none: Repository not found",
        "Looked up whose token this is",
        "Stopped before it was known whether it did: look up whose token this is",
        "Chatted with emulator/echo",
      ]);
      equal(records.map(({ decision, outcome }) => `${decision} ${outcome}`), [
        "allowed succeeded", "allowed succeeded", "denied denied", "allowed failed", "allowed succeeded", "allowed aborted", "allowed succeeded",
      ]);
      const [read, committed, denied, , known, , chatted] = records;
      equal([read.account, known.account], [undefined, "alice"]);
      equal([read.agent, read.endpoint, read.group, read.access, read.repo, read.revision, read.requests, read.status], ["nightly", "modelInfo", "models", "read", model, "main", 1, 200]);
      ok(read.bytesReceived > 100 && read.duration >= 0 && read.id && Date.parse(read.time) > 0, JSON.stringify(read));
      ok(committed.requests >= 2 && committed.bytesSent > 50 && committed.access === "write", JSON.stringify(committed));
      equal([denied.requests, denied.rule, denied.status], [0, "groups.webhooks: off", undefined]);
      ok(chatted.usage.totalTokens > 0 && chatted.model === "emulator/echo", JSON.stringify(chatted));
      ok(!JSON.stringify(records).includes(tokens.write), "a token in a record");
    },
  },
  {
    name: "a dry run denies nothing and records what it would have",
    async run({ hub }) {
      const { records, onCall } = recorder();
      await hub({ onCall, policy: { groups: {}, budgets: [{ calls: 0 }], dryRun: true } }).modelInfo({ repo: model });
      equal([records[0].decision, records[0].wouldDeny, records[0].sentence], [
        "allowed", "budgets: 0 calls", "Read the metadata of the model acme/tiny-bert, which the policy would deny",
      ]);
    },
  },
  {
    name: "a sink that fails loses nothing, and a required record comes before the write",
    async run(suite) {
      const taken = [];
      let broken = true;
      const onCall = async (record) => {
        if (broken) throw new Error("the disk is full");
        taken.push(record);
      };
      const { warn } = console;
      console.warn = () => {};
      try {
        const agent = suite.hub({ onCall });
        await agent.modelInfo({ repo: model });
        await agent.modelTags();
        ok(/disk is full/.test((await thrown(agent.flushRecords())).message));
        broken = false;
        await agent.flushRecords();
        equal(taken.map(({ endpoint }) => endpoint), ["modelInfo", "modelTags"]);
        broken = true;
        const careful = suite.hub({ onCall, audit: "required" });
        const requests = await reached(suite, async () => {
          const error = await thrown(careful.createRepo({ repo: suite.fresh("unrecorded") }));
          equal(error.rule, "audit: required", `${error}`);
        });
        equal(requests, []);
        broken = false;
        taken.length = 0;
        const repo = suite.fresh("recorded");
        const before = await reached(suite, async () => {
          const created = careful.createRepo({ repo });
          await created;
          equal(taken.slice(-2).map(({ phase, outcome }) => [phase, outcome]), [["begun", undefined], ["done", "succeeded"]]);
        });
        equal(before.length, 1);
        await suite.hub().deleteRepo({ repo });
        taken.length = 0;
        await thrown(careful.with({ policy: { groups: { models: "read" } } }).deleteRepo({ repo }));
        equal(taken.map(({ phase, decision }) => [phase, decision]), [["begun", "undecided"], ["done", "denied"]]);
      } finally {
        console.warn = warn;
      }
    },
  },
  {
    name: "a policy that is wrong is refused by the path of its field",
    async run({ hub, InvalidInputError }) {
      const wrong = [
        [{ groups: { modles: "read" } }, "policy.groups.modles", 'did you mean "models"?'],
        [{ groups: { models: "raed" } }, "policy.groups.models", '"off", "read" or "full"'],
        [{ endpoints: { delteRepo: "off" } }, "policy.endpoints.delteRepo", 'did you mean "deleteRepo"?'],
        [{ endpoints: { commit: "full" } }, "policy.endpoints.commit", '"off", "ask" or "on"'],
        [{ repos: { "a/b/c/d": "off" } }, 'policy.repos["a/b/c/d"]', "pattern"],
        [{ repos: { "a/b": { groups: { repos: 1 } } } }, 'policy.repos["a/b"].groups.repos', "must be"],
        [{ budgets: { calls: 1 } }, "policy.budgets", "list"],
        [{ budgets: [{ per: 1 }] }, "policy.budgets[0]", "must limit"],
        [{ budgets: [{ calls: -1 }] }, "policy.budgets[0].calls", "0 or more"],
        [{ group: {} }, "policy.group", 'did you mean "groups"?'],
        [{ dryRun: "no" }, "policy.dryRun", "true or false"],
        [[], "policy", "object"],
      ];
      for (const [policy, field, problem] of wrong) {
        const agent = hub({ policy });
        const error = await thrown(agent.whoAmI());
        ok(error instanceof InvalidInputError && error.field === field && error.message.includes(problem), `${JSON.stringify(policy)}: ${error} (${error.field})`);
        equal((await thrown(agent.whoAmI())).field, field, "the second call is refused as well");
        equal((await thrown(hub().with({ policy }).whoAmI())).field, field);
      }
      equal((await thrown(hub({ approve: true }).whoAmI())).field, "approve");
      equal((await thrown(hub({ audit: "required" }).whoAmI())).field, "audit");
    },
  },
];
