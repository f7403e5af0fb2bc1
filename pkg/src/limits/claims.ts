import { pause } from "../abort.js";
import type { LimitStore } from "./store.js";

/** With a store that is always slower than `settle`, no claim would ever succeed. */
const MAX_LATE = 3;

/**
 * Claims keys of a store for one isolate: it writes its name into a free one, and has it if the name still stands there
 * after `settle` milliseconds. An isolate that took longer to write does not trust what it finds.
 */
export class Claims {
  readonly #store: LimitStore;
  readonly #settle: number;
  readonly #me = globalThis.crypto.randomUUID();
  /** Keys into which the name was written too late. */
  readonly #lost = new Set<string>();
  /** Claims in a row for which the store was too slow. */
  #late = 0;

  constructor(store: LimitStore, settle: number) {
    this.#store = store;
    this.#settle = settle;
  }

  async claim(key: string, ttl: number): Promise<boolean> {
    const begun = performance.now();
    const holder = await this.#store.get(key);
    if (holder) return holder === this.#me && this.#lost.has(key) ? this.#missed(key, performance.now() - begun) : false;
    await this.#store.set(key, this.#me, { ttl });
    // Who has read after this was written stays away; who has read before must have written by now, or knows that it was late.
    const ms = performance.now() - begun;
    if (ms >= this.#settle) return this.#missed(key, ms);
    this.#late = 0;
    this.#lost.delete(key);
    await pause(this.#settle, undefined);
    return (await this.#store.get(key)) === this.#me;
  }

  #missed(key: string, ms: number): false {
    this.#lost.add(key);
    this.#late++;
    if (this.#late < MAX_LATE) return false;
    throw new TypeError(`sharedLimits: the store took ${Math.ceil(ms)} ms to read and write a value, longer than settle (${this.#settle} ms)`);
  }
}
