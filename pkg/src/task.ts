/** A call of the core, run from one thing that it waits for to the next. */
import { Clock } from "./clock.js";
import { wasm } from "./core.js";
import type { Task as Core } from "./core_bg.js";
import { type ErrorFacts, HfError, InternalError } from "./errors.js";
import { decoder, Exchange, header, parse, type Send, Senseless } from "./exchange.js";
import { words } from "./words.js";

/** What came of what the core waited for; the numbers are the core's. */
const FULFILLED = 0;
const REJECTED = 1;
const TIMED_OUT = 2;
const OVER = 3;
const ABORTED = 4;
const SENSELESS = 5;

/** What `resume` returns in the place of a limit: what the core gives is the result, or a part of it. */
const RESULT = -1;
const PART = -3;

/** How a client sends. */
export interface Means {
  send: Send;
  redirect: RequestRedirect;
}

/** The shell's side of a call. What the core calls, src/web/task.rs declares. */
export class Task {
  /** What the core waits for, or gives. */
  given: unknown;
  readonly signal: AbortSignal | undefined;
  readonly #name: string;
  readonly #start: (task: Task) => Core;
  readonly #exchange: Exchange;
  readonly #clock = new Clock();
  #core: Core | undefined;
  #runs = false;
  /** What came of the last wait. */
  #value: unknown;
  /** What the runtime threw last. */
  #thrown: unknown;

  constructor(name: string, { send, redirect }: Means, signal: AbortSignal | undefined, start: (task: Task) => Core) {
    this.#name = name;
    this.#exchange = new Exchange(send, redirect);
    this.signal = signal;
    this.#start = start;
  }

  /** Runs to the result, or to the next part of it; `said` is what the core hears of the part before. */
  async run(said?: unknown): Promise<{ value: unknown; last: boolean }> {
    this.#runs = true;
    let how = FULFILLED;
    this.#value = said;
    try {
      for (;;) {
        const limit = this.#resume(how);
        if (limit >= 0) {
          how = await this.#settled(limit);
          continue;
        }
        const value = this.given;
        if (limit === PART) return { value, last: false };
        this.#core?.free();
        this.#core = undefined;
        if (limit === RESULT) return { value, last: true };
        throw value;
      }
    } finally {
      this.#runs = false;
      this.#clock.stop();
    }
  }

  /** Gives up the parts that are left. */
  leave(): void {
    this.#exchange.close();
    // What runs hears of the signal.
    if (this.#runs) return;
    this.#core?.free();
    this.#core = undefined;
  }

  limit(ms: number): void {
    this.#clock.limit(ms);
  }

  send(url: string, method: string, headers: Record<string, string>, body: BodyInit | undefined): void {
    this.given = this.#exchange.begin(url, method, headers, body);
  }

  read(response: Response, how: 0 | 1 | 2 | 3, most: number): void {
    this.given = this.#exchange.whole(response, how, most, () => this.#clock.again());
  }

  piece(response: Response): void {
    this.given = this.#exchange.piece(response);
  }

  close(): void {
    this.#exchange.close();
  }

  status(response: Response): number {
    return response?.status;
  }

  header(response: Response, name: string): string | undefined {
    return header(response, name);
  }

  text(bytes: Uint8Array): string {
    return decoder.decode(bytes);
  }

  decode(base64: string): Uint8Array | undefined {
    try {
      return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    } catch {
      return undefined;
    }
  }

  parse(text: string): unknown {
    return parse(text);
  }

  error(facts: ErrorFacts, secret: string): HfError {
    const told = facts.kind === "network" && this.#thrown !== undefined;
    return HfError.from(told ? { ...facts, cause: words(this.#thrown, secret) } : facts);
  }

  /**
   * Lets the core go on. What throws leaves the stack where it was: it is put back, and the core's task is never touched
   * again. A panic is a trap, and the error says whose defect it is; anything else is the caller's own, as of a getter.
   */
  #resume(how: number): number {
    const top = wasm?.stack() ?? 0;
    try {
      this.#core ??= this.#start(this);
      const value = this.#value;
      this.given = this.#value = undefined;
      return this.#core.resume(how, value);
    } catch (cause) {
      wasm?.set_stack(top);
      this.#core = undefined;
      if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
      const message = `a defect in hf-wasm: ${cause.message}`;
      throw new InternalError({ kind: "internal", message, endpoint: this.#name }, { cause });
    }
  }

  /** Waits for what the core gave, for a time, or for both, whichever ends first; an abort ends it at once. */
  #settled(limit: number): Promise<number> {
    const { given, signal } = this;
    return new Promise((resolve) => {
      let ended = false;
      const end = (how: number, value?: unknown) => {
        // A promise may settle long after: the clock is another's by then.
        if (ended) return;
        ended = true;
        this.#value = value;
        this.#clock.unset();
        signal?.removeEventListener("abort", abort);
        resolve(how);
      };
      const abort = () => end(ABORTED);
      const reject = (reason: unknown) => {
        if (reason instanceof Senseless) return end(SENSELESS, reason.problem);
        if (!ended) this.#thrown = reason;
        end(REJECTED, reason);
      };
      this.#clock.set(limit, (over) => end(over ? OVER : TIMED_OUT));
      // Listened to in any case: a rejection that nobody hears ends a Node process.
      if (given !== undefined) Promise.resolve(given).then((value) => end(FULFILLED, value), reject);
      if (signal?.aborted) return abort();
      signal?.addEventListener("abort", abort);
    });
  }
}
