// The client's side of a cell, in any runtime: the call, what came of it, and everything that the client showed.

import { bytes } from "../runtimes/context.mjs";
import { odds } from "./odd.mjs";
import { LIMITS } from "./options.mjs";

/** The limits of a cell may be short; these are not. */
const EASILY = { timeout: LIMITS };
/** A cheap call of each class, which no fault hits. */
const EASY = {
  Hub: (hub) => hub.whoAmI(EASILY),
  InferenceRouter: (router) => router.featureExtraction({ model: "emulator/hash-embedding", inputs: "x" }, EASILY),
};
const chat = ({ text }, { params }) => ({
  model: "emulator/echo",
  messages: [{ role: "user", content: `Repeat: ${text}` }],
  ...params,
});
function same(one, other) {
  // A loop: of a million bytes, calls would take longer than all the rest.
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return one.length === other.length;
}

/** One file: a small one is part of the commit, a large one is uploaded before. */
const commit = (hub, { repo, title, parent, path, size, seed }, _, odd) => {
  const content = odd.content ?? (path === "note.txt" ? title : bytes(size, seed));
  const operations = [{ operation: "addOrUpdate", path, content }];
  return hub.commit({ repo, title, ...(parent && { parentCommit: parent }), operations }, odd.options);
};
/** Paths and contents of the files of a snapshot. */
const filesOf = ({ path, size, seed, files }) => [[path, bytes(size, seed)], ...files.map((name) => [name, new TextEncoder().encode(name)])];
const committed = ({ commitOid }) => /^[0-9a-f]{40}$/.test(commitOid);

/** Class, the call itself, and whether its result is the emulator's. */
const CALLS = {
  plain: {
    host: "Hub",
    run: (hub, { repo }, _, odd) => hub.modelInfo({ repo }, odd.options),
    right: ({ id }, { repo }) => id === repo,
  },
  list: {
    host: "Hub",
    run: (hub, { repo }, given, odd) =>
      collect(hub.listFiles({ repo, pageSize: 1 }, odd.options), given, ({ path }) => path),
    right: (_, { items }, given) => same(given, items),
  },
  commit: { host: "Hub", run: commit, right: committed },
  upload: { host: "Hub", run: commit, right: committed },
  file: {
    host: "Hub",
    run: async (hub, { repo, path }, _, odd) => (await hub.downloadFile({ repo, path }, odd.options)).blob(),
    right: async (blob, { size, seed }) => same(new Uint8Array(await blob.arrayBuffer()), bytes(size, seed)),
  },
  range: {
    host: "Hub",
    run: async (hub, { repo, path, range }, _, odd) => (await hub.downloadFile({ repo, path, range }, odd.options)).bytes(),
    right: (got, { size, seed, range }) => same(got, bytes(size, seed).subarray(range.start, range.end)),
  },
  snapshot: {
    host: "Hub",
    run: (hub, spec, _, odd, cache) => cache.snapshot(hub, spec, odd.options),
    right: async (file, spec) => (await Promise.all(filesOf(spec).map(async ([path, content]) => same(await file(path), content)))).every(Boolean),
    /** Files that the cache gives, and that are others. */
    async wrong(spec, cache) {
      const isWrong = async ([path, content]) => {
        const { value } = await settled(cache.kept(spec, path));
        return value !== undefined && !same(value, content);
      };
      const found = await Promise.all(filesOf(spec).map(async (file) => ((await isWrong(file)) ? [file[0]] : [])));
      return found.flat();
    },
  },
  chat: {
    host: "InferenceRouter",
    run: (router, spec, _, odd) => router.chatCompletion(chat(spec, odd), odd.options),
    right: ({ choices }, { text }) => choices[0]?.message.content === text,
  },
  stream: {
    host: "InferenceRouter",
    run: (router, spec, given, odd) =>
      collect(
        router.chatCompletionStream(chat(spec, odd), odd.options),
        given,
        ({ choices }) => choices[0]?.delta.content ?? "",
      ),
    right: (_, { text }, given) => given.join("") === text,
  },
};

/**
 * Counts the requests to a `target` (`{ method, path }`) from the `from`-th on, in a list those for one page only:
 * a function that gives the request's number, or 0.
 */
