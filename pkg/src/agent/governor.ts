/**
 * What stands between a client and its calls where it has a policy, a hook for records or one for approval. Loaded only
 * then.
 */
import type { ClientOptions, ResponseInfo } from "../client.js";
import { type ErrorFacts, HfError, PolicyError } from "../errors.js";
import { header } from "../exchange.js";
import { headerPairs, Refusal } from "../options.js";
import { Secrets } from "../secrets.js";
import { parse } from "../stream-values.js";
import { asked } from "./address.js";
import { writeDown } from "./approval.js";
import { Budgets, type Held, type Named } from "./budgets.js";
import { Log } from "./log.js";
import { namedIn } from "./named.js";
import { type CheckedPolicy, checkPolicy, type Group, verdictOf } from "./policy.js";
import { type Price, Prices } from "./price.js";
import type { ApprovalAnswer, ApprovalRequest, CallRecord } from "./record.js";
import { HUB, ROUTER, type Row } from "../generated/rows.js";
import type { Response } from "../types/platform.js";
import { designation, lowered, sentence } from "./sentence.js";
import { shown } from "./shown.js";
import { snapshot } from "./snapshot.js";
import { amount, sizeOf, Usage } from "./usage.js";

/** A header of a download is a download to everybody else. */
const ALIASES: Record<string, string> = { fileHeaders: "downloadFile" };
/** Tokens that a chat may write, as long as it is under way, where its parameters do not say. */
const MAY_WRITE = 10_000;

/** What governs one client, and those that were narrowed from it. */
export class Governor {
  readonly router: boolean;
  readonly options: ClientOptions;
  readonly agent: string | undefined;
  /** Every policy, the widest first. */
  readonly policies: CheckedPolicy[];
  readonly budgets: Budgets;
  /** The token's account, once `whoAmI` has reported it. */
  account: string | undefined;
  /** What the router asks for its models. */
  readonly prices: Prices;
  /** Copies the parameters of a call. */
  readonly snapshot = snapshot;
  /** What its requests carry, as far as it is known: by the options, and by the last of each header that was sent. */
  readonly carried: Record<string, string>;
  readonly #log: Log;

  constructor(router: boolean, options: ClientOptions, parent?: Governor) {
    this.router = router;
    this.options = options;
    const { policy, approve, onCall, audit, token, headers } = options;
    for (const [name, value] of Object.entries({ approve, onCall })) {
      if (value !== undefined && typeof value !== "function") throw new Refusal(name, "must be a function");
    }
    if (audit !== undefined && audit !== "required" && audit !== "bestEffort") throw new Refusal("audit", 'must be "required" or "bestEffort"');
    if (audit === "required" && !onCall) throw new Refusal("audit", "needs onCall, which takes the records");
    this.policies = [...(parent?.policies ?? []), ...(policy === undefined ? [] : [checkPolicy(policy)])];
    this.budgets = new Budgets(this.policies);
    this.agent = policy?.agent ?? parent?.agent;
    this.account = parent?.account;
    this.prices = parent?.prices ?? new Prices(options);
    this.carried = parent?.carried ?? { token: typeof token === "string" ? token : "", ...Object.fromEntries(headerPairs(headers)) };
    this.#log = parent ? parent.#log : new Log(onCall);
  }

  /** Delivers the records that wait. */
  flush(): Promise<void> {
    return this.#log.settle();
  }

  /** Begins a call; of one that is none of the API's, `outside` has the row and the host. */
  begin(name: string, params: object, approved: boolean, outside?: { row: Row; host: string }): Recorder {
    const own = ALIASES[name] ?? name;
    const row = outside?.row ?? (this.router ? ROUTER : HUB)[own];
    return new Recorder(this, this.#log, own, row ?? ["account", "write", "", `Call|Called ${own}`, ""], params, approved, outside?.host);
  }
}

/** What is known of one call. */
export class Recorder {
  readonly #governor: Governor;
  readonly #budgets: Budgets;
  readonly #held: Held = new Map();
  readonly #log: Log;
  readonly #row: Row;
  readonly #params: Record<string, unknown>;
  readonly #approved: boolean;
  /** Repositories that the parameters name beside the call's own. */
  readonly #named: string[];
  readonly #began = Date.now();
  readonly #record: CallRecord;
  readonly #isRequired: boolean;
  readonly #usage = new Usage();
  /** Whether it is a chat with a model, which has a price. */
  readonly #isChat: boolean;
  #ended: Promise<void> | undefined;
  /** Whether a model may have been asked, which costs even where nobody waits for what it writes. */
  #mayCost = false;
  /** Whether the policies have let the call through. */
  admitted = false;
  /** What nobody else may see. */
  readonly secrets = new Secrets();
  /** The token of a call that was deferred. */
  pending: string | undefined;

