import type { ToolCall } from "./chat.js";
import type { Open } from "./open.js";

/** The response to a conversation. */
export interface ChatCompletion {
  id: string;
  object: Open<"chat.completion">;
  /** Seconds since 1970. */
  created: number;
  /** Model that responded; may be the provider's own name for it. */
  model: string;
  choices: ChatChoice[];
  usage?: Usage | null;
  system_fingerprint?: string | null;
}

/** One of the responses. */
export interface ChatChoice {
  /** Position among the responses, from 0. */
  index: number;
  message: ChatAnswer;
  finish_reason: FinishReason | null;
  logprobs?: Logprobs | null;
}

/** Why a choice ends. */
export type FinishReason = Open<"stop" | "length" | "tool_calls" | "content_filter">;

/** What the model said. It can be given back as a message of the conversation. */
export interface ChatAnswer {
  role: "assistant";
  /** `null` or absent when the model only called tools. */
  content?: string | null;
  tool_calls?: ToolCall[] | null;
  /** Thoughts of a reasoning model, under the name that some providers use. */
  reasoning?: string | null;
  /** Thoughts of a reasoning model, under the name that other providers use. */
  reasoning_content?: string | null;
}

/** Tokens that were counted. */
export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  prompt_tokens_details?: Record<string, unknown> | null;
  completion_tokens_details?: Record<string, unknown> | null;
}

/** Log probabilities of a choice. Providers differ in their form. */
export interface Logprobs {
  content?: TokenLogprob[] | null;
}

/** Log probability of one token. */
export interface TokenLogprob {
  token: string;
  /** Natural logarithm. */
  logprob: number;
  /** UTF-8 of the token. */
  bytes?: number[] | null;
  /** Alternatives at this place. */
  top_logprobs?: { token: string; logprob: number; bytes?: number[] | null }[];
}

/** A chunk of a streamed response. */
export interface ChatCompletionChunk {
  id: string;
  object: Open<"chat.completion.chunk">;
  /** Seconds since 1970. */
  created: number;
  /** Model that responds; may be the provider's own name for it. */
  model: string;
  /** Empty in the last chunk when that one carries `usage` alone. */
  choices: ChunkChoice[];
  /** In the last chunk, with `stream_options.include_usage`; some providers send it always. */
  usage?: Usage | null;
  system_fingerprint?: string | null;
}

/** A piece of one of the responses. */
export interface ChunkChoice {
  /** Position among the responses, from 0. */
  index: number;
  delta: ChatDelta;
  /** Set in the last chunk of this choice. */
  finish_reason?: FinishReason | null;
  logprobs?: Logprobs | null;
}

/** What a piece adds to the response. */
export interface ChatDelta {
  role?: Open<"assistant"> | null;
  /** Text to append. */
  content?: string | null;
  tool_calls?: ToolCallDelta[] | null;
  /** Thoughts to append, under the name that some providers use. */
  reasoning?: string | null;
  /** Thoughts to append, under the name that other providers use. */
  reasoning_content?: string | null;
}

/** What a piece adds to a call of a function; `collectToolCalls` puts the pieces together. */
export interface ToolCallDelta {
  /** Which call of the response the piece belongs to. Some providers leave it out, or count from 1. */
  index?: number | null;
  /** In the first piece. */
  id?: string | null;
  type?: Open<"function"> | null;
  function?: {
    /** In the first piece. */
    name?: string | null;
    /** JSON text to append. */
    arguments?: string | null;
  };
}
