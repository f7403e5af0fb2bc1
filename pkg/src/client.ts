/** What `Hub` and `InferenceRouter` share: their options, and the way to the core. */
import { redirect } from "#load";
import type { Access } from "./agent/access.js";
import type { Governor, Recorder } from "./agent/governor.js";
import type { Policy } from "./agent/policy.js";
import type { ApprovalAnswer, ApprovalRequest, CallRecord } from "./agent/record.js";
import { core } from "./core.js";
import { CallDriver } from "./call-driver.js";
import type { FileCall } from "./download/first.js";
import { type Client as Core, Mode } from "./core_bg.js";
import { calledFrom } from "./caller.js";
import { type ErrorFacts, HfError } from "./errors.js";
import { EventStream } from "./events.js";
import { type FetchPage, Pages } from "./pages.js";
import { callOptions, clientOptions, isSignal, Refusal } from "./options.js";
import type { PartStore } from "./part-store.js";
import type { Progress } from "./progress.js";
import type { AbortSignal, CryptoKey, HeadersInit, RequestInit, Response } from "./types/platform.js";
import { environment, userAgent } from "./environment.js";

/** How often and how long a failed request is sent again, where that does no harm. */
export interface RetryPolicy {
  /** Requests at most, the first one included. Default 5. */
  attempts?: number | undefined;
  /** Longest wait of the back-off in milliseconds. Default 20,000. A longer wait that the server names is kept. */
  maxDelay?: number | undefined;
  /** Milliseconds from the first request to the start of the last. Default 120,000. */
  maxElapsed?: number | undefined;
}

/** Limits of time in milliseconds; `Infinity` is none. */
export interface TimeLimits {
  /**
   * From a request to the head of its response. Default 60,000; on the router, where a model may take its time, 300,000.
   * An upload has so much longer as its bytes need at 50 kB a second.
   */
  headers?: number | undefined;
  /**
   * Between two pieces of a response or of a stream. Default 60,000. Unless it is set, a body that is known to have at
   * most 64 kB is read at once, and counts as one piece.
   */
  idle?: number | undefined;
  /** The whole call: retries, waits and all; a stream to its end; of a list, each page. Default: none. */
  total?: number | undefined;
}

/** A request that got a response. */
export interface ResponseInfo {
  endpoint: string;
  method: string;
  /** Without its query where the URL is not the API's own, as of an upload: it may hold a right of its own. */
  url: string;
  status: number;
  /** Milliseconds until the headers came. */
  ms: number;
  /** Counted from 1. */
  attempt: number;
  /** Empty where no limit of the API applies. */
  bucket: string;
  /** Requests left in the bucket; undefined where a browser hides the headers. */
  remaining: number | undefined;
  quota: number | undefined;
  /** Requests that this client has sent in the bucket's window. */
  sent: number;
  requestId: string | undefined;
}

/** A request that is about to be sent again. */
export interface RetryInfo {
  endpoint: string;
  /** Attempt that failed, counted from 1. */
  attempt: number;
  /** Milliseconds until the next attempt. */
  wait: number;
  status: number | undefined;
  reason: string;
}

/** What is known of a rate-limit bucket. */
export interface RateLimit {
  /** Requests that a window allows. */
  quota: number | undefined;
  /** Requests left. */
  remaining: number | undefined;
  /** When the window ends. */
  resetsAt: Date;
  /** Requests that this client has sent in the window. */
  sent: number;
  /** Whether the numbers come from the server's headers, or from counting only. */
  fromHeaders: boolean;
}