export function counter({ target, from = 1, page }) {
  let [before, counted, query] = [0, 0, undefined];
  return (method, address) => {
    const [path, search] = address.split("?");
    if (method !== target.method || path !== target.path) return 0;
    before += 1;
    if (before < from || (page && counted > 0 && search !== query)) return 0;
    query = search;
    counted += 1;
    return counted;
  };
}

async function collect(iterable, into, view) {
  for await (const item of iterable) into.push(view(item));
}

/**
 * Makes the call of a cell. Gives what came of it (`ok`, `other` for a result that is not the emulator's, `hang`, or an
 * error's kind and status), what an iterator gave before, how often the client called `fetch` for it, which files of a
 * cache are wrong, how many bodies it left open, which secrets it showed and where, and how plain calls of the same client
 * went before and after. `cache` is that of the runtime.
 */
export async function perform(lib, spec, { cache, inspect }) {
  const { host, run, right, wrong } = CALLS[spec.call];
  const shown = [];
  const count = counter({ ...spec, target: spec.first });
  const odd = odds[spec.odd]?.(spec.options) ?? {};
  let [sends, asked] = [0, Number.NEGATIVE_INFINITY];
  const client = new lib[host]({
    ...spec.options,
    ...odd.client,
    ...(odd.token && { token: () => (++asked >= (spec.from ?? 1) ? odd.token() : spec.options.token) }),
    async fetch(url, init) {
      const { pathname, search } = new URL(url);
      const sent = count(init.method, pathname + search);
      sends = Math.max(sends, sent);
      const response = await fetch(odd.address?.(url) ?? url, init);
      return sent > 0 && odd.answer ? odd.answer(response) : response;
    },
    onResponse: (info) => shown.push(["onResponse", JSON.stringify(info)]),
    onRetry: (info) => shown.push(["onRetry", JSON.stringify(info)]),
  });
  const before = await settled(EASY[host](client));
  const given = [];
  asked = 0;
  const result = await within(spec.deadline, settled((async () => run(client, spec, given, odd, cache))()));
  asked = Number.NEGATIVE_INFINITY;
  const left = (await odd.left?.()) ?? 0;
  const after = await within(spec.deadline, settled(EASY[host](client)));
  for (const { error } of [before, result, after]) if (error !== undefined) shown.push(...texts(error, inspect));
  shown.push(["String(client)", String(client)], ["JSON of the client", text(client)]);
  if (inspect) shown.push(["inspect(client)", inspect(client)]);
  const leaks = shown.filter(([, text]) => spec.secrets.some((secret) => text?.includes(secret)));
  const outcome = result.error === undefined ? result.outcome : named(result.error);
  // What is not even of the form that is looked at is another result, too.
  const good = (await settled((async () => right(result.value, spec, given))())).value;
  return {
    outcome: outcome ?? (good ? "ok" : "other"),
    message: result.error === undefined ? undefined : String(result.error?.message ?? result.error),
    advice: result.error?.advice,
    given: given.length,
    prefix: spec.items ? same(given, spec.items.slice(0, given.length)) : (spec.text ?? "").startsWith(given.join("")),
    sends,
    wrong: (await wrong?.(spec, cache)) ?? [],
    left,
    leaks: leaks.map(([where]) => where),
    around: [before, after].map(({ error, outcome }) => outcome ?? (error === undefined ? "ok" : String(error))),
  };
}

function settled(promise) {
  return Promise.resolve(promise).then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
}

function within(ms, promise) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ outcome: "hang" }), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function named(error) {
  if (!error?.kind) return `thrown ${error?.name ?? typeof error}`;
  return error.status === undefined ? error.kind : `${error.kind} ${error.status}`;
}

/** Every text that an error can turn into, its causes' too. */
function texts(error, inspect) {
  const out = [["String(error)", String(error)]];
  for (let cause = error, depth = 0; cause && depth < 9; cause = cause.cause, depth++) {
    for (const name of Object.getOwnPropertyNames(cause)) out.push([`${depth}.${name}`, text(cause[name])]);
    out.push([`${depth}.toString`, String(cause)], [`${depth}.toJSON`, text(cause)]);
  }
  if (inspect) out.push(["inspect(error)", inspect(error)]);
  return out;
}

function text(value) {
  try {
    return typeof value === "string" ? value : JSON.stringify(value);
  } catch {
    return String(value);
  }
}
