// What a case works with: the package, clients of the emulator, and the emulator's control routes.

import { ok } from "./assert.mjs";

/** A browser's page or worker, and not what only looks like a page (jsdom). */
export const inBrowser = /^Mozilla\/(?!.*jsdom)/.test(globalThis.navigator?.userAgent ?? "");

/** `seen` collects the endpoints that answered a call with success, as `hub.name` or `router.name`. */
export function contextOf(lib, { endpoint, routerEndpoint, tokens, seen = new Set() }) {
  const watched = (host, options) => ({
    ...options,
    onResponse(info) {
      if (info.status >= 200 && info.status < 300) seen.add(`${host}.${info.endpoint}`);
      options.onResponse?.(info);
    },
  });
  const control = (path, body) => controlled(`${endpoint}/_emulator/${path}`, body);
  return {
    ...lib,
    endpoint,
    routerEndpoint,
    tokens,
    /** A client of the Hub; it sends each request once unless told otherwise. */
    hub: (options = {}) => new lib.Hub(watched("hub", { endpoint, token: tokens.write, retry: false, ...options })),
    router: (options = {}) =>
      new lib.InferenceRouter(
        watched("router", { endpoint: routerEndpoint, token: tokens.write, retry: false, ...options }),
      ),
    /** Runs `task` while the emulator spoils matching requests. */
    async withFault(rule, task) {
      await control("faults", rule);
      try {
        return await task();
      } finally {
        await controlled(`${endpoint}/_emulator/faults`, undefined, "DELETE");
      }
    },
    /** The requests that the emulator received while `task` ran. */
    async received(task) {
      const before = await control("log");
      const since = before.at(-1)?.id ?? 0;
      await task();
      return await control(`log?since=${since}`);
    },
    control,
    /** A repository name that no other case uses. */
    fresh: (prefix = "suite") => `alice/${prefix}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`,
  };
}

async function controlled(url, body, method = body === undefined ? "GET" : "POST") {
  // In a server component, React answers from memory unless the request could be aborted.
  const { signal } = new AbortController();
  const headers = { "x-emulator-control": "1", ...(body !== undefined && { "content-type": "application/json" }) };
  const response = await fetch(url, { method, signal, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  ok(response.ok, `${method} ${url}: ${response.status}`);
  const text = await response.text();
  return text ? JSON.parse(text) : undefined;
}

/**
 * Runs what depends on time with a unit of it, and where that fails, with longer ones: on a busy machine, a pause may be
 * many times as long as was asked for.
 */
export async function patiently(run) {
  for (const unit of [1, 4]) {
    try {
      return await run(unit);
    } catch {
      // It is run again.
    }
  }
  return await run(16);
}

/** Everything that an async iterable gives. */
export async function collect(iterable, limit = Infinity) {
  const items = [];
  for await (const item of iterable) {
    items.push(item);
    if (items.length >= limit) break;
  }
  return items;
}

/** Bytes that look random and are the same every time. */
export function bytes(length, seed = 1) {
  const out = new Uint8Array(length);
  // In a context of `node:vm`, as jest and edge-runtime have it, each look at a global costs as much as a call.
  const { imul } = Math;
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (imul(state, 1664525) + 1013904223) >>> 0;
    out[at] = state >>> 24;
  }
  return out;
}
