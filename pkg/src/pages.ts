/** A list that comes page by page. */
import { ProtocolError } from "./errors.js";

/** One page. */
export interface Page<T> {
  items: T[];
  /** Asks for the next page; null on the last one. */
  next: (() => Promise<Page<T>>) | null;
  /** How many items there are in all, where the API tells. */
  total: number | undefined;
  /** The reply as it came. */
  body: unknown;
}

/** `problem`: why there is no way to the next page, though there should be. */
type Fetched<T> = Omit<Page<T>, "next"> & { next: string | undefined; problem: string | undefined };
type FetchPage = (url: string | undefined, signal: AbortSignal | undefined) => Promise<unknown>;

/**
 * A list: iterate over its items, over its {@link pages}, or await its first page. Nothing is sent before. Leaving a
 * loop early cancels the request that is under way.
 */
export class Pages<T> implements AsyncIterable<T>, PromiseLike<Page<T>> {
  readonly #name: string;
  readonly #fetch: FetchPage;
  readonly #signal: AbortSignal | undefined;

  /** @internal */
  constructor(name: string, fetch: FetchPage, signal: AbortSignal | undefined) {
    this.#name = name;
    this.#fetch = fetch;
    this.#signal = signal;
  }

  /** The first page. */
  // biome-ignore lint/suspicious/noThenProperty: a list is awaitable by design.
  then<A = Page<T>, B = never>(
    done?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#page(undefined, this.#signal).then(done, failed);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }

  /** The pages. */
  pages(): AsyncIterableIterator<Page<T>> {
    const stop = new AbortController();
    const signal = this.#signal ? either(this.#signal, stop) : stop.signal;
    let next: (() => Promise<Page<T>>) | null = () => this.#page(undefined, signal);
    // One request at a time: a second `next()` waits for the first.
    let queue: Promise<unknown> = Promise.resolve();
    const step = async (): Promise<IteratorResult<Page<T>>> => {
      if (!next) return { done: true, value: undefined };
      try {
        const page = await next();
        next = page.next;
        return { done: false, value: page };
      } catch (error) {
        next = null;
        throw error;
      }
    };
    return {
      next: () => {
        const result = queue.then(step);
        queue = result.catch(() => {});
        return result;
      },
      return: async () => {
        next = null;
        stop.abort();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** `seen`: how deep in the list each address was named first. */
  async #page(url: string | undefined, signal: AbortSignal | undefined, seen = new Map<string, number>(), depth = 0): Promise<Page<T>> {
    const { problem, next, ...page } = (await this.#fetch(url, signal)) as Fetched<T>;
    if (next && !seen.has(next)) seen.set(next, depth);
    const follow = async () => {
      if (next && seen.get(next) === depth) return this.#page(next, signal, seen, depth + 1);
      const message = problem ?? "the Link header leads in a circle";
      throw new ProtocolError({ kind: "protocol", message, endpoint: this.#name });
    };
    return { ...page, next: next || problem ? follow : null };
  }
}

/** Aborts `own` with `outer`'s reason, and gives `own`'s signal. */
export function either(outer: AbortSignal, own: AbortController): AbortSignal {
  if (outer.aborted) own.abort(outer.reason);
  else outer.addEventListener("abort", () => own.abort(outer.reason), { once: true, signal: own.signal });
  return own.signal;
}
