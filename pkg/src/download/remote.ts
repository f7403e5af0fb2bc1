/** A large file: its first response, while it is open, and the ranges that are asked for after it. */
import { sha256 } from "#load";
import { pause } from "../abort.js";
import { backoff } from "../backoff.js";
import { MalformedResponse } from "../body.js";
import { Deadline } from "../deadline.js";
import type { ErrorFacts } from "../errors.js";
import { hex } from "../hex.js";
import { either } from "../pages.js";
import { metered, type Progress } from "../progress.js";
import { serializeError } from "../serialize-error.js";
import type { ByteRange } from "../types/files.js";
import type { Content, OpenBody } from "./content.js";
import { contentOf, type HubFile, type HubFileInfo, type PieceOptions } from "./file.js";
import { inOrder, SendsWhole } from "./parallel.js";

type Bytes = Uint8Array<ArrayBuffer>;

/** Milliseconds that a response stays open while nobody reads it. */
const UNREAD = 5000;
/** Bytes that are read and thrown away rather than asked for anew. */
const SKIP = 1 << 18;
/** Bytes that have to come before breaks are counted anew. */
const PROGRESS = 1 << 16;

/** Of parts that are read at the same time: whether the server sends parts, once one has asked for one; undefined if that failed. */
interface Probe {
  sendsParts?: Promise<boolean | undefined> | undefined;
}

/** What reads of a file need of the call that opened it. */
export interface Source {
  info: HubFileInfo;
  /** Bytes of the whole file; undefined where the server does not state it. */
  total: number | undefined;
  /** The server sends the whole where a part is asked for. */
  isWhole: boolean;
  /** Asks for a part. */
  open(range: ByteRange, signal: AbortSignal): Promise<HubFile>;
  fail(facts: Omit<ErrorFacts, "endpoint">): Error;
  retrying(attempt: number, wait: number, reason: string): void;
  signal: AbortSignal | undefined;
  onProgress: ((progress: Progress) => void) | undefined;
  /** Milliseconds between two pieces, and of a whole read. */
  idle: number;
  limit: number;
  retry: { attempts: number; maxDelay: number; maxElapsed: number };
}

export class Remote implements Content {
  readonly #source: Source;
  /** A response that nobody reads. */
  #body: OpenBody | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onAbort = () => this.#release();

  constructor(source: Source, body: OpenBody) {
    this.#source = source;
    this.#keep(body);
  }

