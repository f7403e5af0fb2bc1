import { pause, unlessAborted } from "../abort.js";
import { hex } from "../hex.js";
import type { RequestInit, Response as AnyResponse } from "../types/platform.js";
import { Claims } from "./claims.js";
import type { LimitStore } from "./store.js";

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

type Signal = AbortSignal | null | undefined;
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
/** Milliseconds after which a server that named no limit is looked at again. */
const UNLIMITED = 60_000;
const BLOCKS = 20;

/**
 * A `fetch` for the option of that name. It lets a request pass where the isolate has a part of the window's quota left,
 * takes another part where it has not, and responds 429 by itself, with the time at which the window ends, where all is
 * taken. A client then waits or fails as after any 429.
 *
 * The first request of a window goes alone, and its response states the quota. Blocks of what is left are taken by
 * claiming them in the store, or by its `increment`.
 */
export function sharedLimits({ store, key: owner, endpoint = "https://huggingface.co", margin = 0.03, settle = 500, fetch }: SharedLimitsOptions): Fetch {
  if (typeof store?.get !== "function" || typeof store.set !== "function") throw new TypeError("store must have get and set");
  const send: Fetch = fetch ?? ((url, init) => globalThis.fetch(url, init as globalThis.RequestInit) as Promise<AnyResponse>);
  const home = `${endpoint.replace(/\/+$/, "")}/`;
  const limits = new SharedLimits(store, margin, settle);
  return async (url, init) => {
    if (!url.startsWith(home)) return await send(url, init);
    const bucket = bucketOf(url.slice(home.length - 1));
    const whose = owner ?? new Headers(init.headers as globalThis.HeadersInit).get("authorization") ?? "";
    const key = `hf-wasm:limit:${bucket}:${await fingerprint(`${home} ${whose}`)}`;
    return await limits.send(key, bucket, () => send(url, init), init.signal as Signal);
  };
}

class SharedLimits {
  readonly #leases = new Map<string, Lease>();
  /** The call of this isolate that begins a window, which its others wait for. */
  readonly #beginning = new Map<string, Promise<unknown>>();
  readonly #store: LimitStore;
  readonly #margin: number;
  readonly #settle: number;
  readonly #claims: Claims;

  constructor(store: LimitStore, margin: number, settle: number) {
    this.#store = store;
    this.#margin = margin;
    this.#settle = settle;
    this.#claims = new Claims(store, settle);
  }

  /** Sends a request as soon as this isolate has a part of the window's quota. */
  async send(key: string, bucket: string, request: () => Promise<AnyResponse>, signal: Signal): Promise<AnyResponse> {
    for (;;) {
      signal?.throwIfAborted();
      const lease = await this.#lease(key, signal);
      const beginning = this.#beginning.get(key);
      if (!lease && beginning) {
        await unlessAborted(signal, () => beginning.catch(() => {}));
      } else if (!lease) {
        const begun = this.#beginWindow(key, bucket, request, signal).finally(() => this.#beginning.delete(key));
        this.#beginning.set(key, begun);
        const response = await begun;
        if (response) return response;
      } else if (lease.left > 0) {
        return await spend(lease, bucket, request);
      } else if (lease.free.length === 0 && !lease.taking) {
        return exhausted(bucket, lease.window.ends);
      } else {
        // All calls that wait for it share it, so it goes on where one of them is aborted.
        const take = () => (lease.taking ??= this.#take(key, lease).finally(() => (lease.taking = undefined)));
        await unlessAborted(signal, take);
      }
    }
  }

  /** What this isolate has of the present window, or `undefined` where nobody has begun one. */
  async #lease(key: string, signal: Signal): Promise<Lease | undefined> {
    for (;;) {
      const lease = this.#leases.get(key);
      if (lease && lease.window.ends - GUARD > Date.now()) return lease;
      const window = await this.#readWindow(key);
      if (!window) return undefined;
      if (window.ends - GUARD > Date.now()) return this.#join(key, window);
      await pause(window.ends + SLACK - Date.now(), signal);
    }
  }

