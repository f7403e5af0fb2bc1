/** A reply that comes piece by piece. */
import type { Events } from "./core_bg.js";
import { either } from "./pages.js";
import { finish } from "./task.js";

/**
 * A stream of chunks. Nothing is sent before the first is asked for. Leaving a loop early, or {@link cancel}, closes
 * the connection. A stream that breaks throws after the chunks that came before.
 */
export class EventStream<T> implements AsyncIterableIterator<T> {
  readonly #open: (signal: AbortSignal) => Promise<Events>;
  readonly #name: string;
  readonly #outer: AbortSignal | undefined;
  readonly #stop = new AbortController();
  #events: Events | undefined;
  #chunks: T[] = [];
  #at = 0;
  #ended = false;
  #queue: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(open: (signal: AbortSignal) => Promise<Events>, name: string, signal: AbortSignal | undefined) {
    this.#open = open;
    this.#name = name;
    this.#outer = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    const result = this.#queue.then(() => this.#step());
    this.#queue = result.catch(() => {});
    return result;
  }

  async return(): Promise<IteratorResult<T>> {
    this.cancel();
    return { done: true, value: undefined };
  }

  /** Closes the connection; the stream ends. */
  cancel(): void {
    this.#ended = true;
    this.#stop.abort();
    this.#events?.cancel();
  }

  async #step(): Promise<IteratorResult<T>> {
    while (!this.#ended && this.#at >= this.#chunks.length) await this.#read();
    if (this.#at >= this.#chunks.length || this.#stop.signal.aborted) return { done: true, value: undefined };
    const value = this.#chunks[this.#at++] as T;
    if (value !== null && typeof value === "object" && "error" in value && value.error) {
      const failure = this.#events?.failure(JSON.stringify(value));
      this.cancel();
      throw failure;
    }
    return { done: false, value };
  }

  async #read(): Promise<void> {
    try {
      this.#events ??= await this.#open(this.#outer ? either(this.#outer, this.#stop) : this.#stop.signal);
      const events = this.#events;
      const text = (await finish(() => events.next(), this.#name)) as string | undefined;
      this.#chunks = text === undefined ? [] : parse(text);
      this.#at = 0;
      this.#ended = text === undefined;
    } catch (thrown) {
      const cancelled = this.#ended;
      this.#ended = true;
      if (!cancelled || this.#outer?.aborted) throw thrown;
    }
  }
}

function parse<T>(text: string): T[] {
  return JSON.parse(text) as T[];
}
