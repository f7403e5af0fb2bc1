// Budgets of a policy: calls, bytes, tokens and money, by the prices of who ran the model.

import { equal, ok } from "../assert.mjs";
import { inBrowser } from "../context.mjs";
import { all, chat, reached, recorder, thrown } from "./governed.mjs";

const model = "acme/tiny-bert";

export const cases = [
  {
    name: "budgets of calls in a burst, of bytes and of tokens",
    async run({ hub, router }) {
      const burst = hub({ policy: { groups: all, budgets: [{ calls: 3, per: 60 }] } });
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => burst.modelInfo({ repo: model })));
      equal(results.filter(({ status }) => status === "fulfilled").length, 3);
      const { reason } = results.find(({ status }) => status === "rejected");
      ok(reason.kind === "policy" && reason.retryAfter > 50_000 && reason.retryAfter <= 60_000, `${reason.retryAfter}`);
      const bytes = hub({ policy: { groups: all, budgets: [{ bytes: 1000 }] } });
      await bytes.modelInfo({ repo: model });
      equal((await thrown(bytes.whoAmI())).rule, "budgets: 1000 bytes");
      const tokens = router({ policy: { groups: all, budgets: [{ tokens: 1 }] } });
      await tokens.chatCompletion(chat);
      equal((await thrown(tokens.chatCompletion(chat))).rule, "budgets: 1 tokens");
    },
  },
  {
    name: "what a model costs is recorded, by the prices of who ran it",
    async run({ router }) {
      const { records, onCall } = recorder();
      const client = router({ onCall });
      const { usage } = await client.chatCompletion({ ...chat, model: "emulator/echo:together" });
      for await (const _ of client.chatCompletionStream({ ...chat, stream_options: { include_usage: true } }));
      await client.chatCompletion({ ...chat, model: "emulator/echo:hf-inference" });
      for await (const _ of client.chatCompletionStream(chat));
      await client.featureExtraction({ model: "emulator/hash-embedding", inputs: "one" });
      await client.flushRecords();
      // The router shows a page no header that names the provider.
      const providers = ["together", "groq", "hf-inference", "groq", "hf-inference"];
      equal(records.map(({ provider }) => provider), inBrowser ? Array(5).fill(undefined) : providers);
      const [input, output] = [usage.prompt_tokens, usage.completion_tokens];
      equal(records[0].usage, { promptTokens: input, completionTokens: output, totalTokens: input + output });
      equal(records.slice(0, 3).map(({ usd, estimated }) => `${usd?.toFixed(12)} ${estimated}`), [[0.05, 0.1], [0.1, 0.2], [0, 0]].map(([read, written]) => `${((input * read + output * written) / 1e6).toFixed(12)} true`));
      // Nobody told what the last stream used, nor what a vector costs.
      equal(records.slice(3).map(({ usage, usd, estimated }) => [usage, usd, estimated]), [[undefined, undefined, undefined], [undefined, undefined, undefined]]);
    },
  },
  {
    name: "prices that make no sense keep no call and no record",
    async run({ router }) {
      const reply = { id: "1", choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }], usage: { prompt_tokens: 1, completion_tokens: 1 } };
      const lists = [{ together: {} }, "together", [null], [7], [{ provider: "together", pricing: 7 }]].map((providers) => ({ data: [null, { id: chat.model, providers }] }));
      for (const models of [...lists, { data: {} }, {}]) {
        const fetch = async (url) => Response.json(url.endsWith("/models") ? models : reply);
        for (const audit of ["bestEffort", "required"]) {
          const { records, onCall } = recorder();
          const client = router({ fetch, onCall, audit, endpoint: "https://router.example" });
          const ended = Promise.all([client.chatCompletion(chat), client.chatCompletion(chat)]).then(() => client.flushRecords());
          const late = new Promise((resolve) => setTimeout(resolve, 2000, "late"));
          equal(await Promise.race([ended, late]), undefined, JSON.stringify(models));
          const all = records.filter(({ phase }) => phase !== "begun");
          equal(all.map(({ outcome, usd }) => [outcome, usd]), Array(2).fill(["succeeded", undefined]), JSON.stringify(models));
        }
      }
    },
  },
  {
    name: "a budget of money counts chats and streams, and lets nothing pass that it cannot count",
    async run(suite) {
      const dear = { ...chat, model: "emulator/echo:groq" };
      const budgets = [{ usd: 0.000001, per: 3600 }];
      const [rule, groups] = ["budgets: 0.000001 usd per 3600 s", { inference: "full" }];
      const whole = suite.router({ policy: { groups, budgets } });
      await whole.chatCompletion(dear);
      const spent = await thrown(whole.chatCompletion(dear));
      ok(spent.rule === rule && spent.retryAfter > 3_500_000, `${spent}`);
      // A stream is made to tell what it uses, whatever its parameters say.
      for (const options of [undefined, { include_usage: false }]) {
        const streamed = suite.router({ policy: { groups, budgets } });
        let last;
        for await (const chunk of streamed.chatCompletionStream({ ...dear, ...(options && { stream_options: options }) })) last = chunk;
        ok(last.usage.total_tokens > 0, JSON.stringify(last));
        equal((await thrown(streamed.chatCompletionStream(dear).next())).rule, rule);
      }
      // Of one that is left nobody tells: each byte counts as a token.
      const { records, onCall } = recorder();
      const left = suite.router({ policy: { groups, budgets }, onCall });
      // So long that its end does not come with its beginning.
      const long = { ...dear, messages: [{ role: "user", content: `Repeat: ${"word ".repeat(500)}` }] };
      for await (const _ of left.chatCompletionStream(long)) break;
      equal((await thrown(left.chatCompletionStream(dear).next())).rule, rule);
      await left.flushRecords();
      ok(records[0].estimated && records[0].usage.promptTokens === records[0].bytesSent && records[0].usd > 0.000001, JSON.stringify(records[0]));
      const free = suite.router({ policy: { groups, budgets } });
      for (let at = 0; at < 3; at++) await free.chatCompletion({ ...chat, model: "emulator/echo:hf-inference" });

      const unknown = suite.router({ policy: { groups, budgets: [{ usd: 5 }] } });
      const off = suite.router({ policy: { groups: { inference: "read" }, budgets: [{ usd: 5 }] } });
      const requests = await reached(suite, async () => {
        const calls = [() => unknown.chatCompletion({ ...chat, model: "acme/none" }), () => unknown.textToImage({ model: "emulator/gradient", inputs: "a sea" }), () => unknown.featureExtraction({ model: "emulator/hash-embedding", inputs: "one" })];
        for (const call of calls) {
          const error = await thrown(call());
          ok(error.kind === "policy" && error.rule === "budgets: 5 usd" && error.message.includes("no price for"), `${error}`);
        }
        equal((await thrown(off.chatCompletion(dear))).rule, "groups.inference: read");
      });
      equal(requests.map(({ method, path }) => `${method} ${path}`), ["GET /router/v1/models"]);
      const dry = recorder();
      await suite.router({ policy: { groups, budgets: [{ usd: 5 }], dryRun: true }, onCall: dry.onCall }).featureExtraction({ model: "emulator/hash-embedding", inputs: "one" });
      equal([dry.records[0].decision, dry.records[0].wouldDeny], ["allowed", "budgets: 5 usd"]);
    },
  },
  {
    name: "an upload that a budget of bytes has no room for is not sent",
    async run(suite) {
      const repo = suite.fresh("budget");
      await suite.hub().createRepo({ repo });
      const hub = suite.hub({ policy: { groups: all, budgets: [{ bytes: 20_000 }] } });
      const requests = await reached(suite, async () => {
        const operations = [{ operation: "addOrUpdate", path: "a.txt", content: "x".repeat(50_000) }];
        const error = await thrown(hub.commit({ repo, title: "Large", operations }));
        equal(error.rule, "budgets: 20000 bytes", `${error}`);
      });
      ok(requests.every(({ path }) => !path.includes("/commit/")), JSON.stringify(requests));
      await suite.hub().deleteRepo({ repo });
    },
  },
  {
    name: "large files that go up at the same time share what is left of a budget of bytes",
    async run(suite) {
      const repo = suite.fresh("budget");
      await suite.hub().createRepo({ repo });
      const commit = (bytes) => {
        const hub = suite.hub({ policy: { groups: all, budgets: [{ bytes }] } });
        const operations = Array.from({ length: 6 }, (_, at) => ({ operation: "addOrUpdate", path: `${at}.safetensors`, content: new Blob([`${bytes} ${at}`, "x".repeat(100_000)]) }));
        return hub.commit({ repo, title: "Six", operations });
      };
      const requests = await reached(suite, async () => equal((await thrown(commit(260_000))).rule, "budgets: 260000 bytes"));
      const uploads = requests.filter(({ method, path }) => method === "PUT" && path.startsWith("/lfs/"));
      ok(uploads.length <= 2, `${uploads.length} of six files of 100 kB`);
      await commit(700_000);
      await suite.hub().deleteRepo({ repo });
    },
  },
];
