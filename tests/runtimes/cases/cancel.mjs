// Abort and timeout: before, while sending, while waiting for a retry, while reading a body, in lists and streams.

import { equal, ok, rejects, until } from "../assert.mjs";
import { collect } from "../context.mjs";

const path = "/api/models/acme/tiny-bert";
const model = { repo: "acme/tiny-bert" };

/** A signal that is aborted soon, with a reason of its own. */
function soon(ms = 100) {
  const controller = new AbortController();
  const reason = new Error("enough");
  setTimeout(() => controller.abort(reason), ms);
  return { signal: controller.signal, reason };
}

/** The call rejects with the signal's reason, well before what it waits for. */
async function aborted(start, { signal, reason }) {
  const begin = Date.now();
  const error = await rejects(start(signal));
  ok(error === reason, `the signal's own reason, not ${error}`);
  ok(Date.now() - begin < 3000, "at once");
}

export const cases = [
  {
    name: "a signal that was aborted before sends nothing",
    async run({ hub, received }) {
      const signal = AbortSignal.abort();
      const requests = await received(async () => {
        const error = await rejects(hub().modelInfo(model, { signal }));
        equal(error.name, "AbortError");
      });
      equal(requests.length, 0);
    },
  },
  {
    name: "abort while the response is awaited",
    run: ({ hub, withFault }) =>
      withFault({ path, delay_ms: 5000 }, () => aborted((signal) => hub().modelInfo(model, { signal }), soon())),
  },
  {
    name: "abort while a body is read",
    run: ({ hub, withFault }) =>
      withFault({ path, stall_after_bytes: 20 }, () => aborted((signal) => hub().modelInfo(model, { signal }), soon())),
  },
  {
    name: "abort while a retry is waited for",
    run: ({ hub, withFault }) =>
      withFault({ path, status: 429, headers: { "retry-after": "20" } }, () =>
        aborted((signal) => hub({ retry: true }).modelInfo(model, { signal }), soon()),
      ),
  },
  {
    name: "abort of a list",
    run: ({ hub, withFault }) =>
      withFault({ path: "/api/spaces", delay_ms: 5000 }, () =>
        aborted((signal) => collect(hub().listSpaces({}, { signal })), soon()),
      ),
  },
  {
    name: "abort of a stream",
    run: ({ router, withFault }) => {
      const chat = { model: "emulator/echo", messages: [{ role: "user", content: "Hello" }] };
      const rule = { path: "chat/completions", stall_after_bytes: 400 };
      return withFault(rule, () =>
        aborted((signal) => collect(router().chatCompletionStream(chat, { signal })), soon(300)),
      );
    },
  },
  {
    name: "abort of a stream between two chunks closes the connection, and ends the record",
    async run({ router }) {
      const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "x" } }] })}\n\n`;
      for (const audit of ["bestEffort", "required"]) {
        let closed = 0;
        const body = () => new ReadableStream({
          pull: (controller) => controller.enqueue(new TextEncoder().encode(event)),
          cancel() { closed++; },
        }, { highWaterMark: 0 });
        // Records ask for the prices.
        const fetch = async (url) => (url.endsWith("/models") ? Response.json({ data: [] }) : new Response(body(), { headers: { "content-type": "text/event-stream" } }));
        const outcomes = [];
        const client = router({ fetch, audit, endpoint: "https://router.example", onCall: ({ phase, outcome }) => phase !== "begun" && outcomes.push(outcome) });
        const stop = new AbortController();
        const stream = client.chatCompletionStream({ model: "a/b", messages: [] }, { signal: stop.signal });
        await stream.next();
        const reason = new Error("enough");
        stop.abort(reason);
        await until(() => closed > 0 && outcomes.length > 0);
        equal([closed, outcomes], [1, ["aborted"]], audit);
        ok((await rejects(stream.next())) === reason, "the signal's own reason");
        equal(await stream.next(), { done: true });
        equal([closed, outcomes], [1, ["aborted"]], audit);
      }
    },
  },
  {
    name: "timeout of a call while the response is awaited",
    run: ({ hub, withFault, TimeoutError }) =>
      withFault({ path, delay_ms: 5000 }, async () => {
        const error = await rejects(hub().modelInfo(model, { timeout: 100 }), {
          kind: "timeout",
          endpoint: "modelInfo",
        });
        ok(error instanceof TimeoutError && error.advice);
      }),
  },
  {
    name: "timeout of a client while a body is read",
    run: ({ hub, withFault }) =>
      withFault({ path, stall_after_bytes: 20 }, () =>
        rejects(hub({ timeout: 100 }).modelInfo(model), { kind: "timeout" }),
      ),
  },
  {
    name: "timeout of a stream",
    async run({ router, withFault }) {
      const chat = { model: "emulator/echo", messages: [{ role: "user", content: "Hello" }] };
      await withFault({ path: "chat/completions", stall_after_bytes: 400 }, () =>
        rejects(collect(router().chatCompletionStream(chat, { timeout: 300 })), { kind: "timeout" }),
      );
    },
  },
  {
    name: "a call after an aborted one works",
    async run({ hub }) {
      const client = hub();
      await rejects(client.modelInfo(model, { signal: AbortSignal.abort() }));
      equal((await client.modelInfo(model)).id, "acme/tiny-bert");
    },
  },
];
