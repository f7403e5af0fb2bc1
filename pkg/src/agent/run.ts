/** The loop in which a model works with tools. */
import type { ChatCompletionParams } from "../generated/endpoints.js";
import { InvalidInputError } from "../errors.js";
import { either } from "../pages.js";
import type { InferenceRouter } from "../router.js";
import { add, type Draft } from "../tool-calls.js";
import type { AssistantMessage, ChatMessage, ToolCall } from "../types/chat.js";
import type { FinishReason } from "../types/completion.js";
import type { AbortSignal } from "../types/platform.js";
import { type Price, priceOf } from "./price.js";
import { type AgentTool, type ToolResult, Toolset } from "./toolset.js";
import { sizeOf, type TokenUsage, Usage } from "./usage.js";

export interface RunOptions {
  router: InferenceRouter;
  model: string;
  /** The conversation so far. It is not changed: `run.messages` has it with what was added. */
  messages: readonly ChatMessage[];
  tools: Toolset | Iterable<AgentTool>;
  /** Responses of the model at most. Default 10. */
  maxTurns?: number | undefined;
  /** Dollars at most. No turn begins once they are passed. The cost is what providers report, else what their prices make of the tokens. */
  maxCost?: number | undefined;
  /** Tokens at most, read and written. No turn begins once they are used. */
  maxTokens?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Parameters of each chat, such as `temperature`, `max_tokens` and `tool_choice`. */
  chat?: Partial<ChatCompletionParams> | undefined;
}

/** Why a run ended: the model had no more to call, its response was cut off or filtered, or a cap was reached. */
export type RunEnd = "answered" | "length" | "filtered" | "turns" | "cost" | "tokens";

/** What a run has used. */
export interface RunUsage {
  turns: number;
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
  /** A provider reported no usage for a turn, and each of its bytes is counted as a token. */
  estimated?: true | undefined;
  /** Dollars; undefined where no provider has reported any, and no cap had its price looked up. */
  cost: number | undefined;
}

export interface RunOutcome {
  reason: RunEnd;
  /** What the model said last. */
  text: string;
  messages: ChatMessage[];
  usage: RunUsage;
}

/** One step of a run, in the order in which they happen. `turn` counts the model's responses from 1. */
export type RunStep =
  /** A piece of what the model says. */
  | { type: "text"; turn: number; text: string }
  /** A piece of what it thinks. */
  | { type: "reasoning"; turn: number; text: string }
  /** The model's whole response. */
  | { type: "message"; turn: number; message: AssistantMessage; finishReason: FinishReason | null }
  /** A tool is about to be called; `arguments` are as the model wrote them. */
  | { type: "call"; turn: number; id: string; name: string; arguments: string }
  /** What came of it. Calls that only read are made at the same time, and their results come as they are there. */
  | { type: "result"; turn: number; id: string; name: string; result: ToolResult }
  | ({ type: "end"; turn: number } & RunOutcome);

const TURNS = 10;

/**
 * Lets a model work with tools until it has a final response. Nothing is sent until you iterate or await.
 *
 * `for await` yields every step; leaving the loop aborts what is under way. `await` gives the outcome alone. What a tool
 * throws is reported to the model; what the router throws ends the run, and `run.messages` has what was said until then.
 */
export function runTools(options: RunOptions): ToolRun {
  return new ToolRun(options);
}

/** A run of {@link runTools}. */
export class ToolRun implements AsyncIterable<RunStep>, PromiseLike<RunOutcome> {
  /** The conversation, as far as it has come. */
  readonly messages: ChatMessage[];
  readonly usage: RunUsage = { turns: 0, promptTokens: 0, completionTokens: 0, totalTokens: 0, cost: undefined };
  readonly #options: RunOptions;
  readonly #tools: Toolset;
  readonly #stop = new AbortController();
  readonly #steps: AsyncGenerator<RunStep, void, undefined>;
  #price: Price | undefined;
  #awaited: Promise<RunOutcome> | undefined;
  #outcome: RunOutcome | undefined;
  #failure: { error: unknown } | undefined;

  /** @internal */
  constructor(options: RunOptions) {
    const { maxTurns = TURNS, maxCost, maxTokens } = options;
    for (const [field, value] of Object.entries({ maxTurns, maxCost, maxTokens })) {
      if (value !== undefined && !(value >= 0)) throw new InvalidInputError({ kind: "invalidInput", message: `runTools: ${field} must be a number of 0 or more`, field });
    }
    this.#options = options;
    this.#tools = options.tools instanceof Toolset ? options.tools : new Toolset(options.tools);
    this.messages = [...options.messages];
    this.#steps = this.#run();
  }

  [Symbol.asyncIterator](): AsyncGenerator<RunStep, void, undefined> {
    return this.#steps;
  }