  constructor(governor: Governor, log: Log, name: string, row: Row, params: object, approved: boolean, host?: string) {
    this.#governor = governor;
    this.#budgets = governor.budgets;
    this.#log = log;
    this.secrets.sent("", governor.carried, true);
    this.#row = row;
    this.#params = { ...params };
    this.#approved = approved;
    this.#named = ["webhooks", "account", "repos"].includes(row[0]) && name !== "commit" ? namedIn(this.#params) : [];
    const { agent, account, options } = governor;
    const { repo, fromRepo, revision, model } = this.#params;
    const write = row[1] === "write";
    this.#isRequired = write && options.audit === "required";
    this.#isChat = governor.router && name === "chatCompletion";
    this.#record = {
      id: globalThis.crypto?.randomUUID?.() ?? Array.from({ length: 4 }, () => Math.random().toString(36).slice(2)).join(""),
      phase: "done",
      time: new Date(this.#began).toISOString(),
      agent,
      account,
      session: options.session,
      endpoint: name,
      group: row[0] as Group,
      access: write ? "write" : "read",
      host: host ?? hostOf(options.endpoint),
      repo: designation(repo ?? fromRepo),
      revision: typeof revision === "string" ? revision : undefined,
      model: typeof model === "string" ? model : undefined,
      decision: "allowed",
      bytesSent: 0,
      bytesReceived: 0,
      requests: 0,
      sentence: sentence(row[3], this.#params, false),
    };
  }

  /** Before anything leaves: budgets have room for the call, and a write waits for its record where that is required. */
  async begun(): Promise<void> {
    try {
      if (this.#log.isFull) throw this.#refusal("audit", "the records of calls are not taken, and too many wait");
      await this.#findPrice();
      // From here to the count nothing waits: calls that begin meanwhile would find the same room.
      this.makeRoom(0, true);
      // Taken back if the policy denies the call: calls that begin meanwhile find it taken.
      this.#budgets.spend("calls", 1, this.#held);
      this.#hold();
      if (!this.#isRequired) return;
      const decision = this.#governor.policies.length === 0 ? "allowed" : "undecided";
      await this.#log.write(this.secrets.redacted({ ...this.#record, phase: "begun", decision })).catch(() => {
        throw this.#refusal("audit: required", "its record was not taken");
      });
    } catch (error) {
      if (error instanceof PolicyError) this.#record.decision = "denied";
      await this.end({ error });
      throw error;
    }
  }

  /** Takes room of the budgets for the bytes that a part of the call is about to send, or throws where there is none. */
  makeRoom(bytes: number, begins = false): void {
    const exhausted = this.#budgets.exhausted(begins, bytes);
    if (exhausted) this.#deny(exhausted, "is used up", exhausted.budget.since + exhausted.budget.per - Date.now());
    // Until they are sent: other parts go at the same time.
    this.#budgets.spend("bytes", bytes, this.#held);
  }

  /** What a chat uses is known at its end. Until then it holds what it may use, or all that begin meanwhile would pass. */
  #hold(): void {
    if (!this.#isChat || !this.#budgets.countUsage) return;
    const { max_tokens, max_completion_tokens, n } = this.#params;
    const read = sizeOf(JSON.stringify(this.#params)) / 4;
    const written = (amount(max_completion_tokens ?? max_tokens) || MAY_WRITE) * (amount(n) || 1);
    this.#budgets.spend("tokens", read + written, this.#held);
    this.#budgets.spend("usd", this.#governor.prices.known(this.#record.model)?.(read, written) ?? 0, this.#held);
  }

  /** Throws where a budget of money could not count the call, since its cost is not known. */
  async #findPrice(): Promise<void> {
    const { endpoint, model, group, access } = this.#record;
    const budget = group === "inference" && access === "write" ? this.#budgets.of("usd") : undefined;
    // What is denied anyway asks for no price: nothing leaves.
    if (!budget || this.#governor.policies.some((policy) => !policy.dryRun && verdictOf(policy, endpoint, group, true).verdict === "off")) return;
    if (this.#isChat && (await this.#governor.prices.of(model))) return;
    this.#deny(budget, `cannot count it, because the router lists no price for ${this.#isChat ? model : endpoint}`);
  }

  /** Throws for a budget, unless it only reports. */
  #deny({ rule, dryRun }: Named, why: string, wait?: number): void {
    this.decided(dryRun ? "would-deny" : "denied", rule);
    if (!dryRun) throw this.#refusal(rule, `a budget of the policy ${why} (${rule})`, Number.isFinite(wait) ? wait : undefined);
  }

  /** The parameters of a stream, which reports what it uses only where it is asked to. */
  streaming(params: object): object {
    if (!this.#isChat || !this.#budgets.countUsage || typeof params !== "object") return params;
    return { ...params, stream_options: { ...(params as { stream_options?: object }).stream_options, include_usage: true } };
  }

  decided(decision: string, rule: string): void {
    const named = rule || undefined;
    if (decision === "denied" || decision === "declined") this.#budgets.spend("calls", -1, this.#held);
    if (decision !== "would-deny") this.admitted = decision === "allowed" || decision === "approved";
    if (decision === "would-deny") this.#record.wouldDeny ??= named;
    else Object.assign(this.#record, { decision: this.pending ? "deferred" : decision, rule: named ?? this.#record.rule });
  }

  /** What the URL asks for, and what the parameters name: lines of an endpoint and a repository. */
  asked(method: string, url: string): string {
    const { router, options } = this.#governor;
    const lines = asked(router, options.endpoint ?? "", method, url);
    return lines.length === 0 ? "unknown" : [...lines, ...this.#named].join("\n");
  }

  /** True if the call is approved, else why it is not. */
  async approve(rule: string): Promise<true | string> {
    if (this.#approved) return true;
    const { approve } = this.#governor.options;
    if (!approve) return "the policy asks a person first, and there is no approve option";
    const { id, agent, endpoint, group, access, host, repo, revision, sentence } = this.secrets.redacted(this.#record);
    const call = { id, agent, endpoint, group, access, host, repo, revision, rule, sentence };
    const defer: ApprovalRequest["defer"] = async ({ expiresIn } = {}) => {
      if (group === "mcp") throw new TypeError("a call of an MCP server's tool cannot be deferred");
      return await writeDown({ ...call, router: this.#governor.router, params: this.#params }, this.#governor.options, expiresIn);
    };
    const verdict: ApprovalAnswer = await approve({ ...call, params: shown(this.#params, this.secrets), defer });
    if (verdict === true) return true;
    if (typeof verdict === "string") return `a person declined it: ${verdict}`;
    if (typeof verdict !== "object" || typeof verdict?.pending !== "string") return "a person declined it";
    this.pending = verdict.pending;
    return "it waits for a person's approval";
  }

  /** What else is known of an error. */
  explained(facts: ErrorFacts): ErrorFacts {
    const { repo } = this.#record;
    return facts.kind === "policy" ? { ...facts, repo, pending: this.pending } : facts;
  }

  responded({ status, requestId }: ResponseInfo): void {
    this.#mayCost = status < 400;
    this.#record.status = status;
    this.#record.requestId = requestId ?? this.#record.requestId;
  }

  /** The head of a response; a browser may hide its headers. */
  headed(response: Response): void {
    const provider = header(response, "x-inference-provider");
    if (provider && /^[\w.-]{1,64}$/.test(provider)) this.#record.provider = provider;
  }

  sent(body: unknown, headers: object): void {
    Object.assign(this.#governor.carried, headers);
    const bytes = sizeOf(body);
    this.#mayCost = true;
    this.#record.requests++;
    this.#record.bytesSent += bytes;
    this.#budgets.spend("bytes", -bytes, this.#held);
    this.#budgets.spend("bytes", bytes);
    // The record will tell the cost.
    if (this.#isChat && this.#log.isRead) void this.#governor.prices.of(this.#record.model);
  }

  /** A part of a stream, which may tell what it has cost. */
  emitted(text: unknown): void {
    if (typeof text !== "string" || !(this.#budgets.countUsage || text.includes('"usage"'))) return;
    for (const chunk of parse(text, this.#record).values) this.#usage.take(chunk);
  }

  received(bytes: number): void {
    this.#record.bytesReceived += bytes;
    this.#budgets.spend("bytes", bytes);
  }

  /** The call has ended; the promise is of its record. */
  end(outcome: { value?: unknown; error?: unknown }): Promise<void> {
    if (!this.#ended) this.#log.expect((this.#ended = this.#end(outcome).catch(unmade)));
    return this.#ended;
  }

  async #end({ value, error }: { value?: unknown; error?: unknown }): Promise<void> {
    const record = this.#record;
    // What has sent nothing has used nothing. Of calls that are none of the API's nobody knows, unless they waited for a person.
    const isUnsent = error && !record.requests && record.group !== "mcp";
    if (isUnsent || record.decision === "asked") this.#budgets.spend("calls", -1, this.#held);
    this.#count(value);
    record.duration = Date.now() - this.#began;
    if (record.endpoint === "whoAmI" && error === undefined) this.#governor.account = (Object(value) as { name?: string }).name;
    record.account ??= this.#governor.account;
    const known = error instanceof HfError;
    record.outcome = error === undefined ? "succeeded" : !known ? "aborted" : error.kind === "policy" ? "denied" : error.kind === "aborted" ? "aborted" : "failed";
    if (known) {
      record.error = { kind: error.kind, message: error.message };
      record.requestId ??= error.requestId;
    }
    record.sentence = this.#sentence(known ? error : undefined);
    // Budgets of money have asked for the prices before.
    if (this.#isChat && record.usage && record.usd === undefined && this.#log.isRead) this.#price(await this.#governor.prices.of(record.model, record.provider));
    // What is not taken waits in the log, and the next call offers it again.
    await this.#log.write(this.secrets.redacted(record)).catch(() => {});
  }

  /** The call has ended; gives what its own end has to wait for. */
  ended(outcome: { value?: unknown; error?: unknown }): Promise<void> | undefined {
    const written = this.end(outcome);
    return this.#isRequired ? written : undefined;
  }

  #sentence(error: HfError | undefined): string {
    const { outcome, decision, wouldDeny } = this.#record;
    const done = sentence(this.#row[3], this.#params, true);
    const undone = lowered(sentence(this.#row[3], this.#params, false));
    const why = error ? `: ${error.message.replace(/^[^:]*: /, "")}` : "";
    if (outcome === "denied") return decision === "deferred" ? `Waits for approval to ${undone}` : `Was not allowed to ${undone}${why}`;
    if (outcome === "aborted" && decision === "asked") return `Stopped before a person approved it: ${undone}`;
    if (outcome === "aborted") return `Stopped before it was known whether it did: ${undone}`;
    if (outcome === "failed") return `Failed to ${undone}${why}`;
    return decision === "approved" ? `${done}, with approval` : wouldDeny ? `${done}, which the policy would deny` : done;
  }

  /** Counts what a model has used. Where a budget has to know and nothing is reported, it is a token for each byte. */
  #count(value: unknown): void {
    const [record, budgets, used] = [this.#record, this.#budgets, this.#usage];
    for (const unit of ["bytes", "tokens", "usd"]) budgets.spend(unit, Number.NEGATIVE_INFINITY, this.#held);
    used.take(value);
    if (this.#isChat && this.#mayCost && budgets.countUsage) used.estimate(record.bytesSent);
    record.usage = used.tokens;
    record.usd = used.usd;
    if (used.isEstimated) record.estimated = true;
    if (used.tokens) budgets.spend("tokens", used.tokens.totalTokens);
    if (record.usd === undefined) this.#price(this.#governor.prices.known(record.model, record.provider));
    if (record.usd !== undefined) budgets.spend("usd", record.usd);
  }

  #price(price: Price | undefined): void {
    const { usage } = this.#record;
    if (!price || !usage || !this.#isChat) return;
    this.#record.usd = price(usage.promptTokens, usage.completionTokens);
    this.#record.estimated = true;
  }

  #refusal(rule: string, reason: string, retryAfter?: number): PolicyError {
    const { endpoint, repo } = this.#record;
    const message = `${endpoint}${repo ? ` ${repo}` : ""}: ${reason}`;
    const advice = rule.startsWith("audit")
      ? "Nothing was sent. Fix the sink that onCall writes to."
      : retryAfter
        ? `The budget opens again in ${Math.ceil(retryAfter / 1000)} seconds.`
        : "The owner of the policy can raise the budget.";
    return new PolicyError(this.secrets.redacted({ kind: "policy", message, endpoint, repo, rule, retryAfter, advice }));
  }
}

/** A record that cannot be made ends no call otherwise. */
function unmade(error: unknown): void {
  console.warn(`hf-wasm: a record of a call could not be made: ${(error as Error)?.message ?? error}`);
}

function hostOf(endpoint: string | undefined): string {
  try {
    return new URL(endpoint ?? "").host;
  } catch {
    return "";
  }
}
