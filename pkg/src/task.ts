/** A call of the core, run from one thing that it waits for to the next. */
import { Clock } from "./clock.js";
import { Senseless } from "./body.js";
import { enter } from "./core.js";
import type { Task as Core } from "./core_bg.js";
import { type ErrorFacts, HfError, InternalError, ProtocolError } from "./errors.js";
import { decoder, Exchange, type How, header, parse, type Send } from "./exchange.js";
import { Secrets } from "./secrets.js";
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

/** In a JSON text, where only lone ones are escaped. */
const ESCAPED_SURROGATE = /[^\\](\\\\)*\\ud/;

/** How a client sends. */
export interface Means {
  send: Send;
  /** What becomes of a redirect that may be followed with all that the request carries. */
  redirect: RequestRedirect;
}

/** The shell's side of a call. What the core calls, src/web/task.rs declares. */
export class Task {
  /** What the core gives: the result, a part of it, or why there is none. */
  given: unknown;
  readonly signal: AbortSignal | undefined;
  readonly #name: string;
  readonly #start: (task: Task) => Core;
  readonly #exchange: Exchange;
  readonly #redirect: RequestRedirect;
  readonly #secrets = new Secrets();
  readonly #clock = new Clock();
  #core: Core | undefined;
  #runs = false;
  /** What the core waits for; undefined where it lets time pass. */
  #begun: Promise<unknown> | undefined;
  /** What came of the last wait. */
  #value: unknown;
  /** What the runtime threw last. */
  #thrown: unknown;

  constructor(name: string, { send, redirect }: Means, signal: AbortSignal | undefined, start: (task: Task) => Core) {
    this.#name = name;
    this.#exchange = new Exchange(send);
    this.#redirect = redirect;
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

  /** Begins to wait for what the caller or the runtime has promised, or gave in place of a promise. */
  await(promised: unknown): void {
    this.#begun = Promise.resolve(promised);
  }

  /** `home`: to the endpoint's own origin. `confined`: nothing of it may follow a redirect by itself. */
  send(url: string, method: string, headers: Record<string, string>, body: BodyInit | undefined, home: boolean, confined: boolean): void {
    this.#secrets.sent(url, headers, home);
    const redirect = confined ? "manual" : this.#redirect;
    this.#begun = this.#exchange.begin({ url, method, headers, body, redirect });
  }

  read(response: Response, how: How, most: number): void {
    this.#begun = this.#exchange.whole(response, how, most, () => this.#clock.again());
  }

  piece(response: Response): void {
    this.#begun = this.#exchange.piece(response);
  }

  close(): void {
    this.#exchange.close();
  }

  status(response: Response): number {
    return response.status;
  }

  /** Whether this is a redirect, whose target a browser does not show. */
  opaque(response: Response): boolean {
    return response.type === "opaqueredirect";
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

  /** Of members that cannot be sent: the member that holds a lone surrogate, which JSON would hide as an escape. */
  json(members: object): string | [name: string, value: unknown] {
    const text = JSON.stringify(members);
    // The search for a mere text is the quick one.
    const lone = text.includes("\\ud") && Object.entries(members).find((member) => ESCAPED_SURROGATE.test(JSON.stringify(member)));
    return lone || text;
  }

  parse(text: string): unknown {
    return parse(text);
  }

  /** Tells a hook of the caller's. What it throws is its own. */
  tell(hook: (info: object) => unknown, info: object): void {
    try {
      Promise.resolve(hook(this.#secrets.hidden(info))).catch(() => {});
    } catch {
      // The call goes on.
    }
  }

  /** What the runtime threw last, in its words. */
  broken(): string {
    const { message, cause } = words(this.#thrown);
    return [message, cause?.message || cause?.code].filter(Boolean).join(": ");
  }

  /** The one place where what a server or a runtime has said becomes an error. */
  error(facts: ErrorFacts): HfError {
    const told = facts.kind === "network" && this.#thrown !== undefined;
    return HfError.from(this.#secrets.hidden(told ? { ...facts, cause: words(this.#thrown) } : facts));
  }

  /**
   * Lets the core go on. What throws leaves the stack where it was: it is put back, and the core's task is never touched
   * again. A panic is a trap, and the error says whose defect it is; anything else is the caller's own, as of a getter.
   */
  #resume(how: number): number {
    const value = this.#value;
    this.given = this.#begun = this.#value = undefined;
    try {
      return enter(() => (this.#core ??= this.#start(this)).resume(how, value));
    } catch (cause) {
      this.#core = undefined;
      if (cause instanceof Senseless) {
        const message = this.#secrets.hide(cause.problem);
        throw new ProtocolError({ kind: "protocol", message, endpoint: this.#name });
      }
      if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
      const message = `a defect in hf-wasm: ${cause.message}`;
      throw new InternalError({ kind: "internal", message, endpoint: this.#name }, { cause });
    }
  }

  /** Waits for what was begun, for a time, or for both, whichever ends first; an abort ends it at once. */
  #settled(limit: number): Promise<number> {
    const { signal } = this;
    const begun = this.#begun;
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
      begun?.then((value) => end(FULFILLED, value), reject);
      if (signal?.aborted) return abort();
      signal?.addEventListener("abort", abort);
    });
  }
}
