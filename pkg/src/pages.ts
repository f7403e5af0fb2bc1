/** A list that comes page by page. */
import { calledFrom } from "./caller.js";
import { HfError } from "./errors.js";
import { protocolError } from "./protocol-error.js";
import type { AbortSignal } from "./types/platform.js";

/** One page. */
export interface Page<T> {
  items: T[];
  /** Asks for the next page; null on the last one. */
  next: (() => Promise<Page<T>>) | null;
  /** How many items there are in all, where the API says. */
  total: number | undefined;
  /** The reply as it came. */
  body: unknown;
}

/** `seen`: how deep in the list each URL was named first. `problem`: the error if there is no way to the next page, though there should be. */
type Fetched<T> = Omit<Page<T>, "next"> & { next: string | undefined; problem: unknown };
export type FetchPage = (url: string | undefined, signal: AbortSignal | undefined) => Promise<unknown>;
/** A way to a page: its URL, or why there is none. None at all leads to the first page. */
type Way = { url?: string | undefined; problem?: unknown; left: number; depth: number; seen: Map<string, number> };

/**
 * A list: iterate over its items, over its {@link pages}, or await its first page. Nothing is sent before. Leaving a
 * loop early cancels the request that is under way.
 */
export class Pages<T> implements AsyncIterable<T>, PromiseLike<Page<T>> {
  readonly #name: string;
  readonly #fetch: FetchPage;
  /** The first page. */
  #start: Way;
  readonly #signal: AbortSignal | undefined;
  readonly #caller: Error;

  /** @internal */
  constructor(name: string, fetch: FetchPage, limit: number | undefined, signal: AbortSignal | undefined, caller: Error) {
    this.#name = name;
    this.#fetch = fetch;
    // What is no number the core refuses.
    this.#start = { left: typeof limit === "number" ? limit : Number.POSITIVE_INFINITY, depth: 0, seen: new Map() };
    this.#signal = signal;
    this.#caller = caller;
  }

  /** The first page. */
  // biome-ignore lint/suspicious/noThenProperty: a list is awaitable by design.
  then<A = Page<T>, B = never>(
    done?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#page(this.#begin()).then(done, failed);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    const pages = this.pages();
    let items: T[] = [];
    let at = 0;
    return inTurn<T>(
      () => (at < items.length ? { done: false, value: items[at++] as T } : undefined),
      async () => {
        while (at >= items.length) {
          const { done, value } = await pages.next();
          if (done) return { done: true, value: undefined };
          items = value.items;
          at = 0;
        }
        return { done: false, value: items[at++] as T };
      },
      () => {
        items = [];
        return pages.return?.();
      },
    );
  }

  /** The pages. */
  pages(): AsyncIterableIterator<Page<T>> {
    const stop = new AbortController();
    let signal: AbortSignal | undefined;
    let way: Way | undefined = this.#begin();
    const cancel = () => {
      way = undefined;
      stop.abort(CANCELLED);
    };
    const step = async (): Promise<IteratorResult<Page<T>>> => {
      if (!way) return { done: true, value: undefined };
      signal ??= this.#signal ? either(this.#signal, stop) : stop.signal;
      try {
        const { page, next } = await this.#go(way, signal);
        if (way) way = next;
        if (!next) cancel();
        return { done: false, value: page };
      } catch (error) {
        cancel();
        throw error;
      }
    };
    return inTurn(() => undefined, step, cancel);
  }

  /** `seen` is of one walk. */
  #begin(): Way {
    return { ...this.#start, seen: new Map(this.#start.seen) };
  }

  /** Gives an error the rest of the list, from the page that failed. */
  #resumable(error: unknown, way: Way): unknown {
    if (!(error instanceof HfError)) return error;
    const rest = new Pages<T>(this.#name, this.#fetch, way.left, this.#signal, this.#caller);
    rest.#start = way;
    // Not enumerable: it is no fact of the failure.
    return Object.defineProperty(error, "rest", { value: rest, configurable: true });
  }

  async #page(way: Way): Promise<Page<T>> {
    return (await this.#go(way, this.#signal)).page;
  }

  /** Fetches a page, and says where the next one is. A page's own `next` heeds only the caller's signal. */
  async #go({ url, problem, left, depth, seen }: Way, signal: AbortSignal | undefined): Promise<{ page: Page<T>; next: Way | undefined }> {
    if (problem) throw calledFrom(this.#caller, problem);
    const { next: to, problem: lost, items: all, ...fetched } = (await this.#fetch(url, signal).catch((error: unknown) => {
      throw this.#resumable(error, { url, left, depth, seen });
    })) as Fetched<T>;
    const items = all.length > left ? all.slice(0, left) : all;
    const rest = left - items.length;
    let next: Way | undefined;
    if (rest > 0 && (to || lost)) {
      if (to && !seen.has(to)) seen.set(to, depth);
      const circle = to && seen.get(to) !== depth ? protocolError({ endpoint: this.#name }, "the Link headers form a loop") : undefined;
      next = { url: to, problem: lost ?? circle, left: rest, depth: depth + 1, seen };
    }
    return { page: { ...fetched, items, next: next ? () => this.#page(next) : null }, next };
  }
}

/**
 * An iterator that takes one step at a time: a second `next()` waits for the first. What is `ready` is given at once,
 * which spares a list of thousands most of its waiting.
 *
 * @internal
 */
export function inTurn<T>(
  ready: () => IteratorResult<T> | undefined,
  step: () => Promise<IteratorResult<T>>,
  cancel?: () => unknown,
): AsyncIterableIterator<T> {
  let waiting = 0;
  let queue: Promise<unknown> = Promise.resolve();
  return {
    next() {
      const now = waiting === 0 ? ready() : undefined;
      if (now) return Promise.resolve(now);
      waiting++;
      const result = queue.then(step);
      const done = () => {
        waiting--;
      };
      queue = result.then(done, done);
      return result;
    },
    async return() {
      await cancel?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * Why a request is aborted that nobody waits for any more. One for all: a new one would hold the stack that made it.
 *
 * @internal
 */
export const CANCELLED = new DOMException("the iteration was cancelled", "AbortError");

/**
 * Aborts `own` with `outer`'s reason, and gives `own`'s signal.
 *
 * @internal
 */
export function either(outer: AbortSignal, own: AbortController): AbortSignal {
  if (outer.aborted) own.abort(outer.reason);
  else outer.addEventListener("abort", () => own.abort(outer.reason), { once: true, signal: own.signal });
  return own.signal;
}
