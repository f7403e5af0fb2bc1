/** A reply that comes piece by piece. */
import type { Events } from "./core_bg.js";
import { ProtocolError } from "./errors.js";
import { either } from "./pages.js";
import { finish } from "./task.js";

/** Between the chunks that the core gives at a time; JSON holds no such character. */
const SEPARATOR = "\x1e";

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
    if (value instanceof ProtocolError) return this.#fail(value);
    if (value !== null && typeof value === "object" && "error" in value && value.error) {
      return this.#fail(this.#events?.failure(JSON.stringify(value)));
    }
    return { done: false, value };
  }

  #fail(error: unknown): never {
    this.cancel();
    throw error;
  }

  async #read(): Promise<void> {
    const signal = this.#outer ? either(this.#outer, this.#stop) : this.#stop.signal;
    try {
      this.#events ??= await this.#open(signal);
      const events = this.#events;
      const text = (await finish(() => events.next(), this.#name, signal)) as string | undefined;
      if (text === undefined) this.cancel();
      else this.#chunks = parse(text, this.#name);
      this.#at = 0;
    } catch (thrown) {
      const cancelled = this.#ended;
      this.cancel();
      if (!cancelled || this.#outer?.aborted) throw thrown;
    }
  }
}

/** Chunks come many at a time. Where one of them is not JSON, those before it are kept, and it is an error. */
function parse<T>(text: string, endpoint: string): T[] {
  try {
    return JSON.parse(`[${text.replaceAll(SEPARATOR, ",")}]`) as T[];
  } catch {
    const chunks: unknown[] = [];
    for (const one of text.split(SEPARATOR)) {
      try {
        chunks.push(JSON.parse(one));
      } catch (cause) {
        const message = "the stream holds a chunk that is not JSON";
        chunks.push(new ProtocolError({ kind: "protocol", message, endpoint }, { cause }));
        break;
      }
    }
    return chunks as T[];
  }
}
