// A panic in the core ends the call that it happens in, and no other. The core panics on purpose where only a defect of
// the package can lead: for an endpoint that does not exist at once, for a page of what is no list when the response is
// there.

// The same modules as the package's own.
import { core } from "../../../pkg/dist/core.js";
import { Mode } from "../../../pkg/dist/core_bg.js";

import { equal, match, ok, rejects } from "../assert.mjs";
import { collect } from "../context.mjs";

const repo = "acme/tiny-bert";
/** Each panic would leave its frames behind: one is enough to be seen. */
const MANY = 200;
const answer = async () => Response.json({ name: "someone" });

/** Runs `task` while calls with these very parameters ask the core for a page. */
async function withDoomed(params, task) {
  const { Client } = await core.ready();
  const original = Client.prototype.call;
  Client.prototype.call = function (name, mode, url, given, ...rest) {
    return original.call(this, name, given === params ? Mode.Page : mode, url, given, ...rest);
  };
  try {
    return await task();
  } finally {
    Client.prototype.call = original;
  }
}

async function panics(promise, endpoint, { InternalError }) {
  const error = await rejects(promise, { kind: "internal", endpoint });
  ok(error instanceof InternalError && error.cause, "an InternalError with its cause");
  match(error.message, /defect in hf-wasm/);
}

export const cases = [
  {
    name: "a panic at the start of a call rejects it, and the next call works",
    async run(context) {
      const client = context.hub();
      await panics(client.call("noSuchEndpoint", {}), "noSuchEndpoint", context);
      equal((await client.whoAmI()).name, "alice");
    },
  },
  {
    name: "a panic in the middle of a call rejects it, and the next call works",
    async run(context) {
      const client = context.hub();
      const params = { repo };
      const requests = await context.received(() =>
        withDoomed(params, () => panics(client.modelInfo(params), "modelInfo", context)),
      );
      equal(requests.map(({ row }) => row), ["modelInfo"], "it was answered");
      equal((await client.modelInfo({ repo })).id, repo);
      ok(client.rateLimits.api.sent === 2, "both were counted");
    },
  },
  {
    // The memory may grow: what a call held when it panicked is lost. The stack must not: it has an end.
    name: `${MANY} panics in a row leave the stack as it was, and the next call works`,
    async run(context) {
      const client = context.hub();
      await client.whoAmI();
      const top = core.exports.__wbindgen_add_to_stack_pointer(0);
      for (let time = 0; time < MANY / 2; time++) {
        await client.call("noSuchEndpoint", {}).then(
          () => ok(false, "it succeeded"),
          (error) => equal(error.kind, "internal"),
        );
      }
      const params = { repo };
      const instant = context.hub({ fetch: answer });
      await withDoomed(params, async () => {
        for (let time = 0; time < MANY / 2; time++) {
          await instant.modelInfo(params).then(
            () => ok(false, "it succeeded"),
            (error) => equal(error.kind, "internal"),
          );
        }
      });
      equal(core.exports.__wbindgen_add_to_stack_pointer(0), top, "the stack pointer");
      equal((await client.whoAmI()).name, "alice");
    },
  },
  {
    name: "a panic does not disturb the calls that are under way",
    async run(context) {
      const [client, talker] = [context.hub(), context.router()];
      const chat = { model: "emulator/echo", messages: [{ role: "user", content: "Repeat: all of this" }] };
      const made = context.fresh("panic");
      const params = { repo };
      const calls = () => [
        ...Array.from({ length: 5 }, async () => (await client.modelInfo({ repo })).id === repo),
        collect(client.listFiles({ repo, recursive: true, pageSize: 2 })).then((entries) => entries.length > 4),
        client.downloadFile({ repo, path: "README.md" }).then((file) => file.size > 0),
        client.createRepo({ repo: made }).then(({ url }) => url.endsWith(made)),
        talker.chatCompletion(chat).then(({ choices }) => choices[0].message.content === "all of this"),
        collect(talker.chatCompletionStream(chat)).then((chunks) => chunks.length > 3),
      ];
      // All of them are waiting when the panics come, one at once and one when its answer does.
      await context.withFault({ path: "", delay_ms: 300 }, () =>
        withDoomed(params, async () => {
          const results = Promise.all(calls());
          const doomed = [
            panics(client.call("noSuchEndpoint", {}), "noSuchEndpoint", context),
            panics(client.modelInfo(params), "modelInfo", context),
          ];
          equal(await results, Array(10).fill(true));
          await Promise.all(doomed);
        }),
      );
      await client.deleteRepo({ repo: made });
    },
  },
];