export interface ClientOptions {
  /**
   * Access token, or a function that gives one for each request. Default: `HF_TOKEN`, where an environment exists;
   * `null` or `false` sends none.
   */
  token?: string | (() => string | null | undefined | Promise<string | null | undefined>) | null | false | undefined;
  /** Base URL of the service. */
  endpoint?: string | undefined;
  /** Replaces the global `fetch`. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Limits of time; a number of milliseconds is that of the whole call. */
  timeout?: number | TimeLimits | undefined;
  /**
   * Bytes of a response, after decompression. Default: 32 MiB for JSON, none for files. Of a stream it limits one event.
   */
  maxResponseBytes?: number | undefined;
  /**
   * Waits until a rate-limit window has room rather than run into its end. Where a browser hides the headers, requests
   * are counted, and what the Hub allows to anyone is taken for the limit.
   */
  pace?: boolean | undefined;
  /** `false` sends every request once. */
  retry?: RetryPolicy | boolean | undefined;
  /** Headers for every request to the endpoint's own origin. */
  headers?: HeadersInit | undefined;
  /** Called for every response. */
  onResponse?: ((info: ResponseInfo) => void) | undefined;
  /** Called before each retry. */
  onRetry?: ((info: RetryInfo) => void) | undefined;
  /** What the client may do; what is not allowed is denied before anything is sent. Without one, everything is allowed. */
  policy?: Policy | undefined;
  /** Is asked about each call that the policy marks `ask`. Without it such calls are denied. */
  approve?: ((call: ApprovalRequest) => ApprovalAnswer | Promise<ApprovalAnswer>) | undefined;
  /** The owner's key, with which calls that wait for approval are encrypted: 32 characters or more. */
  approvalKey?: string | CryptoKey | undefined;
  /**
   * Takes a record of every call, also of denied ones. One that it does not take, because it throws or rejects, is kept
   * and offered again with the next call; {@link Client.flushRecords} waits for that.
   */
  onCall?: ((record: CallRecord) => unknown) | undefined;
  /** `required`: a write is sent when its record was taken, and its call ends when the record of its end was. */
  audit?: "required" | "bestEffort" | undefined;
  /** Id of a session, by which the router bills: sent as `X-HF-Session-id`, and noted in records. */
  session?: string | undefined;
}

/** Options of one call. */
export interface CallOptions {
  /** Aborts the call; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Limits of time; a number of milliseconds is that of the whole call. */
  timeout?: number | TimeLimits | undefined;
  /** Bytes of the response, after decompression. */
  maxResponseBytes?: number | undefined;
  retry?: RetryPolicy | boolean | undefined;
  headers?: HeadersInit | undefined;
  /** Called with the progress of a commit, and of a file that is read. */
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Of a commit: keeps which parts of large files have arrived, so that another process can send the rest. */
  store?: PartStore | undefined;
}

/** A client that was narrowed from another. */
type Narrowed = ClientOptions & { [WIDER]?: Client };
const WIDER = Symbol("wider");

/** What the rest of the package asks of a client: its options, what governs it, how it calls, and how a call that was approved is made. @internal */
export let internals: (client: Client) => Internals;
interface Internals {
  router: boolean;
  options: ClientOptions;
  governor(): Promise<Governor | undefined>;
  ask(name: string, params: object): Promise<unknown>;
  call(name: string, params: object): Promise<unknown>;
}

/** Permissions, loaded when first asked for. */
const permissions = () => import("./agent/can.js");

export abstract class Client {
  readonly #isRouter: boolean;
  readonly #options: ClientOptions;
  #core: Promise<Core> | undefined;
  #made: Core | undefined;
  #governor: Governor | undefined;
  /** Whether errors tell what the token may do. */
  #explains = false;
  /** What this one was narrowed from. */
  readonly #wider: Client | undefined;
  /** Whether its call was approved before. */
  #approved = false;
  /** Whether its options are wrong, which another try does not change. */
  #isRefused = false;

  protected constructor(host: "hub" | "router", options: ClientOptions, endpoint: string) {
    this.#isRouter = host === "router";
    // Bound once: a `fetch` called as a method of another object fails in browsers.
    const fetch = options?.fetch ?? ((url: string, init: RequestInit) => globalThis.fetch(url, init));
    const token = options?.token === undefined ? environment("HF_TOKEN") : options.token;
    const isObject = typeof options === "object" && options !== null && !Array.isArray(options);
    // A file or a variable may end with a line break. What has the wrong type is refused at the first call.
    const trimmed = typeof endpoint === "string" ? endpoint.trim() : endpoint;
    this.#options = isObject ? { ...options, token, endpoint: trimmed, fetch } : options;
    this.#wider = (options as Narrowed | undefined)?.[WIDER];
    core.begin();
  }

