/** The records of a client's calls, on their way to the caller's hook. */
import type { CallRecord } from "./record.js";

/** Records that wait for a sink that fails; with more, calls are refused. */
const MOST_WAITING = 10_000;

/** Takes records to the caller's hook, one after the other. What it does not take is offered again with the next. */
export class Log {
  readonly #take: ((record: CallRecord) => unknown) | undefined;
  readonly #waiting: CallRecord[] = [];
  readonly #making = new Set<Promise<void>>();
  #flushing: Promise<void> | undefined;
  #warned = false;

  constructor(take: ((record: CallRecord) => unknown) | undefined) {
    this.#take = take;
  }

  /** Whether somebody takes records. */
  get isRead(): boolean {
    return this.#take !== undefined;
  }

  get isFull(): boolean {
    return this.#waiting.length >= MOST_WAITING;
  }

  async write(record: CallRecord): Promise<void> {
    if (!this.#take) return;
    this.#waiting.push(record);
    await this.flush();
    // What came while others were delivered.
    while (this.#waiting.includes(record)) await this.flush();
  }

  /** A record that is still being made; `flush` waits for it. */
  expect(making: Promise<void>): void {
    this.#making.add(making);
    const made = () => this.#making.delete(making);
    void making.then(made, made);
  }

  /** Delivers the records that wait, and those of calls that have just ended. */
  async settle(): Promise<void> {
    await Promise.all(this.#making);
    await this.flush();
  }

  flush(): Promise<void> {
    this.#flushing ??= this.#deliver().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #deliver(): Promise<void> {
    try {
      for (let record = this.#waiting[0]; record; record = this.#waiting[0]) {
        await this.#take?.(record);
        this.#waiting.shift();
      }
      this.#warned = false;
    } catch (error) {
      if (!this.#warned) console.warn(`hf-wasm: a record of a call was not taken, and is kept: ${(error as Error)?.message ?? error}`);
      this.#warned = true;
      throw error;
    }
  }
}
