// A panic in the core ends the call that it happens in, and no other. The core panics on purpose where only a defect of
// the package can lead: for an endpoint that does not exist at once, for a page of what is no list when the response is
// there.

import { equal, match, ok, rejects } from "../assert.mjs";
import { collect } from "../context.mjs";

const repo = "acme/tiny-bert";
const MANY = 200;
const answer = async () => Response.json({ name: "someone" });

/** A call that panics at its start. */
const atOnce = (client) => client.call("noSuchEndpoint", {});
/** One that panics when its response is there: what it asks a page of is no list. */
const inTheMiddle = (client) => client.pages("modelInfo", { repo }).then();

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
      await panics(atOnce(client), "noSuchEndpoint", context);
      equal((await client.whoAmI()).name, "alice");
    },
  },
  {
    name: "a panic in the middle of a call rejects it, and the next call works",
    async run(context) {
      const client = context.hub();
      const requests = await context.received(() => panics(inTheMiddle(client), "modelInfo", context));
      equal(requests.map(({ endpoint }) => endpoint), ["modelInfo"], "it was answered");
      equal((await client.modelInfo({ repo })).id, repo);
      ok(client.rateLimits.api.sent === 2, "both were counted");
    },
  },
  {
    name: `after ${MANY} panics in a row the next call works`,
    async run(context) {
      const client = context.hub();
      const instant = context.hub({ fetch: answer });
      for (let time = 0; time < MANY / 2; time++) {
        await rejects(atOnce(client), { kind: "internal" });
        await rejects(inTheMiddle(instant), { kind: "internal" });
      }
      equal((await client.whoAmI()).name, "alice");
    },
  },
  {
    name: "a panic does not disturb the calls that are under way",
    async run(context) {
      const [client, talker] = [context.hub(), context.router()];
      const chat = { model: "emulator/echo", messages: [{ role: "user", content: "Repeat: all of this" }] };
      const made = context.fresh("panic");
      const calls = () => [
        ...Array.from({ length: 5 }, async () => (await client.modelInfo({ repo })).id === repo),
        collect(client.listFiles({ repo, recursive: true, pageSize: 2 })).then((entries) => entries.length > 4),
        client.downloadFile({ repo, path: "README.md" }).then((file) => file.size > 0),
        client.createRepo({ repo: made }).then(({ url }) => url.endsWith(made)),
        talker.chatCompletion(chat).then(({ choices }) => choices[0].message.content === "all of this"),
        collect(talker.chatCompletionStream(chat)).then((chunks) => chunks.length > 3),
      ];
      // All of them are waiting when the panics come, one at once and one when its answer does.
      await context.withFault({ path: "", delay_ms: 300 }, async () => {
        const results = Promise.all(calls());
        const doomed = [panics(atOnce(client), "noSuchEndpoint", context), panics(inTheMiddle(client), "modelInfo", context)];
        equal(await results, Array(10).fill(true));
        await Promise.all(doomed);
      });
      await client.deleteRepo({ repo: made });
    },
  },
];
