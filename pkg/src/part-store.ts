/** Parts of large files that have arrived, kept where the caller says, so that another process can send the rest. */
import type { Send } from "./commit-run.js";

/**
 * Where the parts that have arrived are kept: a `Map`, or anything that keeps strings. What it holds gives the right to
 * upload the files in it for as long as the Hub has granted it, so others should not see it.
 */
export interface PartStore {
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  set(key: string, value: string): unknown;
  delete(key: string): unknown;
}

/** Milliseconds for which URLs hold where the Hub does not say. */
const HOLDS = 3_600_000;
/** Milliseconds that must be left of that. */
const ENOUGH = 60_000;
/** After these a URL, or its upload, cannot be used any more. */
const REFUSED = [400, 401, 403, 404, 410];
/** What may stand in a header. */
const ETAG = /^[\x20-\x7e]{1,200}$/;

interface Action {
  href: string;
  header?: Record<string, string | number>;
  expires_in?: number;
}
interface Batch {
  objects?: { oid?: string; actions?: { upload?: Action } }[];
}
interface Part {
  oid: string;
  key: string;
  /** URL that makes one file of the parts: it names the upload. */
  upload: string;
  etag: string | undefined;
}

/** @internal Sends what has not arrived yet. A store that fails, or holds nonsense, is as good as an empty one. */
export function resumed(store: PartStore, send: Send): Send {
  const parts = new Map<string, Part>();
  /** Files whose uploads the store has named in vain. */
  const dropped = new Set<string>();
  const kept = new Kept(store);

  const batch: Send = async (request, body, under) => {
    const reply = await send(request, body, under);
    for (const { oid, actions } of (reply.value as Batch | undefined)?.objects ?? []) {
      const fresh = actions?.upload;
      if (typeof oid !== "string" || !actions || !fresh?.header?.["chunk_size"]) continue;
      const known = dropped.has(oid) ? undefined : await kept.upload(oid, fresh);
      if (known) actions.upload = known;
      else await kept.begin(oid, fresh);
      const { href, header = {} } = known ?? fresh;
      for (const [number, url] of partsOf(header)) {
        const key = keyOf(oid, number);
        parts.set(url, { oid, key, upload: href, etag: known && (await kept.etag(key, href)) });
      }
    }
    return reply;
  };

  const upload: Send = async (request, body, under) => {
    const part = parts.get(request.url);
    if (!part) return send(request, body, under);
    if (part.etag) return { headers: `etag: ${part.etag}`, value: "" };
    const reply = await send(request, body, under);
    const etag = /^etag: *(.*)$/im.exec(reply.headers ?? "")?.[1];
    if (etag) await kept.put(part.key, JSON.stringify([part.upload, etag]));
    if (REFUSED.includes(reply.status ?? 0)) dropped.add(part.oid);
    return reply;
  };

  const complete: Send = async (request, body, under) => {
    const reply = await send(request, body, under);
    const { oid } = JSON.parse(String(body)) as { oid: string };
    if (reply.error && !REFUSED.includes(reply.status ?? 0)) return reply;
    dropped.add(oid);
    const keys = [...parts.values()].filter((part) => part.oid === oid).map(({ key }) => key);
    await Promise.all([keyOf(oid), ...keys].map((key) => kept.remove(key)));
    return reply;
  };

  const calls: Record<string, Send> = { lfsBatch: batch, upload, complete };
  return (request, body, under) => (calls[request.call] ?? send)(request, body, under);
}

class Kept {
  readonly #store: PartStore;

  constructor(store: PartStore) {
    this.#store = store;
  }

  /** The upload of a file that was begun, if it goes where the Hub leads now, in the same parts, and holds for a while. */
  async upload(oid: string, fresh: Action): Promise<Action | undefined> {
    try {
      const { href, header, expires } = JSON.parse((await this.#store.get(keyOf(oid))) ?? "") as { href: string; header: Record<string, string>; expires: number };
      const known = partsOf(header);
      const wanted = partsOf(fresh.header ?? {});
      const isSame = known.length === wanted.length && wanted.every(([number, url], at) => known[at]?.[0] === number && isSamePlace(known[at][1], url));
      const isGood = isSame && isSamePlace(href, fresh.href) && header["chunk_size"] === String(fresh.header?.["chunk_size"]);
      if (!isGood || !(expires > Date.now() + ENOUGH)) return undefined;
      return { ...fresh, href, header: { ...fresh.header, ...Object.fromEntries(known) } };
    } catch {
      return undefined;
    }
  }

  async begin(oid: string, { href, header = {}, expires_in }: Action): Promise<void> {
    const expires = Date.now() + (typeof expires_in === "number" ? expires_in * 1000 : HOLDS);
    const parts = Object.fromEntries(partsOf(header));
    await this.put(keyOf(oid), JSON.stringify({ href, header: { ...parts, chunk_size: String(header["chunk_size"]) }, expires }));
  }

  /** What names a part that has arrived in this upload. */
  async etag(key: string, upload: string): Promise<string | undefined> {
    try {
      const [of, etag] = JSON.parse((await this.#store.get(key)) ?? "") as [string, string];
      return of === upload && ETAG.test(etag) ? etag : undefined;
    } catch {
      return undefined;
    }
  }

  async put(key: string, value: string): Promise<void> {
    try {
      await this.#store.set(key, value);
    } catch {
      // The part is sent again.
    }
  }

  async remove(key: string): Promise<void> {
    try {
      await this.#store.delete(key);
    } catch {
      // It expires.
    }
  }
}

/** Numbers and URLs of the parts. */
function partsOf(header: Record<string, string | number>): [number: string, url: string][] {
  return Object.entries(header).filter((entry): entry is [string, string] => /^\d+$/.test(entry[0]) && typeof entry[1] === "string");
}

/** Whether two URLs differ in nothing but their signatures. */
function isSamePlace(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)];
  return a.origin === b.origin && a.pathname === b.pathname && !a.username && !a.password;
}

function keyOf(oid: string, number?: string): string {
  return `hf-wasm-parts-${oid}${number === undefined ? "" : `-${Number(number)}`}`;
}
