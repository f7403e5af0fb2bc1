/** The JavaScript side of a call: polls it, keeps its time, and sends and reads for it. */
import { sha256 } from "#load";
import type { Recorder } from "./agent/governor.js";
import { MalformedResponse } from "./body.js";
import type { CallOptions, ClientOptions, ResponseInfo } from "./client.js";
import type { FileCall } from "./download/first.js";
import { Hook, Interrupt, type ReadMode } from "./core_bg.js";
import type { hashed } from "./hash-content.js";
import type { Sha256 } from "./kernels.js";
import { Deadline } from "./deadline.js";
import { type ErrorFacts, HfError, InternalError, ProtocolError } from "./errors.js";
import { decoder, Exchange, headerLines, headersOf } from "./exchange.js";
import { guarded, tokenOf } from "./hook.js";
import { CANCELLED } from "./pages.js";
import { Secrets } from "./secrets.js";
import { serializeError } from "./serialize-error.js";

/** In a JSON text, where only lone ones are escaped. */
const ESCAPED_SURROGATE = /[^\\](\\\\)*\\ud/;

/** The result of a call, or a part of it. */
export interface Part {
  value: unknown;
  last: boolean;
}

/** What a call has from its client and its caller. */
export interface CallOf {
  /** Method, for messages. */
  name: string;
  client: ClientOptions;
  onProgress?: CallOptions["onProgress"];
  /** Of a download: what it takes to read more of the file. */
  file?: FileCall;
  /** The caller's signal. */
  signal: AbortSignal | undefined;
  /** What is recorded of the call. */
  record?: Recorder | undefined;
  /** It is a part of a commit, which ends for itself. */
  isPart?: boolean;
  /** The secrets that are redacted. Calls of one commit share it. */
  secrets?: Secrets;
  /** Hashes a file of a commit. */
  hash?: typeof hashed;
  /** Makes one of the calls that a commit consists of. */
  commitCall?: (request: object, body: BodyInit | undefined, abort: AbortController, secrets: Secrets) => Promise<unknown>;
}

/** A `PendingCall` of either WebAssembly. */
interface PendingCall {
  poll(interrupt: Interrupt | null | undefined, now: number): void;
  settle(value: unknown, fulfilled: boolean, now: number): void;
  free(): void;
}

/** The WebAssembly that a call runs in. */
interface Wasm {
  enter<T>(run: () => T): T;
}

interface Waiting {
  resolve(part: Part): void;
  reject(reason: unknown): void;
}

/** What the core calls is declared in src/web/pending_call.rs. */
export class CallDriver {
  readonly signal: AbortSignal | undefined;
  /** @internal */
  readonly of: CallOf;
  readonly #wasm: Wasm;
  readonly #start: (driver: CallDriver) => PendingCall;
  readonly #exchange: Exchange;
  readonly #secrets: Secrets;
  /** End the calls of a commit that are under way. */
  readonly #calls = new Set<AbortController>();
  readonly #deadline = new Deadline((what) => this.#poll(what === "call" ? Interrupt.DeadlineExceeded : Interrupt.TimedOut));
  readonly #onAbort = () => this.wake();
  #call: PendingCall | undefined;
  /** Whether the core runs at this moment; it is not entered a second time. */
  #polls = false;
  /** Whether a poll is on its way. */
  #woken = false;
  /** Who waits for the next part. */
  #waiting: Waiting | undefined;
  /** Whether the core waits until the next part is wanted. */
  #emitted = false;
  /** What the core has asked for, and waits for. */
  #asked: Promise<unknown> | undefined;
  /** What `fetch` or a body threw last. */
  #thrown: unknown;

  /** `start` begins the call, in `wasm`. */
  constructor(of: CallOf, wasm: Wasm, start: (driver: CallDriver) => PendingCall) {
    this.of = of;
    this.#wasm = wasm;
    this.#start = start;
    this.#exchange = new Exchange(of.client.fetch as typeof fetch);
    this.#secrets = of.secrets ?? of.record?.secrets ?? new Secrets(undefined, of.client);
    this.signal = of.signal;
  }