  /** Another call of this isolate may have joined the window meanwhile. */
  #join(key: string, window: Window): Lease {
    const known = this.#leases.get(key);
    if (known?.window.ends === window.ends) return known;
    const free = Array.from({ length: Math.ceil(window.room / window.size) }, (_, at) => at);
    const lease = { window, left: 0, free, taking: undefined };
    this.#leases.set(key, lease);
    return lease;
  }

  /** Sends the first request of a window, if nobody else does. */
  async #beginWindow(key: string, bucket: string, request: () => Promise<AnyResponse>, signal: Signal): Promise<AnyResponse | undefined> {
    const release = () => this.#store.set(`${key}:first`, "", { ttl: this.#settle });
    const claim = async () => {
      const isClaimed = await this.#claims.claim(`${key}:first`, PATIENCE);
      // Nobody is left to send it.
      if (isClaimed && signal?.aborted) await release();
      return isClaimed;
    };
    if (!(await unlessAborted(signal, claim))) {
      await pause(this.#settle, signal);
      return undefined;
    }
    try {
      // Somebody may have begun it since it was looked for.
      if (await this.#readWindow(key)) return undefined;
      const response = await request();
      await this.#storeWindow(key, bucket, response);
      return response;
    } finally {
      await release();
    }
  }

  /** Stores the window that the first response reports. Where it names no limit, there is none to share for a while. */
  async #storeWindow(key: string, bucket: string, response: AnyResponse): Promise<void> {
    const [remaining, seconds] = [rateLimitField(response, bucket, "r"), rateLimitField(response, bucket, "t")];
    if (!Number.isFinite(remaining) || !Number.isFinite(seconds)) {
      const window = { ends: Date.now() + UNLIMITED, room: Number.POSITIVE_INFINITY, size: Number.POSITIVE_INFINITY };
      if (response.status < 400 && !response.headers.get("ratelimit")) this.#leases.set(key, { window, left: window.room, free: [], taking: undefined });
      return;
    }
    const room = Math.max(0, remaining - Math.ceil((remaining + 1) * this.#margin));
    const window = { ends: Date.now() + seconds * 1000, room, size: Math.max(1, Math.floor(room / BLOCKS)) };
    if (!(await this.#readWindow(key))) await this.#store.set(key, JSON.stringify(window), { ttl: seconds * 1000 + SLACK });
  }

  async #readWindow(key: string): Promise<Window | undefined> {
    const text = await this.#store.get(key);
    const window = typeof text === "string" ? (JSON.parse(text) as Window) : (text as Window | null | undefined);
    return window && window.ends + SLACK > Date.now() ? window : undefined;
  }

  /** Takes a part of the window that is left. */
  async #take(key: string, lease: Lease): Promise<void> {
    const { window, free } = lease;
    const { ends, room, size } = window;
    const ttl = ends - Date.now();
    if (this.#store.increment) {
      const taken = (await this.#store.increment(`${key}:${ends}`, size, { ttl })) - size;
      lease.left = Math.max(0, Math.min(size, room - taken));
      if (lease.left === 0) free.length = 0;
      return;
    }
    while (free.length > 0 && lease.left === 0) {
      const [block = 0] = free.splice(Math.floor(Math.random() * free.length), 1);
      if (await this.#claims.claim(`${key}:${ends}:${block}`, ttl)) lease.left = Math.min(size, room - block * size);
    }
  }
}

/** Sends a request of this isolate's part. */
async function spend(lease: Lease, bucket: string, request: () => Promise<AnyResponse>): Promise<AnyResponse> {
  lease.left--;
  const response = await request();
  // Less than is thought to be left, where somebody else uses the token, too.
  const remaining = rateLimitField(response, bucket, "r");
  if (remaining < lease.left) lease.left = remaining;
  if (remaining === 0) lease.free.length = 0;
  return response;
}

/** The Hub counts requests of pages, of the API, and of file contents apart. */
function bucketOf(url: string): string {
  const path = url.replace(/[?#].*/s, "");
  if (path.startsWith("/api/resolve-cache/")) return "resolvers";
  if (path.startsWith("/api/")) return "api";
  if (path.includes("/resolve/")) return "resolvers";
  return path.includes("/info/lfs/") ? "api" : "pages";
}

/** A number of the `RateLimit` header: requests left, or seconds until the window ends. What it says of another bucket is not meant. */
function rateLimitField(response: AnyResponse, bucket: string, name: "r" | "t"): number {
  const limits = (response.headers.get("ratelimit") ?? "").split(",");
  const own = limits.find((limit) => (/"(.*)"/.exec(limit)?.[1] ?? bucket) === bucket);
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(\\d+)`).exec(own ?? "");
  return Number(found?.[1] ?? Number.NaN);
}

function exhausted(bucket: string, ends: number): AnyResponse {
  const seconds = Math.max(1, Math.ceil((ends - Date.now()) / 1000));
  const headers = { "content-type": "application/json", "retry-after": `${seconds}`, ratelimit: `"${bucket}";r=0;t=${seconds}` };
  return new Response(JSON.stringify({ error: `The ${bucket} requests that this token's isolates share are used up` }), { status: 429, headers }) as unknown as AnyResponse;
}

async function fingerprint(text: string): Promise<string> {
  const hash = await globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return hex(new Uint8Array(hash, 0, 12));
}