  /** A client with the same options that may do what this one may and `policy` allows. They share rate limits and budgets. */
  with({ policy }: { policy: Policy }): this {
    return this.#narrowed({ policy });
  }

  #narrowed(more: ClientOptions): this {
    const Class = this.constructor as new (options: Narrowed) => this;
    return new Class({ ...this.#options, policy: undefined, ...more, [WIDER]: this });
  }

  /**
   * Returns whether the token may make a call, by what `whoAmI` says of it and by what the endpoint needs: `denied` says
   * what is missing on which entity, and where to add it. The response of `whoAmI` is kept for five minutes. From the first
   * question on, and where there is a policy, errors with status 401 and 403 have the answer as `access`.
   *
   * @param params - Those of the call, as far as they say what it is about.
   * @param options - `hub`: of a router, the Hub that knows the token.
   */
  async can(endpoint: Extract<keyof this, string>, params?: object, options?: { hub?: Client | undefined }): Promise<Access> {
    this.#explains = true;
    return (await permissions()).can(this, endpoint, params, options);
  }

  /** Delivers the records that `onCall` has not taken yet; rejects with what it throws. */
  async flushRecords(): Promise<void> {
    await this.#governor?.flush();
  }

  /** What is known of the rate limits, by bucket. */
  get rateLimits(): Record<string, RateLimit> {
    const known = core.enter(() => this.#made?.rateLimits() ?? {}) as Record<string, RateLimit & { resetsAt: number }>;
    return Object.fromEntries(Object.entries(known).map(([name, limit]) => [name, { ...limit, resetsAt: new Date(limit.resetsAt) }]));
  }

  /** @internal */
  protected call<T>(name: string, params: object, options?: CallOptions): Promise<T> {
    const caller = new Error();
    const call = name === "commit" ? this.#commit(params, options) : this.#call(name, Mode.Reply, undefined, params, options, signalOf(options));
    return this.#from(caller, name, params, call as Promise<T>);
  }

  /** @internal */
  protected pages<T>(name: string, params: object, options?: CallOptions): Pages<T> {
    const caller = new Error();
    const fetch: FetchPage = (url, signal) => this.#from(caller, name, params, this.#call(name, Mode.Page, url, params, options, signal));
    return new Pages(name, fetch, (params as { limit?: number })?.limit, signalOf(options), caller);
  }

  /** @internal */
  protected events<T>(name: string, params: object, options?: CallOptions): EventStream<T> {
    const open = (signal: AbortSignal) => this.#drive(name, Mode.Stream, undefined, params, options, signal);
    return new EventStream<T>(open, { endpoint: name, subject: (params as { model?: unknown } | undefined)?.model }, signalOf(options), (error) => this.#explain(error, name, params), new Error());
  }

  /** Gives what rejects the stack of the caller, and what is known of the token. */
  async #from<T>(caller: Error, name: string, params: object, call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      await this.#explain(error, name, params);
      throw calledFrom(caller, error);
    }
  }

  async #explain(error: unknown, name: string, params: object): Promise<void> {
    if (this.#explains) await permissions().then(({ explained }) => explained(this, error, name, params), () => {});
  }

  async #call(name: string, mode: Mode, url: string | undefined, params: object, options: CallOptions | undefined, signal: AbortSignal | undefined): Promise<unknown> {
    return (await (await this.#drive(name, mode, url, params, options, signal)).run()).value;
  }

  /** The parameters; a copy of them where something decides on them or records them. */
  #given(params: object): object {
    return this.#governor?.snapshot(params) ?? params;
  }

  /** Begins the record of a call. */
  async #begin(name: string, params: object): Promise<Recorder | undefined> {
    const record = this.#governor?.begin(name, params, this.#approved);
    await record?.begun();
    return record;
  }