  async *read(start: number, end: number, { signal, parallel = 1, borrow = false, unchecked = false }: PieceOptions): AsyncGenerator<Bytes, void, undefined> {
    const { info, total, onProgress, limit } = this.#source;
    const stop = new AbortController();
    for (const outer of [this.#source.signal, signal]) if (outer) either(outer, stop);
    const late = () => stop.abort(this.#source.fail({ kind: "timeout", message: `not done within ${limit} ms` }));
    const timer = Number.isFinite(limit) ? setTimeout(late, limit) : undefined;
    const isWhole = start === 0 && end === total;
    const isParallel = parallel > 1 && !this.#source.isWhole;
    const tell = onProgress && metered(onProgress);
    try {
      const hash = isWhole && !unchecked && info.sha256 ? await sha256() : undefined;
      const probe: Probe = {};
      const part = (start: number, end: number, isPart: boolean) => this.#pieces(start, end, stop.signal, isPart ? probe : undefined, borrow && !isPart);
      const pieces = isParallel ? inOrder(start, end, parallel, part) : part(start, end, false);
      let loaded = 0;
      for await (const piece of pieces) {
        hash?.update(piece);
        loaded += piece.byteLength;
        tell?.({ phase: "download", path: info.path, loaded, total: end - start });
        yield piece;
      }
      if (hash && hex(hash.digest()) !== info.sha256) throw this.#source.fail({ kind: "protocol", message: "SHA-256 mismatch: the downloaded bytes are not those of the file" });
    } finally {
      clearTimeout(timer);
      stop.abort();
      // What the first of several parts has left is of no use after the last.
      if (isParallel) this.#release();
    }
  }

  take(start: number): OpenBody | undefined {
    const body = this.#body;
    if (!body || start >= body.end) return undefined;
    const isNear = body.at <= start ? this.#source.isWhole || start - body.at <= SKIP : body.rewind(start);
    if (!isNear) return undefined;
    this.#forget();
    return body;
  }

  /** The bytes of a part, through breaks: what has come is kept, and the rest asked for as long as enough more comes. */
  async *#pieces(start: number, end: number, signal: AbortSignal, probe: Probe | undefined, borrow: boolean): AsyncGenerator<Bytes, void, undefined> {
    let at = start;
    // Breaks in a row, and where and when the first of them was.
    let [breaks, brokeAt, since] = [0, start, 0];
    // A response that cannot serve is not left open beside another.
    let body = this.take(start);
    if (!body) this.#release();
    // One that earlier reads have left, and what had come of it.
    const kept = body?.received ? body : undefined;
    const before = body?.received;
    const wait = new Wait(this.#source.idle, signal);
    try {
      while (at < end) {
        try {
          body ??= await (probe ? this.#openPart(at, end, signal, probe) : this.#open(at, end, signal));
          const piece = await this.#next(body, wait, signal);
          const from = body.at - piece.byteLength;
          const wanted = piece.subarray(Math.max(0, at - from), Math.max(0, end - from));
          if (body.at > end) body.rewind(end);
          if (wanted.byteLength === 0) continue;
          at += wanted.byteLength;
          if (at - brokeAt >= PROGRESS) breaks = 0;
          yield body.lends && !borrow ? wanted.slice() : wanted;
          if (borrow) body.free();
        } catch (error) {
          const isStale = body !== undefined && body === kept && body.received === before;
          body?.close();
          body = undefined;
          signal.throwIfAborted();
          if (!(error instanceof Broken)) throw error;
          // It was closed while nobody read it, which is no break of this read.
          if (isStale) continue;
          const now = performance.now();
          if (breaks++ === 0) [brokeAt, since] = [at, now];
          await this.#wait(breaks, now - since, error, signal);
        }
      }
    } finally {
      const isLeft = body && at >= end && body.at < body.end && !this.#body;
      if (isLeft && body) this.#keep(body);
      else body?.close();
      wait.stop();
    }
  }

  /** Waits before the rest is asked for, unless it was asked for in vain often or long enough. */
  async #wait(breaks: number, elapsed: number, { kind, message, thrown }: Broken, signal: AbortSignal): Promise<void> {
    const { attempts, maxDelay, maxElapsed } = this.#source.retry;
    // The first break is gone on with at once.
    const wait = breaks === 1 ? 0 : backoff(breaks - 1, maxDelay);
    if (breaks >= attempts || elapsed + wait > maxElapsed) throw this.#source.fail({ kind, message, attempts: breaks, cause: thrown });
    this.#source.retrying(breaks, wait, message);
    await pause(wait, signal);
  }

  /** Asks for one of several parts. One asks first, and the others only if the server sends parts. */
  async #openPart(start: number, end: number, signal: AbortSignal, probe: Probe): Promise<OpenBody> {
    let sendsParts: boolean | undefined;
    while (probe.sendsParts && sendsParts === undefined) {
      const asked = probe.sendsParts;
      sendsParts = await asked;
      // It failed, and another one asks.
      if (sendsParts === undefined && probe.sendsParts === asked) probe.sendsParts = undefined;
    }
    if (sendsParts === false) throw new SendsWhole();
    const opening = this.#open(start, end, signal);
    probe.sendsParts ??= opening.then(() => !this.#source.isWhole, () => undefined);
    const body = await opening;
    if (!this.#source.isWhole) return body;
    body.close();
    throw new SendsWhole();
  }

  /** Asks for a part, and takes care that it is one of the same file. */
  async #open(start: number, end: number, signal: AbortSignal): Promise<OpenBody> {
    const part = await this.#source.open({ start, end }, signal);
    const { etag, commit } = this.#source.info;
    const changed = (one: string | undefined, other: string | undefined) => one !== undefined && other !== undefined && one !== other;
    const [content, from] = contentOf(part);
    const body = content.take(from, start);
    if (content instanceof Remote && content.#source.isWhole) this.#source.isWhole = true;
    if (changed(etag, part.etag) || changed(commit, part.commit)) {
      body?.close();
      throw this.#source.fail({ kind: "preconditionFailed", message: "the file has changed while it was read" });
    }
    if (!body) throw this.#source.fail({ kind: "protocol", message: "the server sent a different range" });
    return body;
  }

  /** The next piece, within the time that it may take. */
  async #next(body: OpenBody, wait: Wait, signal: AbortSignal): Promise<Bytes> {
    signal.throwIfAborted();
    try {
      const piece = await wait.for(body.read());
      if (piece) return piece;
    } catch (error) {
      if (error instanceof Broken || signal.aborted) throw error;
      if (error instanceof MalformedResponse) throw this.#source.fail({ kind: "protocol", message: error.problem });
      throw new Broken("network", `the response broke off: ${serializeError(error).message}`, serializeError(error));
    }
    throw new Broken("network", "the response ended early");
  }

  /** Leaves a response open for a while, for who reads next. */
  #keep(body: OpenBody): void {
    this.#body = body;
    this.#timer = setTimeout(this.#onAbort, UNREAD);
    this.#source.signal?.addEventListener("abort", this.#onAbort);
  }

  #release(): void {
    this.#body?.close();
    this.#forget();
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#source.signal?.removeEventListener("abort", this.#onAbort);
    this.#body = undefined;
  }
}

/** Waits for one piece after the other. A large file has so many that each must be cheap: one timer and one listener serve them all. */
class Wait {
  readonly #deadline: Deadline;
  readonly #idle: number;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.#reject(this.#signal.reason);
  #reject: (reason: unknown) => void = () => {};

  constructor(idle: number, signal: AbortSignal) {
    this.#idle = idle;
    this.#signal = signal;
    this.#deadline = new Deadline(() => this.#reject(new Broken("timeout", `no more of the response within ${idle} ms`)));
    signal.addEventListener("abort", this.#onAbort);
  }

  for<T>(piece: Promise<T>): Promise<T> {
    this.#deadline.begin(this.#idle);
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      const over = (settle: (value: never) => void) => (value: unknown) => {
        this.#deadline.end();
        settle(value as never);
      };
      piece.then(over(resolve), over(reject));
    });
  }

  stop(): void {
    this.#deadline.stop();
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}

/** A response that broke, which another request may go on with. */
class Broken extends Error {
  constructor(
    readonly kind: "network" | "timeout",
    message: string,
    readonly thrown?: object,
  ) {
    super(message);
  }
}
