// What bounds a call: limits of time and size, and the rate limits that calls of one client share.

import { equal, match, ok, rejects } from "../assert.mjs";
import { collect, patiently } from "../context.mjs";

const path = "/api/models/acme/tiny-bert";
const model = { repo: "acme/tiny-bert" };
const chat = { model: "emulator/echo", messages: [{ role: "user", content: "one two three" }] };

/** A body that gives these pieces, so many milliseconds apart, and then ends, or never does. */
function dripping(pieces, { gap = 0, endless = false } = {}) {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, gap));
      if (at < pieces.length) controller.enqueue(new TextEncoder().encode(pieces[at++]));
      else if (!endless) controller.close();
      else await new Promise(() => {});
    },
  });
}

const answering = (make, headers) => async () => new Response(make(), { headers });
const events = { "content-type": "text/event-stream" };

export const cases = [
  {
    name: "a head that does not come in time is asked for again",
    run: ({ hub, withFault }) =>
      patiently(async (unit) => {
        const headers = 250 * unit;
        const retries = [];
        const client = hub({ timeout: { headers }, retry: true, onRetry: (info) => retries.push(info.reason) });
        await withFault({ path, delay_ms: 12 * headers, count: 1 }, () => client.modelInfo(model));
        equal(retries, [`no response within ${headers} ms`]);
      }),
  },
  {
    name: "the time for the whole call counts its waits, and is never retried",
    async run({ hub, withFault }) {
      const begin = Date.now();
      const rule = { path, status: 500 };
      const client = hub({ timeout: 400, retry: { attempts: 100, maxDelay: 100 } });
      const error = await withFault(rule, () => rejects(client.modelInfo(model)));
      ok(error.kind === "server" || error.kind === "timeout", error.kind);
      ok(Date.now() - begin < 3000, "in time");
      const stuck = await withFault({ path, delay_ms: 5000 }, () =>
        rejects(client.modelInfo(model), { kind: "timeout", attempts: 1 }),
      );
      match(stuck.message, /not done within 400 ms/);
    },
  },
  {
    name: "a body that falls silent fails, one that is slow does not",
    async run({ hub }) {
      await patiently(async (unit) => {
        const slow = answering(() => dripping(['{"id"', ":", '"x"', "}"], { gap: 120 * unit }));
        equal((await hub({ fetch: slow, timeout: { idle: 400 * unit } }).modelInfo(model)).id, "x");
      });
      const silent = answering(() => dripping(['{"id"'], { endless: true }));
      const error = await rejects(hub({ fetch: silent, timeout: { idle: 200 } }).modelInfo(model), { kind: "timeout" });
      match(error.message, /no more of the response within 200 ms/);
    },
  },
  {
    name: "a stream that falls silent fails after what came before, one that is slow does not",
    async run({ router }) {
      const chunk = 'data: {"choices":[{"finish_reason":null}]}\n\n';
      await patiently(async (unit) => {
        const slow = answering(() => dripping([chunk, chunk, chunk, "data: [DONE]\n\n"], { gap: 120 * unit }), events);
        equal((await collect(router({ fetch: slow, timeout: { idle: 400 * unit } }).chatCompletionStream(chat))).length, 3);
      });
      const silent = answering(() => dripping([chunk, chunk], { endless: true }), events);
      const stream = router({ fetch: silent, timeout: { idle: 200 } }).chatCompletionStream(chat);
      const before = [await stream.next(), await stream.next()];
      equal(
        before.map(({ done }) => done),
        [false, false],
      );
      await rejects(stream.next(), { kind: "timeout", endpoint: "chatCompletion" });
      equal((await stream.next()).done, true);
    },
  },
  {
    name: "an answer without end is cut off at maxResponseBytes",
    async run({ hub, router }) {
      let closed = 0;
      const endless = async () =>
        new Response(
          new ReadableStream({
            pull: (controller) => controller.enqueue(new Uint8Array(4096).fill(32)),
            cancel: () => {
              closed++;
            },
          }),
          { headers: events },
        );
      const options = { fetch: endless, maxResponseBytes: 100_000 };
      const error = await rejects(hub(options).modelInfo(model), { kind: "protocol" });
      match(error.message, /longer than 100000 bytes/);
      await rejects(hub(options).downloadFile({ ...model, path: "x" }), { kind: "protocol" });
      await rejects(hub({ fetch: endless }).modelInfo(model, { maxResponseBytes: 5000 }), { kind: "protocol" });
      await rejects(collect(router(options).chatCompletionStream(chat)), { kind: "protocol" });
      equal(closed, 4, "every connection was closed");
    },
  },
  {
    name: "a chunk that is not JSON is an error after the chunks before it",
    async run({ router, ProtocolError }) {
      const text = 'data: {"choices":[]}\n\ndata:\n\ndata: {"choices":\n\ndata: {"choices":[]}\n\n';
      const stream = router({ fetch: answering(() => text, events) }).chatCompletionStream(chat);
      equal((await stream.next()).value, { choices: [] });
      ok((await rejects(stream.next(), { kind: "protocol", endpoint: "chatCompletion" })) instanceof ProtocolError);
      equal((await stream.next()).done, true);
    },
  },
  {
    name: "calls after a 429 wait until the window opens, and then do not come all at once",
    run: ({ hub, withFault, received }) =>
      patiently(async (unit) => {
        const headers = { "retry-after-ms": String(600 * unit) };
        const client = hub({ retry: true });
        const requests = await withFault({ path, status: 429, headers, count: 1 }, () =>
          received(async () => {
            const first = client.modelInfo(model);
            await new Promise((resolve) => setTimeout(resolve, 250 * unit));
            await Promise.all([first, ...Array.from({ length: 9 }, () => client.modelInfo(model))]);
          }),
        );
        equal(requests.length, 11, "nothing was sent into the closed window");
      }),
  },
  {
    name: "pace waits for room instead of running into the limit",
    run: ({ hub }) =>
      patiently(async (unit) => {
        const opening = () => Date.now() + 1000 * unit;
        let left = 3;
        let opens = opening();
        const statuses = [];
        const fetch = async () => {
          if (Date.now() >= opens) [left, opens] = [3, opening()];
          const status = left > 0 ? 200 : 429;
          left = Math.max(0, left - 1);
          statuses.push(status);
          const t = Math.max(0, Math.floor((opens - Date.now()) / 1000));
          const policy = `"fixed window";"api";q=3;w=${unit}`;
          return new Response("{}", { status, headers: { ratelimit: `"api";r=${left};t=${t}`, "ratelimit-policy": policy } });
        };
        const client = hub({ fetch, pace: true });
        await client.modelInfo(model);
        await Promise.all(Array.from({ length: 5 }, () => client.modelInfo(model)));
        equal(statuses, [200, 200, 200, 200, 200, 200]);
        ok(client.rateLimits.api.quota === 3, "the quota is known");
      }),
  },
  {
    name: "with pacing, a request that has no token takes no room of the window",
    async run({ hub }) {
      let works = true;
      const token = () => {
        if (!works) throw new Error("no token");
        return "hf_x";
      };
      const fetch = async () => new Response("{}", { headers: { ratelimit: '"api";r=3;t=200' } });
      const client = hub({ fetch, token, pace: true });
      await client.modelInfo(model);
      works = false;
      for (let count = 0; count < 5; count++) await rejects(client.modelInfo(model), { kind: "invalidInput" });
      works = true;
      await client.modelInfo(model, { timeout: 5000 });
    },
  },
  {
    name: "a list whose links lead in a circle gives its pages and then an error",
    async run({ hub }) {
      const link = { "/api/models": "/api/models?p=b", "/api/models?p=b": "/api/models?p=c" };
      const fetch = async (url) => {
        const next = link[url.slice("https://hub.example".length)] ?? "/api/models?p=b";
        return new Response('[{"id":"a/b"}]', { headers: { link: `<${next}>; rel="next"` } });
      };
      const seen = [];
      const listing = async () => {
        for await (const item of hub({ fetch, endpoint: "https://hub.example" }).listModels()) seen.push(item);
      };
      match((await rejects(listing(), { kind: "protocol", endpoint: "listModels" })).message, /the Link headers form a loop/);
      equal(seen.length, 3);
      const page = await hub({ fetch, endpoint: "https://hub.example" }).listModels();
      await page.next();
      equal((await page.next()).items.length, 1, "the same page may be asked for twice");
    },
  },
  {
    name: "hooks are not told what a signed address holds",
    async run({ hub, fresh }) {
      const urls = [];
      const client = hub({ onResponse: ({ url }) => urls.push(url) });
      const repo = fresh("signed");
      await client.createRepo({ repo });
      const content = new Uint8Array(3000).fill(7);
      await client.commit({ repo, title: "x", operations: [{ operation: "addOrUpdate", path: "x.bin", content }] });
      await client.deleteRepo({ repo });
      ok(urls.length > 3 && !urls.some((url) => /signature|expires|sig=/i.test(url)), String(urls));
    },
  },
];