  // biome-ignore lint/suspicious/noThenProperty: to be awaited is what it is for.
  then<A = RunOutcome, B = never>(fulfilled?: ((outcome: RunOutcome) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    this.#awaited ??= this.#drain();
    return this.#awaited.then(fulfilled, rejected);
  }

  async #drain(): Promise<RunOutcome> {
    for await (const _ of this.#steps);
    if (this.#outcome) return this.#outcome;
    if (this.#failure) throw this.#failure.error;
    throw new TypeError("the run was left before its end");
  }

  async *#run(): AsyncGenerator<RunStep, void, undefined> {
    const { signal, router, model, maxCost } = this.#options;
    const own = signal ? either(signal, this.#stop) : this.#stop.signal;
    try {
      if (maxCost !== undefined) this.#price = await priceOf(router, model, own);
      for (;;) {
        const reason = this.#cap();
        if (reason) return yield this.#end(reason);
        const turn = ++this.usage.turns;
        const { message, finishReason, drafts } = yield* this.#respond(turn, own);
        this.messages.push(message);
        yield { type: "message", turn, message, finishReason };
        if (drafts.length === 0) return yield this.#end(finishReason === "length" ? "length" : finishReason === "content_filter" ? "filtered" : "answered");
        yield* this.#call(turn, message.tool_calls ?? [], finishReason, own);
      }
    } catch (error) {
      this.#failure = { error };
      throw error;
    } finally {
      this.#stop.abort();
    }
  }

  /** The cap that was reached. */
  #cap(): RunEnd | undefined {
    const { maxTurns = TURNS, maxCost, maxTokens } = this.#options;
    const { turns, cost, totalTokens } = this.usage;
    if (turns >= maxTurns) return "turns";
    if (maxTokens !== undefined && totalTokens >= maxTokens) return "tokens";
    return maxCost !== undefined && (cost ?? 0) > maxCost ? "cost" : undefined;
  }

  #end(reason: RunEnd): RunStep {
    const last = this.messages.findLast(({ role }) => role === "assistant");
    const text = typeof last?.content === "string" ? last.content : "";
    this.#outcome = { reason, text, messages: this.messages, usage: this.usage };
    return { type: "end", turn: this.usage.turns, ...this.#outcome };
  }

  /** One response of the model, from its stream. */
  async *#respond(turn: number, signal: AbortSignal): AsyncGenerator<RunStep, { message: AssistantMessage; finishReason: FinishReason | null; drafts: Draft[] }, undefined> {
    const { router, model, chat } = this.#options;
    const tools = this.#tools.chat;
    const offered = tools.length > 0 ? { tools } : {};
    const params = { stream_options: { include_usage: true }, ...offered, ...chat, model, messages: this.messages };
    const stream = router.chatCompletionStream(params, { signal });
    const drafts: Draft[] = [];
    let content = "";
    let finishReason: FinishReason | null = null;
    const usage = new Usage();
    const reasoning: Pick<AssistantMessage, "reasoning" | "reasoning_content"> = {};
    for await (const chunk of stream) {
      usage.take(chunk);
      for (const { index, delta, finish_reason } of chunk.choices) {
        if ((index ?? 0) !== 0) continue;
        finishReason = finish_reason ?? finishReason;
        for (const name of ["reasoning", "reasoning_content"] as const) {
          const text = delta?.[name];
          if (!text) continue;
          reasoning[name] = (reasoning[name] ?? "") + text;
          yield { type: "reasoning", turn, text };
        }
        for (const piece of delta?.tool_calls ?? []) add(drafts, piece);
        if (!delta?.content) continue;
        content += delta.content;
        yield { type: "text", turn, text: delta.content };
      }
    }
    usage.estimate(sizeOf(JSON.stringify(params)));
    this.#spend(usage);
    // The id that joins a call to its result has to be unique.
    const calls = drafts.map(({ id, name, arguments: text }, at): ToolCall => ({ id: id ?? `call_${turn}_${at}`, type: "function", function: { name, arguments: text } }));
    const message: AssistantMessage = { role: "assistant", content: content || (calls.length > 0 ? null : ""), ...reasoning, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
    return { message, finishReason, drafts };
  }

  #spend({ tokens, usd, isEstimated }: Usage): void {
    const { promptTokens, completionTokens, totalTokens } = tokens as TokenUsage;
    this.usage.promptTokens += promptTokens;
    this.usage.completionTokens += completionTokens;
    this.usage.totalTokens += totalTokens;
    if (isEstimated) this.usage.estimated = true;
    const cost = usd ?? this.#price?.(promptTokens, completionTokens);
    if (cost !== undefined) this.usage.cost = (this.usage.cost ?? 0) + cost;
  }

  /** Makes the calls of one response: those that only read at the same time, those that write one after the other. */
  async *#call(turn: number, calls: readonly ToolCall[], finishReason: FinishReason | null, signal: AbortSignal): AsyncGenerator<RunStep, void, undefined> {
    const texts = new Map<ToolCall, string>();
    for (const together of grouped(calls, (call) => this.#tools.get(call.function.name)?.annotations?.readOnlyHint === true)) {
      const running = new Map<ToolCall, Promise<[ToolCall, ToolResult]>>();
      for (const call of together) {
        const { name, arguments: args } = call.function;
        yield { type: "call", turn, id: call.id, name, arguments: args };
        const result = this.#tools.callTool(name, args, { signal, finishReason }).then((result): [ToolCall, ToolResult] => [call, result]);
        // Nobody waits for it where the loop is left.
        result.catch(() => {});
        running.set(call, result);
      }
      while (running.size > 0) {
        const [call, result] = await Promise.race(running.values());
        running.delete(call);
        texts.set(call, result.text);
        yield { type: "result", turn, id: call.id, name: call.function.name, result };
      }
    }
    for (const call of calls) this.messages.push({ role: "tool", tool_call_id: call.id, content: texts.get(call) ?? "" });
  }
}

/** Neighbours that belong together, in lists of their own; what does not stands alone. */
function* grouped<T>(items: readonly T[], belongs: (item: T) => boolean): Generator<T[]> {
  let group: T[] = [];
  for (const item of items) {
    if (belongs(item)) {
      group.push(item);
      continue;
    }
    if (group.length > 0) yield group;
    yield [item];
    group = [];
  }
  if (group.length > 0) yield group;
}
