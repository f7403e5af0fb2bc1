// A signal that outlives its calls, as a page or a server has: no call leaves a listener on it, or hangs on many.

import { equal, ok, rejects } from "../assert.mjs";
import { collect } from "../context.mjs";

const TIMES = 20;
const repo = "acme/tiny-bert";
const chat = { model: "emulator/echo", messages: [{ role: "user", content: "Hello" }] };

/** A signal that counts its listeners. */
function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set();
  let most = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (type, listener, options) => {
    listeners.add(listener);
    most = Math.max(most, listeners.size);
    // A listener may be bound to another signal, and goes when that is aborted.
    options?.signal?.addEventListener("abort", () => listeners.delete(listener));
    add(type, listener, options);
  };
  signal.removeEventListener = (type, listener, options) => {
    listeners.delete(listener);
    remove(type, listener, options);
  };
  return { signal, count: () => listeners.size, most: () => most };
}

/** What is done with the signal, many times. */
const uses = {
  "a call": ({ client, signal }) => client.modelInfo({ repo }, { signal }),
  "a call with a time limit": ({ client, signal }) => client.modelInfo({ repo }, { signal, timeout: 20_000 }),
  "a call that fails": ({ client, signal }) => rejects(client.modelInfo({ repo: "acme/nothing" }, { signal }), { kind: "notFound" }),
  "a call that is refused": ({ client, signal }) => rejects(client.modelInfo({ repo: "../x" }, { signal }), { kind: "invalidInput" }),
  "a download": async ({ client, signal }) => (await client.downloadFile({ repo, path: "README.md" }, { signal })).text(),
  "a list read to its end": ({ client, signal }) => collect(client.listFiles({ repo, recursive: true, pageSize: 10 }, { signal })),
  "a list that is left": ({ client, signal }) => collect(client.listFiles({ repo, recursive: true, pageSize: 2 }, { signal }), 3),
  "a first page": ({ client, signal }) => client.listFiles({ repo }, { signal }),
  "a list that fails": ({ client, signal }) => rejects(collect(client.listFiles({ repo: "acme/nothing" }, { signal })), { kind: "notFound" }),
  "a stream read to its end": ({ talker, signal }) => collect(talker.chatCompletionStream(chat, { signal })),
  "a stream that is left": ({ talker, signal }) => collect(talker.chatCompletionStream(chat, { signal }), 2),
  "a stream that is cancelled": async ({ talker, signal }) => {
    const stream = talker.chatCompletionStream(chat, { signal });
    await stream.next();
    stream.cancel();
  },
  "a stream that fails": ({ talker, signal }) => rejects(collect(talker.chatCompletionStream({ ...chat, model: "acme/none" }, { signal }))),
};

export const cases = Object.entries(uses).map(([name, use]) => ({
  name: `${name} leaves no listener on the caller's signal`,
  async run({ hub, router }) {
    const { signal, count, most } = counted();
    const given = { client: hub(), talker: router(), signal };
    for (let time = 0; time < TIMES; time++) await use(given);
    equal(count(), 0, `after ${TIMES} times`);
    ok(most() <= 3, `${most()} listeners at a time`);
  },
}));
