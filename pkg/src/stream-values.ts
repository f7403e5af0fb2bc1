/** What the values of a stream mean: which are chunks, which report a failure, and whether the stream is complete. */
import type { ProtocolError } from "./errors.js";
import { type Asked, protocolError } from "./protocol-error.js";

/** Between the items of the array that the core gives; no chunk holds it. */
const BETWEEN = ",\r";

/** A failure that follows the chunks: one that the server reports, or one that is clear already. */
export interface Ending {
  reported?: unknown;
  error?: ProtocolError;
}

export interface Read<T> {
  chunks: T[];
  ending?: Ending;
}

interface Choice {
  index?: number | string | null;
  delta?: unknown;
  message?: Record<string, unknown>;
  finish_reason?: unknown;
}

/** The values of one stream, as they come. */
export class Values<T> {
  readonly #asked: Asked;
  /** Answers that have begun and not ended. */
  readonly #open = new Set<number>();
  #begun = false;
  #finished = false;

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  /** Reads values that come together, as one JSON array. */
  read(text: string): Read<T> {
    const { values, error } = parse(text, this.#asked);
    const chunks: T[] = [];
    for (const value of values) {
      const report = reported(value);
      if (report !== undefined) return { chunks, ending: { reported: report } };
      // Anything else is a sign of life.
      if (hasChoices(value)) chunks.push(this.#chunk(value) as T);
    }
    return error ? { chunks, ending: { error } } : { chunks };
  }

  /** The end of the stream. One that does not say so is complete if every answer that has begun has ended. */
  end(done: boolean): Read<T> {
    const complete = this.#begun && (done || (this.#finished && this.#open.size === 0));
    if (complete) return { chunks: [] };
    const message = this.#begun || !done ? "the stream ended before it was complete" : "the stream holds no chunk";
    return { chunks: [], ending: { error: protocolError(this.#asked, message) } };
  }

  /** Notes which answers have ended. A completion, of a provider that does not stream, becomes one chunk. */
  #chunk(value: { choices: Choice[] }): unknown {
    let regular = true;
    for (const choice of value.choices) {
      const { index, finish_reason: reason, delta } = choice ?? {};
      const number = Number(index ?? 0);
      if (typeof reason === "string" && !NO_REASON.test(reason)) {
        this.#finished = true;
        this.#open.delete(number);
      } else {
        this.#open.add(number);
      }
      this.#begun = true;
      regular &&= delta !== null && typeof delta === "object";
    }
    if (regular) return value;
    const whole = value.choices.some((choice) => choice?.message && !choice.delta);
    const choices = value.choices.filter(Boolean).map(withDelta);
    return { ...value, ...(whole && { object: "chat.completion.chunk" }), choices };
  }
}

/** What some providers write in each chunk of an answer that goes on. */
const NO_REASON = /^\s*(null|none)?\s*$/i;

/** A choice with its piece, which may be nothing, or a whole answer. */
function withDelta({ message, ...choice }: Choice): Choice {
  if (choice.delta) return { ...choice, ...(message && { message }) };
  const calls = message?.["tool_calls"];
  const tool_calls = Array.isArray(calls) ? calls.map((call, index) => ({ index, ...call })) : calls;
  return { ...choice, delta: { ...message, ...(tool_calls !== undefined && { tool_calls }) } };
}

function hasChoices(value: unknown): value is { choices: Choice[] } {
  return Array.isArray((value as { choices?: unknown } | null)?.choices);
}

/** What a value says of the failure of the stream, if it says so: itself, or one of its choices. */
function reported(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  const { error } = value as { error?: unknown };
  if (Array.isArray(error) ? error.length > 0 : error) return value;
  if (hasChoices(value)) return value.choices.find((choice) => (choice as { error?: unknown } | null)?.error);
  const fields = value as Record<string, unknown>;
  const failed = ["detail", "message", "errors", "error_message", "title"].some((name) => fields[name]);
  return failed || ["type", "object", "status"].some((name) => fields[name] === "error") ? value : undefined;
}

/**
 * The values of a JSON array. Where it does not parse, one of its items is none: those before it are kept. Servers that
 * leave out the blank lines between events send several values as one.
 */
export function parse(text: string, asked: Asked): { values: unknown[]; error?: ProtocolError } {
  try {
    return { values: JSON.parse(text) as unknown[] };
  } catch {
    const values: unknown[] = [];
    for (const item of text.slice(1, -1).split(BETWEEN)) {
      try {
        values.push(...parsed(item));
      } catch (cause) {
        const message = "the stream holds a chunk that is not JSON";
        return { values, error: protocolError(asked, message, { cause }) };
      }
    }
    return { values };
  }
}

function parsed(item: string): unknown[] {
  try {
    return [JSON.parse(item)];
  } catch (error) {
    const lines = item.split("\n").filter((line) => line.trim() !== "");
    if (lines.length < 2) throw error;
    return lines.map((line) => JSON.parse(line) as unknown);
  }
}
