/**
 * Which deliveries came before. A delivery has no id of its own, and the Hub sends the same body again when it is not sure
 * that it arrived. But the same body may also be news: a discussion that is closed, opened, and closed again has the same
 * twice. So what happens once (create, delete) is known by its body, and of what may happen again, only the last state of
 * each subject is kept: a delivery is a duplicate if it says of its subject what the one before it said.
 */
import type { WebhookEvent } from "./event.js";

type Awaitable<T> = T | Promise<T>;

/** Keeps short strings for a time. What it has lost is processed again. */
export interface WebhookStore {
  get(key: string): Awaitable<string | null | undefined>;
  /** `ttl`: milliseconds for which the value is kept. */
  set(key: string, value: string, ttl: number): Awaitable<unknown>;
}

/** A day: the Hub sends a failed delivery again with growing waits. */
const TTL = 24 * 60 * 60 * 1000;
/** Keys of a store in memory. */
const MOST = 10_000;

/** A store in the memory of this process: the oldest of many keys is dropped. */
export function memoryStore(): WebhookStore {
  const kept = new Map<string, { value: string; end: number }>();
  return {
    get(key) {
      const found = kept.get(key);
      return found && found.end > Date.now() ? found.value : undefined;
    },
    set(key, value, ttl) {
      kept.delete(key);
      kept.set(key, { value, end: Date.now() + ttl });
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST) break;
        kept.delete(oldest);
      }
    },
  };
}

/** @internal Remembers deliveries in a store; those of one subject one after the other. */
export class Seen {
  readonly #store: WebhookStore;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(store: WebhookStore) {
    this.#store = store;
  }

  /** Whether the delivery is new. From now on it is not. */
  async isNew(event: WebhookEvent, digest: string): Promise<boolean> {
    const key = keyOf(event, digest);
    return await this.#inTurn(key, async () => {
      if ((await this.#store.get(key)) === digest) return false;
      await this.#store.set(key, digest, TTL);
      return true;
    });
  }

  /** Lets a delivery be new again: its work failed. */
  async forget(event: WebhookEvent, digest: string): Promise<void> {
    const key = keyOf(event, digest);
    await this.#inTurn(key, async () => {
      if ((await this.#store.get(key)) === digest) await this.#store.set(key, "", TTL);
    });
  }

  async #inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(key) ?? Promise.resolve();
    const own = before.then(work, work);
    this.#turns.set(key, own);
    try {
      return await own;
    } finally {
      if (this.#turns.get(key) === own) this.#turns.delete(key);
    }
  }
}

function keyOf(event: WebhookEvent, digest: string): string {
  const { scope, action, webhook, repo } = event;
  if (action === "create" || action === "delete") return `webhook:${webhook.id}:${digest}`;
  const { discussion, comment, updatedRefs } = event as { discussion?: { id?: string }; comment?: { id?: string }; updatedRefs?: { ref?: string }[] };
  const refs = updatedRefs?.map(({ ref }) => ref).join(",");
  return `webhook:${[webhook.id, scope, repo.id, discussion?.id, comment?.id, refs].map((part) => part ?? "").join(":")}`;
}
