/**
 * One rate limit shared by many isolates: their clients spend the quota of their token together, by what they write down
 * in a store. No WebAssembly, and next to nothing of the rest of the package.
 *
 * @module hf-wasm/limits
 */
import { pause } from "../abort.js";
import type { RequestInit, Response as AnyResponse } from "../types/platform.js";

/** A store that all isolates reach: Redis, a Durable Object, or what `unstorage` puts before them. What is written must be seen by the next read. */
export interface LimitStore {
  get(key: string): unknown | Promise<unknown>;
  /** `ttl`: milliseconds after which the value may be forgotten. */
  set(key: string, value: string, options: { ttl: number }): unknown | Promise<unknown>;
  /** Adds to a number, 0 at first, and gives the sum, in one step. With it, less is asked of the store. */
  increment?(key: string, by: number, options: { ttl: number }): number | Promise<number>;
}

export interface SharedLimitsOptions {
  store: LimitStore;
  /** URL of the API whose limits are shared. Default: `https://huggingface.co`. */
  endpoint?: string | undefined;
  /** What the quota belongs to, where a token changes while its owner does not. Default: the token. */
  key?: string | undefined;
  /** Part of a window's requests that is left to others who use the token. Default: 0.03. */
  margin?: number | undefined;
  /** Milliseconds that a value takes at most from one isolate to the others. Default: 500. */
  settle?: number | undefined;
  /** What sends. Default: the global `fetch`. */
  fetch?: ((url: string, init: RequestInit) => Promise<AnyResponse>) | undefined;
}

type Fetch = (url: string, init: RequestInit) => Promise<AnyResponse>;

/** A window of a limit, as all see it: when it ends, how many requests it had for all of them, and how many a block has. */
interface Window {
  ends: number;
  room: number;
  size: number;
}

/** The blocks of one window that this isolate has. */
interface Lease {
  window: Window;
  left: number;
  /** Blocks that may be free still. */
  free: number[];
  taking: Promise<void> | undefined;
}

/** Milliseconds before its end in which a window is not used: what is sent then may be counted in the next. */
const GUARD = 1500;
/** Milliseconds after which it is over for sure. */
const SLACK = 1000;
/** Milliseconds that somebody may take to begin a window. */
const PATIENCE = 15_000;
const BLOCKS = 20;
/** With a store that is always slower than `settle`, nobody would ever begin a window. */
const MAX_LATE = 3;

type Signal = AbortSignal | null | undefined;

/**
 * A `fetch` for the option of that name. It lets a request pass where the isolate has a part of the window's quota left,
 * takes another part where it has not, and responds 429 by itself, with the time at which the window ends, where all is
 * taken. A client then waits or fails as after any 429.
 *
 * The first request of a window goes alone, and its response states the quota. Blocks of what is left are taken by writing
 * one's name into a free one and finding it there after `settle`; who took longer to write does not trust it.
 */
