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

const OWN = "abc/def+0123456789==";
const SIGNATURE = "5fa3c0ffee5fa3c0ffee5fa3c0ffee";
const SIGNED = `https://files.example/x?X-Amz-Credential=me&X-Amz-Signature=${SIGNATURE}`;
const escaped = (text) => Array.from(text, (char) => `%${char.charCodeAt(0).toString(16)}`).join("");

/** What a server or a proxy may say of a request, in any form. */
const sayings = [
  `token ${SECRET}`,
  `url ?token=${encodeURIComponent(SECRET)}&key=${encodeURIComponent(OWN)}`,
  `key ${OWN}`,
  `lower ${encodeURIComponent(OWN).toLowerCase()} all ${escaped(SECRET)} upper ${escaped(OWN).toUpperCase()} twice ${encodeURIComponent(escaped(SECRET))}`,
  `basic ${btoa(`user:${SECRET}`)} ${btoa(SECRET)} ${btoa(`a:${OWN}:b`)}`,
  `fetching ${SIGNED} failed`,
  `via http://me:${SECRET}@proxy.example:3128`,
];
/** What must not be left of a secret, however short it is. */
const forms = [SECRET, OWN, encodeURIComponent(OWN), SIGNATURE, "0123456789"];
/** What is told of each way to write one: nothing of it is left, and all that stands around it is. */
const reported = [
  [`a ${SECRET} b`, "a [hidden] b"],
  [`a %68f_${SECRET.slice(3)}&b`, "a [hidden]&b"],
  [`a=${encodeURIComponent(OWN).toLowerCase()}&b`, "a=[hidden]&b"],
  [`a ${escaped(SECRET)} ${escaped(OWN).toUpperCase()} b`, "a [hidden] [hidden] b"],
  [`a ${encodeURIComponent(escaped(SECRET))} b`, "a [hidden] b"],
  ...["", "u", "us", "use", "user:", "user:é"].flatMap((before) =>
    ["", ":", ":b", ":bc"].flatMap((behind) => {
      const code = btoa(before + SECRET + behind);
      const safe = code.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
      return [code, safe, encodeURIComponent(code)].map((code) => [`Basic ${code}.`, "Basic [hidden]."]);
    }),
  ),
  [`Basic ${btoa(`me:${OWN}`)}, x`, "Basic [hidden], x"],
  ["nothing of %68%66 aGZfbmV2 is one", "nothing of %68%66 aGZfbmV2 is one"],
];

export const concealed = (text) => !text.includes(SECRET);