  /** Runs to the result, or to the next part of it; `said` is what the core hears of the part before. */
  run(said?: unknown): Promise<Part> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.signal?.addEventListener("abort", this.#onAbort);
      if (!this.#emitted) return this.#poll();
      this.#emitted = false;
      this.#enter((call) => call.settle(said, true, Date.now()));
    });
  }

  /** Gives up the parts that are left. */
  cancel(): void {
    // What runs hears of the signal.
    if (this.#waiting) this.#exchange.close();
    else this.#leave();
  }

  // The core calls what follows.

  get aborted(): boolean {
    return this.signal?.aborted ?? false;
  }

  wake(): void {
    if (this.#woken) return;
    this.#woken = true;
    queueMicrotask(() => {
      this.#woken = false;
      if (this.#emitted && this.aborted) this.#leave();
      else this.#poll(this.aborted ? Interrupt.Aborted : undefined);
    });
  }

  setDeadline(ms: number): void {
    this.#deadline.limit(ms);
  }

  beginWait(ms: number): Interrupt | undefined {
    if (this.signal?.aborted) return Interrupt.Aborted;
    this.#deadline.begin(ms);
    return undefined;
  }

  endWait(): void {
    this.#deadline.end();
  }

  resolve(value: unknown): void {
    this.#finish(this.#recorded({ value }), (waiting) => waiting.resolve({ value, last: true }));
  }

  reject(reason: unknown): void {
    this.#exchange.close();
    this.#finish(this.#recorded({ error: reason }), (waiting) => waiting.reject(reason));
  }

  emit(value: unknown): void {
    this.of.record?.emitted(value);
    this.#end()?.resolve({ value, last: false });
    this.#emitted = true;
    // An abort closes the connection, also while nobody waits for a part.
    this.signal?.addEventListener("abort", this.#onAbort);
  }

  token(): void {
    const { token } = this.of.client;
    this.#ask(async () => (typeof token === "function" ? await tokenOf(token) : token));
  }

  fetch(url: string, headers: string, init: RequestInit, sameOrigin: boolean): void {
    init.headers = headersOf(headers);
    this.#secrets.sent(url, init.headers, sameOrigin);
    this.of.record?.sent(init.body, sameOrigin ? init.headers : {});
    this.#ask(() => this.#exchange.fetch(url, init));
  }

  headers(response: Response): string {
    this.of.record?.headed(response);
    return headerLines(response);
  }

  read(response: Response, mode: ReadMode, maxBytes: number, atOnce: number): void {
    this.#ask(() => this.#exchange.read(response, mode, maxBytes, atOnce, () => this.#deadline.again(), this));
  }

  readChunk(response: Response): void {
    this.#ask(() => this.#exchange.readChunk(response));
  }

  sha256(): void {
    this.#ask(sha256);
  }

  hash(sha256: Sha256, content: Blob | Uint8Array<ArrayBuffer>, path: string): void {
    const abort = this.#begun();
    const report = (loaded: number, total: number) => {
      this.#deadline.again();
      this.notify(Hook.Progress, { phase: "hash", path, loaded, total });
    };
    this.#ask(async () => this.of.hash?.(sha256, content, report, abort.signal));
  }

  approve(rule: string): void {
    this.#ask(async () => await this.of.record?.approve(rule));
  }

  asked(method: string, url: string): string {
    return this.of.record?.asked(method, url) ?? "";
  }

  decided(decision: string, rule: string): void {
    this.of.record?.decided(decision, rule);
  }

  close(): void {
    this.#exchange.close();
    for (const abort of this.#calls) abort.abort();
    this.#asked = undefined;
  }

  async call(request: object, body: BodyInit | undefined): Promise<unknown> {
    const abort = this.#begun();
    try {
      return await this.of.commitCall?.(request, body, abort, this.#secrets);
    } finally {
      // Nothing listens to the caller's signal any more.
      abort.abort();
      this.#calls.delete(abort);
    }
  }

  json(params: object): string | [name: string, value: unknown] {
    const text = JSON.stringify(params);
    this.#secrets.stated(params);
    // Searching for a plain string is the quick one.
    const lone = text.includes("\\ud") && Object.entries(params).find((entry) => ESCAPED_SURROGATE.test(JSON.stringify(entry)));
    return lone || text;
  }

  decodeText(bytes: Uint8Array): string {
    return decoder.decode(bytes);
  }

  decodeBase64(text: string): Uint8Array | undefined {
    try {
      return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    } catch {
      return undefined;
    }
  }

  malformedResponse(error: unknown): string | undefined {
    return error instanceof MalformedResponse ? error.problem : undefined;
  }

  networkError(error: unknown): string {
    this.#thrown = error;
    const { message, cause } = serializeError(error);
    return [message, cause?.message || cause?.code].filter(Boolean).join(": ");
  }

  /** The one place where what a server or a runtime has said becomes an error. */
  error(facts: ErrorFacts): HfError {
    const hasCause = facts.kind === "network" && facts.cause === undefined && this.#thrown !== undefined;
    const all = hasCause ? { ...facts, cause: serializeError(this.#thrown) } : facts;
    return HfError.from(this.#secrets.redacted(this.of.record?.explained(all) ?? all));
  }

  /** What the hook throws is its own. */
  notify(hook: Hook, info: object): void {
    const { client, onProgress, record } = this.of;
    if (hook === Hook.Response) record?.responded(info as ResponseInfo);
    const call = { [Hook.Response]: client.onResponse, [Hook.Retry]: client.onRetry, [Hook.Progress]: onProgress }[hook];
    // Progress holds what the caller has named, and numbers.
    guarded(call)?.(hook === Hook.Progress ? info : this.#secrets.redacted(info));
  }

  // End of what the core calls.

  /** What ends a part of a commit. */
  #begun(): AbortController {
    const abort = new AbortController();
    this.#calls.add(abort);
    return abort;
  }

  /** Begins what the core asks for, and hands over what comes of it, unless the core has given it up by then. */
  #ask(begin: () => Promise<unknown>): void {
    if (this.aborted) return;
    const asked = (this.#asked = begin());
    const settle = (value: unknown, fulfilled: boolean) => {
      if (this.#asked !== asked) return;
      this.#asked = undefined;
      this.#enter((call) => call.settle(value, fulfilled, Date.now()));
    };
    asked.then(
      (value) => settle(value, true),
      (reason) => settle(reason, false),
    );
  }

  #poll(interrupt?: Interrupt): void {
    this.#enter((call) => call.poll(interrupt, Date.now()));
  }

  /**
   * Lets the core go on. A panic is a trap, and the error says whose defect it is; anything else that is thrown is the
   * caller's own, as of a getter. Either way the core's call is never touched again.
   */
  #enter(run: (call: PendingCall) => void): void {
    if (this.#polls || !this.#waiting) return;
    this.#polls = true;
    try {
      this.#wasm.enter(() => {
        this.#call ??= this.#start(this);
        run(this.#call);
      });
    } catch (thrown) {
      this.#call = undefined;
      const failure = this.#failure(thrown);
      this.#recorded({ error: failure });
      this.#end()?.reject(failure);
    } finally {
      this.#polls = false;
    }
    if (!this.#waiting && !this.#emitted) this.#free();
  }

  /** Records the end of the call; gives what a write has to wait for. */
  #recorded(outcome: { value?: unknown; error?: unknown }): Promise<void> | undefined {
    const { record, isPart } = this.of;
    const { later } = this.#exchange;
    if (record && later && outcome.value !== undefined) {
      const ended = later.then((received) => {
        record.received(received);
        return record.ended(outcome);
      });
      ended.catch(() => {});
      return undefined;
    }
    record?.received(this.#exchange.received);
    this.#exchange.received = 0;
    return isPart ? undefined : record?.ended(outcome);
  }

  /** Settles what the caller waits for. */
  #finish(written: Promise<void> | undefined, settle: (waiting: Waiting) => void): void {
    const waiting = this.#end();
    this.#free();
    if (!waiting) return;
    // Whatever becomes of the record: nothing limits the time any more.
    const end = () => settle(waiting);
    void (written ? written.then(end, end) : end());
  }

  /** Nobody waits any more. */
  #end(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = this.#asked = undefined;
    this.#deadline.stop();
    this.signal?.removeEventListener("abort", this.#onAbort);
    return waiting;
  }

  /** Ends the call between two parts. */
  #leave(): void {
    this.#exchange.close();
    const reason: unknown = this.aborted ? this.signal?.reason : CANCELLED;
    // One that has not run has not done anything either.
    void this.#recorded(reason === CANCELLED && this.#call ? {} : { error: reason });
    this.#emitted = false;
    this.#end();
    this.#free();
  }

  #free(): void {
    // The core frees nothing that runs.
    if (this.#polls) return;
    this.#call?.free();
    this.#call = undefined;
  }

  #failure(thrown: unknown): unknown {
    if (thrown instanceof MalformedResponse) {
      const message = `${this.of.name}: ${this.#secrets.redact(thrown.problem)}`;
      return new ProtocolError({ kind: "protocol", message, endpoint: this.of.name });
    }
    if (!(thrown instanceof WebAssembly.RuntimeError)) return thrown;
    const message = `${this.of.name}: a defect in hf-wasm: ${thrown.message}`;
    const advice = "Please report it, with this message, the stack of its cause, and the versions of hf-wasm and of the runtime.";
    return new InternalError({ kind: "internal", message, endpoint: this.of.name, advice }, { cause: thrown });
  }
}
