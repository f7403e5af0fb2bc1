// Errors: one of each kind, their members, and what is tried again.

import { equal, ok, rejects } from "../assert.mjs";

/** A page sees this header only where the server says so; the Hub does not. */
const reported = (name, value) => ({ [name]: value, "access-control-expose-headers": `${name}, x-request-id` });

const model = (hub) => hub.modelInfo({ repo: "acme/tiny-bert" });

/** Name of the class, how it comes about, and what the error says. */
const kinds = [
  [
    "UnauthorizedError",
    ({ hub, tokens }) => hub({ token: tokens.expired }).whoAmI(),
    { kind: "unauthorized", status: 401 },
  ],
  [
    "UnauthorizedError",
    ({ hub, fresh }) => hub({ token: "" }).createRepo({ repo: fresh() }),
    { kind: "unauthorized", status: 401 },
  ],
  [
    "ForbiddenError",
    ({ hub, tokens, fresh }) => hub({ token: tokens.read }).createRepo({ repo: fresh() }),
    { kind: "forbidden", status: 403, permission: "repo.write" },
  ],
  ["ForbiddenError", ({ hub }) => hub().modelInfo({ repo: "acme/disabled-model" }), { kind: "forbidden", status: 403 }],
  [
    "GatedError",
    ({ hub }) => hub({ token: "" }).downloadFile({ repo: "acme/gated-llm", path: "config.json" }),
    { kind: "gated", status: 401, code: "GatedRepo" },
  ],
  [
    "GatedError",
    ({ hub, tokens }) => hub({ token: tokens.bob }).listCommits({ repo: "acme/gated-llm" }),
    { kind: "gated", status: 403, code: "GatedRepo" },
  ],
  [
    "NotFoundError",
    ({ hub }) => hub().modelInfo({ repo: "acme/nothing" }),
    { kind: "notFound", status: 404, code: "RepoNotFound", missing: "repo" },
  ],
  [
    "NotFoundError",
    ({ hub }) => hub({ token: "" }).modelInfo({ repo: "acme/nothing" }),
    { kind: "notFound", status: 401, missing: "repo" },
  ],
  [
    "NotFoundError",
    ({ hub }) => hub().modelInfo({ repo: "acme/tiny-bert", revision: "nowhere" }),
    { kind: "notFound", code: "RevisionNotFound", missing: "revision" },
  ],
  [
    "NotFoundError",
    ({ hub }) => hub().downloadFile({ repo: "acme/tiny-bert", path: "nothing" }),
    { kind: "notFound", code: "EntryNotFound", missing: "entry" },
  ],
  ["ConflictError", ({ hub }) => hub().createRepo({ repo: "alice/playground" }), { kind: "conflict", status: 409 }],
  ["InvalidInputError", ({ hub }) => hub().listModels({ expand: ["nonsense"] }), { kind: "invalidInput", status: 400 }],
];

/** Rule of the fault, and what the error says. */
const faults = [
  [
    "PaymentRequiredError",
    { status: 402, body: { error: "You have depleted your monthly included credits." } },
    { kind: "paymentRequired", status: 402 },
  ],
  [
    "RateLimitedError",
    { status: 429, headers: reported("retry-after", "7") },
    { kind: "rateLimited", status: 429, retryAfter: 7000 },
  ],
  ["ServerError", { status: 503 }, { kind: "server", status: 503 }],
  ["ProtocolError", { malformed: "not-json" }, { kind: "protocol" }],
  ["ProtocolError", { malformed: "truncated-json" }, { kind: "protocol" }],
  ["NetworkError", { cut_after_bytes: 20 }, { kind: "network" }],
];

