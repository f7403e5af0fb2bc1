// No object that a program may log holds the token where a log would show it; errors survive being written down.

import { equal, ok } from "../assert.mjs";

const SECRET = "hf_neverToBeSeen0123456789";
const repo = "acme/tiny-bert";
const chat = { model: "emulator/echo", messages: [{ role: "user", content: "Hello" }] };
const thrown = (promise) => Promise.resolve(promise).then(() => ok(false, "it succeeded"), (error) => error);

/** A `fetch` that blurts out what it was given, as some do. */
const leaky = async (url, init) => {
  const authorization = new Headers(init.headers).get("authorization");
  throw Object.assign(new TypeError(`fetch of ${url} with ${authorization} failed`, { cause: new Error(`sent ${authorization}`) }), { init });
};
const answers = (status, body, headers) => async () => Response.json(body, { status, headers });

/** What a program may hold, by name; `endpoint` is one where nobody listens to this token. */
export async function holdings({ Hub, InferenceRouter, endpoint, routerEndpoint }) {
  const options = { token: SECRET, endpoint, retry: false };
  const hub = new Hub(options);
  const router = new InferenceRouter({ ...options, endpoint: routerEndpoint });
  const by = (fetch, more) => new Hub({ ...options, fetch, endpoint: "https://hub.example", ...more });
  const started = router.chatCompletionStream(chat);
  const error = {
    unauthorized: await thrown(hub.whoAmI()),
    "of a stream": await thrown(started.next()),
    network: await thrown(by(leaky).whoAmI()),
    "of a token's function": await thrown(by(leaky, { token: async () => SECRET }).whoAmI()),
    notFound: await thrown(by(answers(404, { error: "Repository not found" }, { "x-error-code": "RepoNotFound" })).modelInfo({ repo })),
    "server, which echoes": await thrown(by(answers(500, { error: `unknown token ${SECRET}` })).whoAmI()),
    rateLimited: await thrown(by(answers(429, {}, { "retry-after": "7" })).whoAmI()),
    protocol: await thrown(by(async () => new Response(`not json ${SECRET}`)).whoAmI()),
    timeout: await thrown(by(() => new Promise(() => {}), { timeout: 20 }).whoAmI()),
    invalidInput: await thrown(hub.modelInfo({ repo: "../x" })),
    internal: await thrown(hub.call("noSuchEndpoint", {})),
  };
  const lists = { list: hub.listModels({ search: "bert" }), pages: hub.listModels().pages(), items: hub.listModels()[Symbol.asyncIterator]() };
  const page = await by(answers(200, [{ id: "a/b" }], { link: '</api/models?cursor=x>; rel="next"' })).listModels();
  return { hub, router, ...lists, page, stream: router.chatCompletionStream(chat), started, limits: hub.rateLimits, error };
}

/** Every text that can be reached through members, also hidden ones. */
function* texts(value, seen = new Set()) {
  if (typeof value === "string") yield value;
  if (value === null || !["object", "function"].includes(typeof value) || seen.has(value)) return;
  seen.add(value);
  for (const key of Reflect.ownKeys(value)) {
    const { value: member } = Object.getOwnPropertyDescriptor(value, key);
    yield* texts(member, seen);
  }
}

export const concealed = (text) => !text.includes(SECRET);

export const cases = [
  {
    name: "no member of a client, a list, a stream or an error holds the token",
    async run(context) {
      for (const [name, held] of Object.entries(await holdings(context))) {
        for (const text of texts(held)) ok(concealed(text), `${name}: ${text}`);
        for (const text of [String(held), JSON.stringify(held)]) ok(concealed(text), `${name}: ${text}`);
      }
    },
  },
  {
    name: "an error made again of its JSON is the same: class, facts, advice, and the words of its cause",
    async run(context) {
      const { error: errors } = await holdings(context);
      for (const [name, error] of Object.entries(errors)) {
        ok(error instanceof context.HfError, `${name}: ${error}`);
        const again = context.HfError.from(JSON.parse(JSON.stringify(error)));
        ok(again.constructor === error.constructor && again instanceof Error, name);
        for (const member of ["name", "message", "kind", "advice", "status", "code", "endpoint", "attempts", "retryAfter", "field", "missing"]) {
          equal(again[member], error[member], `${name}.${member}`);
        }
        equal([again.cause?.message, again.cause?.cause?.message], [error.cause?.message, error.cause?.cause?.message], `${name}.cause`);
        equal(JSON.stringify(again), JSON.stringify(error), name);
      }
      ok(errors["server, which echoes"].message.endsWith("unknown token [hidden] (500)"), errors["server, which echoes"].message);
      ok(errors.network.cause.message.startsWith("fetch of https://hub.example/api/whoami-v2"), errors.network.cause.message);
    },
  },
];