export function sharedLimits({ store, key: owner, endpoint = "https://huggingface.co", margin = 0.03, settle = 500, fetch }: SharedLimitsOptions): Fetch {
  if (typeof store?.get !== "function" || typeof store.set !== "function") throw new TypeError("store must have get and set");
  const me = globalThis.crypto.randomUUID();
  const send: Fetch = fetch ?? ((url, init) => globalThis.fetch(url, init as globalThis.RequestInit) as Promise<AnyResponse>);
  const home = `${endpoint.replace(/\/+$/, "")}/`;
  const leases = new Map<string, Lease>();
  /** Claims in a row that the store was too slow for, and the names that were written too late. */
  let late = 0;
  const lost = new Set<string>();
  const missed = (key: string, ms: number) => {
    lost.add(key);
    if (++late >= MAX_LATE) throw new TypeError(`sharedLimits: the store took ${Math.ceil(ms)} ms to read and write a value, longer than settle (${settle} ms)`);
    return false;
  };

  /** Writes one's name where nobody's is. */
  const claim = async (key: string, ttl: number, signal: Signal): Promise<boolean> => {
    const begun = performance.now();
    const holder = await store.get(key);
    if (holder) return holder === me && lost.has(key) ? missed(key, performance.now() - begun) : false;
    await store.set(key, me, { ttl });
    // Who has read after this was written stays away; who has read before must have written by now, or knows that it was late.
    const ms = performance.now() - begun;
    if (ms >= settle) return missed(key, ms);
    late = 0;
    lost.delete(key);
    await pause(settle, signal);
    return (await store.get(key)) === me;
  };

  const readWindow = async (key: string): Promise<Window | undefined> => {
    const text = await store.get(key);
    const window = typeof text === "string" ? (JSON.parse(text) as Window) : (text as Window | null | undefined);
    return window && window.ends + SLACK > Date.now() ? window : undefined;
  };

  /** Takes a part of the window that is left. */
  const take = async (key: string, lease: Lease, signal: Signal): Promise<void> => {
    const { window, free } = lease;
    const { ends, room, size } = window;
    const ttl = ends - Date.now();
    if (store.increment) {
      const taken = (await store.increment(`${key}:${ends}`, size, { ttl })) - size;
      lease.left = Math.max(0, Math.min(size, room - taken));
      if (lease.left === 0) free.length = 0;
      return;
    }
    while (free.length > 0 && lease.left === 0) {
      const [block = 0] = free.splice(Math.floor(Math.random() * free.length), 1);
      if (await claim(`${key}:${ends}:${block}`, ttl, signal)) lease.left = Math.min(size, room - block * size);
    }
  };

  /** Stores the window that the first response reports. Where it names no limit, there is none to share. */
  const note = async (key: string, response: AnyResponse): Promise<void> => {
    const [remaining, seconds] = [rateLimitField(response, "r"), rateLimitField(response, "t")];
    if (!Number.isFinite(remaining) || !Number.isFinite(seconds)) return;
    const room = Math.max(0, remaining - Math.ceil((remaining + 1) * margin));
    const window = { ends: Date.now() + seconds * 1000, room, size: Math.max(1, Math.floor(room / BLOCKS)) };
    if (!(await readWindow(key))) await store.set(key, JSON.stringify(window), { ttl: seconds * 1000 + SLACK });
  };

  /** Sends the first request of a window, if nobody else does. */
  const first = async (key: string, request: () => Promise<AnyResponse>, signal: Signal): Promise<AnyResponse | undefined> => {
    if (!(await claim(`${key}:first`, PATIENCE, signal))) {
      await pause(settle, signal);
      return undefined;
    }
    try {
      // Somebody may have begun it since it was looked for.
      if (await readWindow(key)) return undefined;
      const response = await request();
      await note(key, response);
      return response;
    } finally {
      await store.set(`${key}:first`, "", { ttl: settle });
    }
  };

  return async (url, init) => {
    if (!url.startsWith(home)) return await send(url, init);
    const path = url.slice(home.length - 1);
    const bucket = path.includes("/resolve/") ? "resolvers" : path.startsWith("/api/") ? "api" : "pages";
    const whose = owner ?? new Headers(init.headers as globalThis.HeadersInit).get("authorization") ?? "";
    const key = `hf-wasm:limit:${bucket}:${await fingerprint(`${home} ${whose}`)}`;
    const signal = init.signal as Signal;
    for (;;) {
      signal?.throwIfAborted();
      let lease = leases.get(key);
      if (!lease || lease.window.ends - GUARD <= Date.now()) {
        const window = await readWindow(key);
        if (!window) {
          const response = await first(key, () => send(url, init), signal);
          if (response) return response;
          continue;
        }
        if (window.ends - GUARD <= Date.now()) {
          await pause(window.ends + SLACK - Date.now(), signal);
          continue;
        }
        const known = leases.get(key);
        const free = Array.from({ length: Math.ceil(window.room / window.size) }, (_, at) => at);
        lease = known?.window.ends === window.ends ? known : { window, left: 0, free, taking: undefined };
        leases.set(key, lease);
      }
      if (lease.left > 0) {
        lease.left--;
        const response = await send(url, init);
        // Less than is thought to be left, where somebody else uses the token, too.
        const remaining = rateLimitField(response, "r");
        if (remaining < lease.left) lease.left = remaining;
        if (remaining === 0) lease.free.length = 0;
        return response;
      }
      if (lease.free.length === 0 && !lease.taking) return exhausted(bucket, lease.window.ends);
      const current = lease;
      current.taking ??= take(key, current, signal).finally(() => {
        current.taking = undefined;
      });
      await current.taking;
    }
  };
}

/** A number of the `RateLimit` header: requests left, or seconds until the window ends. */
function rateLimitField(response: AnyResponse, name: "r" | "t"): number {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(\\d+)`).exec(response.headers.get("ratelimit") ?? "");
  return Number(found?.[1] ?? Number.NaN);
}

function exhausted(bucket: string, ends: number): AnyResponse {
  const seconds = Math.max(1, Math.ceil((ends - Date.now()) / 1000));
  const headers = { "content-type": "application/json", "retry-after": `${seconds}`, ratelimit: `"${bucket}";r=0;t=${seconds}` };
  return new Response(JSON.stringify({ error: `The ${bucket} requests that this token's isolates share are used up` }), { status: 429, headers }) as unknown as AnyResponse;
}

async function fingerprint(text: string): Promise<string> {
  const hash = await globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash, 0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
