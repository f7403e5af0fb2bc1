/// <reference lib="esnext.disposable" preserve="true" />
/** A reply that comes piece by piece. */
import { ProtocolError } from "./errors.js";
import { either, inTurn, LEFT } from "./pages.js";
import type { Task } from "./task.js";

/** Between the items of the array that the core gives; no chunk holds it. */
const BETWEEN = ",\r";

/**
 * A stream of chunks. Nothing is sent before the first is asked for. Leaving a loop early, or {@link cancel}, closes
 * the connection. A stream that breaks throws after the chunks that came before.
 */
export class EventStream<T> implements AsyncIterableIterator<T> {
  readonly #open: (signal: AbortSignal) => Promise<Task>;
  readonly #name: string;
  readonly #outer: AbortSignal | undefined;
  readonly #stop = new AbortController();
  #signal: AbortSignal | undefined;
  #task: Task | undefined;
  #chunks: T[] = [];
  #at = 0;
  /** No more is read. */
  #ended = false;
  /** The caller wants no more. */
  #left = false;
  readonly #turn = inTurn<T>(
    () => this.#ready(),
    () => this.#step(),
  );

  /** @internal */
  constructor(open: (signal: AbortSignal) => Promise<Task>, name: string, signal: AbortSignal | undefined) {
    this.#open = open;
    this.#name = name;
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
    this.#stop.abort(LEFT);
    forgotten?.unregister(this);
    this.#task?.leave();
    this.#task = undefined;
  }

  /** The next chunk that is there already, unless it is an error. */
  #ready(): IteratorResult<T> | undefined {
    const value = this.#chunks[this.#at] as T;
    if (this.#at >= this.#chunks.length || this.#left || this.#outer?.aborted || reports(value)) return undefined;
    this.#at++;
    return { done: false, value };
  }

  async #step(): Promise<IteratorResult<T>> {
    if (this.#outer?.aborted && !this.#ended) return this.#fail(this.#outer.reason);
    while (!this.#ended && this.#at >= this.#chunks.length) await this.#read();
    if (this.#at >= this.#chunks.length || this.#left) return { done: true, value: undefined };
    const value = this.#chunks[this.#at++] as T;
    if (!reports(value)) return { done: false, value };
    if (value instanceof ProtocolError) return this.#fail(value);
    // The core makes a failure of it.
    this.#chunks = [];
    await this.#read(value);
    return { done: true, value: undefined };
  }

  #fail(error: unknown): never {
    this.#close();
    this.#chunks = [];
    throw error;
  }

  async #read(said?: unknown): Promise<void> {
    try {
      this.#signal ??= this.#outer ? either(this.#outer, this.#stop) : this.#stop.signal;
      if (!this.#task) {
        const task = await this.#open(this.#signal);
        if (this.#left) return this.#close();
        this.#task = task;
        forgotten?.register(this, task, this);
      }
      const { value, last } = await this.#task.run(said);
      this.#chunks = last ? [] : parse(value as string, this.#name);
      this.#at = 0;
      if (last) this.#close();
    } catch (thrown) {
      this.#close();
      if (!this.#left || this.#outer?.aborted) throw thrown;
    }
  }
}

/** The core holds the task of a stream, so a stream that is just forgotten takes its task along. */
const forgotten = typeof FinalizationRegistry === "undefined" ? undefined : new FinalizationRegistry<Task>((task) => task.leave());

/** Whether a chunk is an error, or tells of one. */
function reports(chunk: unknown): boolean {
  if (chunk === null || typeof chunk !== "object") return false;
  return chunk instanceof ProtocolError || ("error" in chunk && Boolean(chunk.error));
}

/** Chunks come many at a time. Where one of them is not JSON, those before it are kept, and it is an error. */
function parse<T>(text: string, endpoint: string): T[] {
  try {
    return JSON.parse(text) as T[];
  } catch {
    const chunks: unknown[] = [];
    for (const one of text.slice(1, -1).split(BETWEEN)) {
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