  /** Begins a call, whose driver ends its record: what the caller's own may throw is read before. */
  async #drive(name: string, mode: Mode, url: string | undefined, params: object, options: CallOptions | undefined, signal: AbortSignal | undefined): Promise<CallDriver> {
    const made = this.#made ?? (await this.#ready());
    const own = callOptions(options);
    const given = this.#given(params);
    const streaming = mode === Mode.Stream && typeof given === "object" ? { ...given, stream: true } : given;
    const record = this.#governor && (await this.#begin(name, given));
    const asked = mode === Mode.Stream && record ? record.streaming(streaming) : streaming;
    const start = (driver: CallDriver) => made.call(name, mode, url, asked, entries(asked), own, driver);
    const file = name === "downloadFile" ? { params, options, again: this.#again(params, options, record) } : undefined;
    return new CallDriver({ name, client: this.#options, signal, record, ...(file && { file }) }, core, start);
  }

  /** Asks for a part of a file whose download was let through. */
  #again(params: object, options: CallOptions | undefined, record: Recorder | undefined): FileCall["again"] {
    return (more, signal) => {
      const client = record ? this.#narrowed({}) : this;
      client.#approved ||= record !== undefined;
      return client.call("downloadFile", { ...params, ...more }, { ...options, signal, onProgress: undefined });
    };
  }

  /** A commit runs in a WebAssembly of its own, and makes its calls by the core. */
  async #commit(params: object, options: CallOptions | undefined): Promise<unknown> {
    const made = this.#made ?? (await this.#ready());
    const given = this.#given(params);
    const { run } = await import("./commit-run.js");
    const begin = async () => this.#governor && (await this.#begin("commit", given));
    return run({ made, client: this.#options, params: given, entries: entries(given), options, signal: signalOf(options), begin, thrown });
  }

  #ready(): Promise<Core> {
    this.#core ??= this.#load().catch((error: unknown) => {
      if (!this.#isRefused) this.#core = undefined;
      throw error;
    });
    return this.#core;
  }

  async #load(): Promise<Core> {
    const { policy, approve, onCall, audit, session } = Object(this.#options) as ClientOptions;
    const wider = this.#wider;
    const from = wider && (await wider.#ready());
    // What is no policy is refused, and is not taken for none.
    const isGoverned = [wider, policy, approve, onCall, audit].some((option) => option !== undefined);
    this.#explains ||= isGoverned;
    const [{ Client }, agent] = await Promise.all([core.ready(), isGoverned ? import("./agent/governor.js") : undefined]);
    const headers: [string, string][] = session && this.#isRouter ? [["x-hf-session-id", session]] : [];
    try {
      const governor = (this.#governor = agent && new agent.Governor(this.#isRouter, this.#options, wider ? wider.#governor : undefined));
      const options = clientOptions(this.#options, [...userAgent(), ...headers], redirect === "follow", Boolean(agent));
      const own = policy && governor?.policies.at(-1);
      this.#made = core.enter(() => {
        const made = from ?? thrown(() => new Client(this.#isRouter, options));
        return own ? made.with(own) : made;
      });
      return this.#made;
    } catch (error) {
      this.#isRefused = true;
      if (!(error instanceof Refusal)) throw error;
      return thrown(() => new Client(false, { refusal: error })) as never;
    }
  }

  /** @internal */
  static {
    internals = (client) => ({
      router: client.#isRouter,
      options: client.#options,
      governor: async () => (await client.#ready()) && client.#governor,
      ask: (name, params) => client.call(name, params),
      call: async (name, params) => {
        const approved = client.#narrowed({});
        approved.#approved = true;
        return await approved.call(name, params);
      },
    });
  }
}

/** Makes errors of facts that the core throws. */
function thrown<T>(run: () => T): T {
  try {
    return run();
  } catch (problem) {
    throw isFacts(problem) ? HfError.from(problem) : problem;
  }
}

/** Names and values of what is given, by turns; undefined where parameters are no object. */
function entries(params: unknown): unknown[] | undefined {
  if (typeof params !== "object" || params === null || Array.isArray(params)) return undefined;
  const entries: unknown[] = [];
  for (const [name, value] of Object.entries(params)) if (value !== undefined && value !== null) entries.push(name, value);
  return entries;
}

/** The signal of a call. One that is none is refused with the other options. */
function signalOf(options: CallOptions | undefined): AbortSignal | undefined {
  return isSignal(options?.signal) ? options.signal : undefined;
}

/** Whether this is what the core makes of a failure. */
function isFacts(thrown: unknown): thrown is ErrorFacts {
  return typeof thrown === "object" && thrown !== null && !(thrown instanceof Error) && "kind" in thrown;
}
