/// <reference lib="esnext.disposable" preserve="true" />
/** A reply that comes piece by piece. */
import type { CallDriver } from "./call-driver.js";
import { calledFrom } from "./caller.js";
import { either, inTurn, CANCELLED } from "./pages.js";
import type { Asked } from "./protocol-error.js";
import { type Ending, Values } from "./stream-values.js";

/**
 * A stream of chunks. Nothing is sent before the first is asked for. Leaving a loop early, or {@link cancel}, closes
 * the connection. A stream that breaks throws after the chunks that came before.
 */
export class EventStream<T> implements AsyncIterableIterator<T> {
  readonly #open: (signal: AbortSignal) => Promise<CallDriver>;
  readonly #outer: AbortSignal | undefined;
  readonly #caller: Error;
  /** Adds to an error what is known of the token. */
  readonly #explain: (error: unknown) => Promise<void>;
  readonly #stop = new AbortController();
  #signal: AbortSignal | undefined;
  #driver: CallDriver | undefined;
  #chunks: T[] = [];
  #at = 0;
  /** What follows the chunks, if it is a failure. */
  #ending: Ending | undefined;
  /** No more is read. */
  #ended = false;
  /** The caller wants no more. */
  #left = false;
  readonly #values: Values<T>;
  readonly #turn = inTurn<T>(
    () => this.#ready(),
    () => this.#step(),
  );

  /** @internal */
  constructor(open: (signal: AbortSignal) => Promise<CallDriver>, asked: Asked, signal: AbortSignal | undefined, explain: (error: unknown) => Promise<void>, caller: Error) {
    this.#caller = caller;
    this.#explain = explain;
    this.#open = open;
    this.#values = new Values(asked);
    this.#outer = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    return this.#turn.next();
  }

  async return(): Promise<IteratorResult<T>> {
    this.cancel();
    return { done: true, value: undefined };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
  }

  /** Closes the connection; the stream ends. */
  cancel(): void {
    this.#left = true;
    this.#close();
  }

  #close(): void {
    this.#ended = true;
    this.#stop.abort(CANCELLED);
    forgotten?.unregister(this);
    this.#driver?.cancel();
    this.#driver = undefined;
  }

  /** The next chunk that is there already. */
  #ready(): IteratorResult<T> | undefined {
    if (this.#at >= this.#chunks.length || this.#left || this.#outer?.aborted) return undefined;
    return { done: false, value: this.#chunks[this.#at++] as T };
  }

  async #step(): Promise<IteratorResult<T>> {
    if (this.#outer?.aborted && !this.#ended) return this.#fail(this.#outer.reason);
    while (!this.#ended && this.#at >= this.#chunks.length) {
      if (this.#ending?.error) return this.#fail(this.#ending.error);
      // The core makes a failure of what the server reports.
      await this.#read(this.#ending?.reported);
    }
    if (this.#at >= this.#chunks.length || this.#left) return { done: true, value: undefined };
    return { done: false, value: this.#chunks[this.#at++] as T };
  }

  #fail(error: unknown): never {
    this.#close();
    this.#chunks = [];
    throw calledFrom(this.#caller, error);
  }

  async #read(said?: unknown): Promise<void> {
    try {
      this.#signal ??= this.#outer ? either(this.#outer, this.#stop) : this.#stop.signal;
      if (!this.#driver) {
        const driver = (this.#driver = await this.#open(this.#signal));
        if (this.#left) return this.#close();
        forgotten?.register(this, driver, this);
      }
      const { value, last } = await this.#driver.run(said);
      const { chunks, ending } = last ? this.#values.end(value as boolean) : this.#values.read(value as string);
      this.#chunks = chunks;
      this.#ending = ending;
      this.#at = 0;
      if (last && !ending) this.#close();
    } catch (thrown) {
      this.#close();
      if (this.#left && !this.#outer?.aborted) return;
      await this.#explain(thrown);
      throw calledFrom(this.#caller, thrown);
    }
  }
}

/** The core holds the driver of a stream, so a stream that is just forgotten ends its call. */
const forgotten = typeof FinalizationRegistry === "undefined" ? undefined : new FinalizationRegistry<CallDriver>((driver) => driver.cancel());