export const cases = [
  ...kinds.map(([name, call, members], index) => ({
    name: `${name}, ${index + 1}: ${members.status ?? members.code}`,
    async run(context) {
      await check(context, name, (async () => await call(context))(), members);
    },
  })),
  ...faults.map(([name, rule, members]) => ({
    name: `${name} of a fault: ${Object.keys(rule)[0]} ${Object.values(rule)[0]}`,
    async run(context) {
      await context.withFault({ path: "/api/models/acme/tiny-bert", ...rule }, () =>
        check(context, name, model(context.hub()), members),
      );
    },
  })),
  {
    name: "NetworkError where nobody listens",
    async run(context) {
      const error = await check(context, "NetworkError", model(context.hub({ endpoint: "http://127.0.0.1:1" })), {
        kind: "network",
      });
      equal(error.status, undefined);
    },
  },
  {
    name: "an error can be written as JSON and made again, and never holds the token",
    async run({ hub, tokens, HfError, ForbiddenError, fresh }) {
      const error = await rejects(hub({ token: tokens.read }).createRepo({ repo: fresh() }), { kind: "forbidden" });
      const written = JSON.stringify(error);
      for (const text of [written, String(error), error.stack]) ok(!text.includes(tokens.read), "no token");
      const again = HfError.from(JSON.parse(written));
      ok(again instanceof ForbiddenError);
      equal([again.message, again.requestId], [error.message, error.requestId]);
    },
  },
  {
    name: "a read that fails for a moment is sent again, with the hook told",
    async run({ hub, withFault }) {
      const waits = [];
      const client = hub({ retry: { attempts: 4, maxDelay: 5 }, onRetry: (info) => waits.push(info) });
      await withFault({ path: "/api/models/acme/tiny-bert", status: 503, count: 2 }, async () => {
        equal((await model(client)).id, "acme/tiny-bert");
      });
      equal(
        waits.map(({ endpoint, attempt, status }) => [endpoint, attempt, status]),
        [
          ["modelInfo", 1, 503],
          ["modelInfo", 2, 503],
        ],
      );
    },
  },
  {
    name: "a 429 is waited for as long as the server says",
    async run({ hub, withFault }) {
      const waits = [];
      const client = hub({ retry: true, onRetry: (info) => waits.push(info.wait) });
      await withFault(
        { path: "/api/models/acme/tiny-bert", status: 429, headers: reported("retry-after-ms", "30"), count: 1 },
        () => model(client),
      );
      equal(waits, [30]);
    },
  },
  {
    name: "a wait beyond all patience fails at once, with the facts",
    async run({ hub }) {
      for (const after of ["1e10", "10000000000", "99999999999999999999999", "1E+300"]) {
        let sent = 0;
        const fetch = async () => {
          sent++;
          return Response.json({}, { status: 429, headers: { "retry-after": after } });
        };
        const error = await rejects(hub({ fetch, retry: true }).whoAmI(), { kind: "rateLimited", status: 429, attempts: 1 });
        equal([sent, error.retryAfter >= 1e10, Number.isFinite(error.retryAfter)], [1, true, true], after);
        ok(error.advice.length < 100, error.advice);
      }
    },
  },
  {
    name: "attempts end, and the error counts them",
    async run({ hub, withFault }) {
      const client = hub({ retry: { attempts: 3, maxDelay: 5 } });
      await withFault({ path: "/api/models/acme/tiny-bert", status: 500 }, () =>
        rejects(model(client), { kind: "server", attempts: 3 }),
      );
    },
  },
  {
    name: "a write that may have been carried out is not sent again",
    async run({ hub, withFault, fresh, received }) {
      const [client, repo] = [hub({ retry: { attempts: 3, maxDelay: 5 } }), fresh("once")];
      const requests = await received(() =>
        withFault({ path: "/api/repos/create", status: 502, after: true, count: 1 }, () =>
          rejects(client.createRepo({ repo }), { kind: "server", attempts: 1 }),
        ),
      );
      equal(requests.filter(({ endpoint }) => endpoint === "createRepo").length, 1);
      await client.deleteRepo({ repo });
    },
  },
];

async function check(context, name, call, members) {
  const error = await rejects(call, members);
  ok(error instanceof context.HfError && error instanceof context[name], `a ${name}, not a ${error.name}`);
  equal(error.name, name);
  ok(error.endpoint && error.message.startsWith(error.endpoint), `it says what was asked: ${error.message}`);
  // What the server said of the parameters is all that is known.
  ok(error.advice || name === "InvalidInputError", "it says what to do");
  if (error.status && members.kind !== "server") ok(error.requestId, "it has the request id");
  return error;
}
