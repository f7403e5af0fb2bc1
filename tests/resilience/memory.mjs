// What must leave the core's memory as it was: thousands of calls, lists that are left, streams that are aborted,
// exceptions of the caller's. For every runtime. Most answers come from a `fetch` here, since not the network is in question.

import { collect } from "../runtimes/context.mjs";
import { held, sizes } from "./watch.mjs";

const AT_ONCE = 32;
const model = { id: "acme/m", tags: Array.from({ length: 60 }, (_, at) => `tag-${at}`) };
const page = Array.from({ length: 20 }, (_, at) => ({ id: `acme/m-${at}`, likes: at }));
const piece = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "word " } }] })}\n\n`;
const file = new Uint8Array(20_000).fill(7);

/** A server in the place of `fetch`. */
async function answer(url, init) {
  const { pathname, searchParams } = new URL(url);
  if (init.signal?.aborted) throw init.signal.reason;
  if (pathname.endsWith("/gone")) return Response.json({ error: "Repository not found" }, { status: 404, headers: { "x-error-code": "RepoNotFound" } });
  if (pathname.endsWith("/cut")) throw new TypeError("fetch failed");
  if (pathname.endsWith("/late")) return new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)));
  if (pathname.includes("/resolve/")) return new Response(file);
  if (pathname.includes("/preupload/")) return Response.json({ files: JSON.parse(init.body).files.map(({ path }) => ({ path, uploadMode: "regular" })) });
  if (pathname.includes("/commit/")) return Response.json({ success: true, commitOid: "0".repeat(40), commitUrl: url });
  if (pathname.endsWith("/chat/completions")) return new Response(`${piece.repeat(20)}data: [DONE]\n\n`, { headers: { "content-type": "text/event-stream" } });
  if (pathname === "/api/models") {
    const next = Number(searchParams.get("cursor") ?? 0) + 1;
    return Response.json(page, { headers: { link: `</api/models?cursor=${next}>; rel="next"` } });
  }
  return Response.json(model);
}

const fails = (promise) => promise.then(() => Promise.reject(new Error("it succeeded")), () => {});
const chat = { model: "emulator/echo", messages: [{ role: "user", content: `Repeat: ${"word ".repeat(40)}` }] };

/** Name, how often, and what is done; `at` counts. */
export function loadsOf({ Hub, InferenceRouter }, { routerEndpoint, tokens }) {
  const options = { token: "hf_memory", endpoint: "https://hub.example", fetch: answer, retry: { attempts: 2, maxDelay: 1 } };
  const hub = new Hub(options);
  const router = new InferenceRouter(options);
  const real = new InferenceRouter({ endpoint: routerEndpoint, token: tokens.write });
  const calls = [
    () => hub.modelInfo({ repo: "acme/m", expand: ["tags"] }),
    async () => (await hub.downloadFile({ repo: "acme/m", path: "weights.bin" })).blob(),
    () => collect(hub.listModels({ search: "m" }), 45),
    () => collect(router.chatCompletionStream(chat)),
    () => hub.commit({ repo: "acme/m", title: "T", operations: [{ operation: "addOrUpdate", path: "a.bin", content: file }] }),
    () => fails(hub.modelInfo({ repo: "acme/gone" })),
    () => fails(hub.modelInfo({ repo: "acme/cut" })),
    () => fails(hub.modelInfo({ repo: "../wrong" })),
    () => fails(hub.modelInfo({ repo: "acme/late" }, { timeout: 1 })),
    () => fails(hub.modelInfo({ repo: "acme/late" }, { signal: aborts(1) })),
  ];
  // Thrown to the core by what the caller has given. It catches them all: what is thrown through it frees nothing.
  const thrown = () => {
    throw new Error("of the caller");
  };
  const throwing = (more) => new Hub({ ...options, retry: false, ...more });
  const [byFetch, byToken, byHook] = [throwing({ fetch: thrown }), throwing({ token: thrown }), throwing({ fetch: thrown, onResponse: thrown, onRetry: thrown })];
  const exceptions = [
    () => byFetch.modelInfo({ repo: "acme/m" }),
    () => byToken.modelInfo({ repo: "acme/m" }),
    () => byHook.modelInfo({ repo: "acme/m" }),
    () => router.chatCompletion({ model: "m", messages: [1n] }),
  ];
  return [
    { name: "10,000 calls", count: 10_000, run: (at) => calls[at % calls.length]() },
    { name: "10,000 abandoned iterators", count: 10_000, run: (at) => abandon(hub, router, at) },
    { name: "1,000 aborted streams", count: 1000, run: (at) => abort(real, at) },
    { name: "5,000 exceptions", count: 5000, run: (at) => fails(exceptions[at % exceptions.length]()) },
  ];
}

/**
 * Runs part of a load, more of it at once, to let the memory grow to what it ever needs; then all of it. Gives the
 * sizes before and after, and how many bytes more are in use than before.
 */
export async function measure({ count, run }) {
  await many(count / 5, run, 2 * AT_ONCE);
  const used = held();
  const before = sizes();
  await many(count, run, AT_ONCE);
  return { count, before, after: sizes(), more: held() - used };
}

/** Bytes by which the memory of a WebAssembly grows at least. */
const PAGE = 65_536;

/**
 * What of a measurement says that something was kept. How many slots were ever in use at once depends a little on what
 * happens to come at the same time; a slot that is lost in one of thirty cases shows, and of thousands in one of a hundred.
 * So does a page of memory; what is in use by the end is held to less than that.
 */
export function kept({ count, before, after, more }) {
  const problems = before.flatMap(({ bytes, slots }, at) => {
    const [grown, taken] = [after[at].bytes - bytes, after[at].slots - slots];
    return [...(grown > PAGE ? [`${grown} bytes of memory more`] : []), ...(taken > Math.max(count / 100, AT_ONCE) ? [`${taken} slots more`] : [])];
  });
  return more < 20_000 ? problems : [...problems, `${more} bytes more in use`];
}

async function many(count, run, atOnce) {
  let next = 0;
  const worker = async () => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Left by `break`, by `return`, with a request under way, or just forgotten. */
async function abandon(hub, router, at) {
  const list = hub.listModels({ search: "m" });
  if (at % 5 === 0) for await (const _ of list) break;
  else if (at % 5 === 1) await list.pages().next();
  else if (at % 5 === 2) for await (const _ of router.chatCompletionStream(chat)) break;
  else if (at % 5 === 3) {
    const pages = list.pages();
    const asked = pages.next();
    await pages.return();
    await asked.catch(() => {});
  } else {
    const stream = router.chatCompletionStream(chat);
    await stream.next();
    await stream.return();
  }
}

/** Aborted by signal before, while opening or in the middle, or cancelled. */
async function abort(router, at) {
  const signal = at % 4 === 0 ? AbortSignal.abort() : at % 4 === 1 ? aborts(at % 10) : undefined;
  const stop = new AbortController();
  const stream = router.chatCompletionStream(chat, { signal: signal ?? stop.signal });
  try {
    await stream.next();
    await stream.next();
    if (at % 4 === 2) stop.abort();
    else if (at % 4 === 3) stream.cancel();
    for await (const _ of stream) if (at % 4 > 1) throw new Error("a stopped stream gave a chunk");
  } catch (error) {
    if (error?.name !== "AbortError") throw error;
  }
}

function aborts(ms) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}