export const cases = [
  {
    name: "no form of a secret leaves in a message, a cause, a code, a request id or a hook",
    async run({ Hub }) {
      const shown = [];
      const hook = (info) => shown.push(JSON.stringify(info));
      const headers = { "x-api-key": OWN };
      const by = (fetch, more) =>
        new Hub({ token: SECRET, endpoint: "https://hub.example", headers, onResponse: hook, onRetry: hook, fetch, retry: { attempts: 2, maxDelay: 1 }, ...more });
      for (const said of sayings) {
        const cause = Object.assign(new Error(said, { cause: { message: said } }), { code: said });
        const replies = { "x-request-id": said, "x-error-code": said, ratelimit: `"${said}";r=1;t=1` };
        const errors = [
          await thrown(by(async () => Promise.reject(Object.assign(new TypeError(said, { cause }), { code: said }))).whoAmI()),
          await thrown(by(answers(500, { error: said }, replies)).whoAmI()),
          await thrown(by(answers(200, { error: said }, replies)).whoAmI()),
          await thrown(by(async () => new Response("x", { headers: { "content-type": said } })).whoAmI()),
        ];
        for (const error of errors) for (const text of texts(error)) shown.push(text);
        for (const error of errors) shown.push(String(error), JSON.stringify(error));
      }
      const download = async (url) => {
        if (url.startsWith("https://hub.example")) return new Response(null, { status: 302, headers: { location: SIGNED } });
        throw new TypeError(`error sending request for url (${url})`, { cause: new Error(`GET ${SIGNATURE}`) });
      };
      const error = await thrown(by(download).downloadFile({ repo, path: "x" }));
      shown.push(...texts(error), JSON.stringify(error));
      ok(shown.length > 50, "all was looked at");
      for (const text of shown) for (const form of forms) ok(!text.includes(form), `${form} in ${text}`);
      ok(shown.some((text) => text.includes("GET [hidden]")), "the rest of it is told");
    },
  },
  {
    name: "each call hides the secrets that are its own, also where the last call of the client had others",
    async run({ Hub }) {
      const tokens = ["hf_theFirstToken0123456789", "hf_theSecondToken123456789"];
      let call = 0;
      const said = [];
      const hub = new Hub({
        token: async () => tokens[call++ % 2],
        endpoint: "https://hub.example",
        retry: false,
        fetch: async () => Response.json({ error: `not ${tokens.join(" and ")} with key-of-the-caller` }, { status: 500 }),
      });
      for (const headers of [{}, {}, { "x-api-key": "key-of-the-caller" }, {}]) said.push((await thrown(hub.whoAmI({ headers }))).message);
      const [first, second] = tokens;
      for (const [at, hidden, shown] of [[0, first, second], [1, second, first], [2, first, second], [3, second, first]]) {
        ok(!said[at].includes(hidden) && said[at].includes(shown), `${at}: ${said[at]}`);
        equal(said[at].includes("key-of-the-caller"), at !== 2, `${at}: the key`);
      }
    },
  },
  {
    name: "two secrets are not taken for one of two lines, which the last call had",
    async run({ Hub }) {
      const [first, second] = ["correct-horse", "battery-staple"];
      const fetch = async () => Response.json({ error: `neither ${first} nor ${second}` }, { status: 400 });
      const hub = new Hub({ token: SECRET, endpoint: "https://hub.example", fetch });
      for (const [values, shown] of [[[`${first}\n${second}`], true], [[first, second], false]]) {
        const secrets = values.map((value, at) => ({ key: `KEY_${at}`, value }));
        const { message } = await thrown(hub.createRepo({ repo: "spaces/a/b", sdk: "static", secrets }));
        equal([message.includes(first), message.includes(second)], [shown, shown], message);
      }
    },
  },
  {
    name: "a secret is hidden whole, however it is written, and nothing around it",
    async run({ Hub }) {
      const headers = { "x-api-key": OWN };
      for (const [said, shown] of reported) {
        const fetch = answers(500, { error: said });
        const error = await thrown(new Hub({ token: SECRET, endpoint: "https://hub.example", headers, retry: false, fetch }).whoAmI());
        equal(error.message, `whoAmI: ${shown} (500)`, said);
      }
    },
  },
  {
    name: "a secret that is a parameter is hidden where a server says it back, in errors and in records",
    async run({ Hub }) {
      const held = "correct-horse-battery";
      const hook = { watched: [{ type: "user", name: "alice" }], domains: ["repo"], url: "https://x.example" };
      const calls = {
        "a webhook": (hub) => hub.createWebhook({ ...hook, secret: held }),
        "a webhook's change": (hub) => hub.updateWebhook({ webhookId: "1", ...hook, secret: held }),
        "a webhook's job": (hub) => hub.createWebhook({ ...hook, job: { dockerImage: "x", flavor: "cpu-basic", secrets: { KEY: held } } }),
        "a Space": (hub) => hub.createRepo({ repo: "spaces/a/b", sdk: "static", secrets: [{ key: "LONG_KEY_NAME", value: held }] }),
      };
      for (const [name, call] of Object.entries(calls)) {
        const records = [];
        const fetch = async (_, { body }) => Response.json({ error: `LONG_KEY_NAME: invalid value ${held} of ${body.length}` }, { status: 400, headers: { "x-request-id": held } });
        const hub = new Hub({ token: SECRET, endpoint: "https://hub.example", fetch, onCall: (record) => records.push(record) });
        const error = await thrown(call(hub));
        await hub.flushRecords();
        const shown = [JSON.stringify(error), ...texts(error), JSON.stringify(records)];
        ok(error.message.includes("LONG_KEY_NAME: invalid value [hidden] of"), `${name}: ${error.message}`);
        for (const text of shown) ok(!text.includes(held), `${name}: ${text}`);
        equal(records.length, 1, name);
      }
    },
  },
  {
    name: "a message that is too long is cut after its secrets were hidden",
    async run({ Hub }) {
      for (let before = 980; before < 1000; before++) {
        const fetch = answers(400, { error: "a".repeat(before - 20) + SECRET });
        const { message } = await thrown(new Hub({ token: SECRET, endpoint: "https://hub.example", fetch }).whoAmI());
        ok(message.length <= 1000 && !message.includes("hf_"), message);
      }
    },
  },
  {
    name: "a token that is a dummy word is no secret, and one from a file is trimmed",
    async run({ Hub }) {
      let sent;
      const fetch = async (_, { headers }) => {
        sent = new Headers(headers).get("authorization");
        return Response.json({ error: "e 1 none: no such endpoint" }, { status: 400 });
      };
      const said = async (token) => await thrown(new Hub({ token, endpoint: "https://hub.example", fetch }).whoAmI());
      for (const token of ["e", "1", "none"]) ok((await said(token)).message.includes("e 1 none: no such endpoint"), token);
      for (const token of ["hf_x\n", " hf_x ", async () => "\thf_x\r\n"]) {
        await said(token);
        equal(sent, "Bearer hf_x");
      }
      sent = undefined;
      for (const token of ["Bearer hf_x", "bearer hf_x\n", '"hf_x"', "hf_x hf_y", () => 7, () => ({})]) {
        const error = await said(token);
        equal([error.kind, error.field, sent], ["invalidInput", "token", undefined], String(token));
      }
      ok((await said("Bearer hf_x")).message.includes("pass the token alone"), "the mistake is named");
      for (const token of [() => undefined, async () => undefined, () => null, ""]) equal((await said(token)).kind, "invalidInput");
      equal(sent, null, "anonymous");
    },
  },
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
