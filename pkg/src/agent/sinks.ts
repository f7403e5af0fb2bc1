/** Where records go: values for the option `onCall`. */
import type { WritableStream } from "../types/platform.js";
import { VERSION } from "../generated/version.js";
import type { CallRecord } from "./record.js";

/** Takes a record; a promise that rejects says that it did not. */
export type Sink = (record: CallRecord) => unknown;

/** A stream of bytes, as of a file or a request, or a function that takes a line, its end included. */
export type LineTarget = WritableStream | ((line: string) => unknown);

/** The last records, in memory. */
export function ring(capacity = 1000): Sink & { readonly records: readonly CallRecord[] } {
  const records: CallRecord[] = [];
  const take = (record: CallRecord) => {
    records.push(record);
    if (records.length > capacity) records.shift();
  };
  return Object.assign(take, { records });
}

/** Records as lines of JSON. */
export function ndjson(target: LineTarget): Sink {
  return lines(target);
}

/** Several sinks: a record is taken when all have taken it. */
export function all(...sinks: Sink[]): Sink {
  return async (record) => {
    await Promise.all(sinks.map(async (sink) => await sink(record)));
  };
}

/**
 * Records as a session in Hugging Face's Session Trace Format, which the Hub shows as a conversation: upload the lines as
 * a `.jsonl` file to a dataset. Each call is a call of a tool, and its sentence the result.
 *
 * @param options - `id`: of the session. `name`: its title. `harness`: the program that the agent runs in.
 */
export function sessionTrace(target: LineTarget, { id = crypto.randomUUID(), name, harness = "hf-wasm" }: { id?: string | undefined; name?: string | undefined; harness?: string | undefined } = {}): Sink {
  const write = lines(target);
  let begun = false;
  return async (record) => {
    // What is under way has no result yet.
    if (record.phase === "begun") return;
    const { agent, account } = record;
    if (!begun) await write({ type: "session", harness, id, name, agent, account, version: VERSION });
    begun = true;
    const timestamp = Date.parse(record.time);
    const { endpoint, repo, revision, model } = record;
    const called = { id: record.id, function: { name: endpoint, arguments: JSON.stringify({ repo, revision, model }) } };
    await write({ type: "message", message: { role: "assistant", content: "", toolCalls: [called], timestamp } });
    const content = `${record.sentence} (${[record.decision, record.status, `${record.duration} ms`].filter((part) => part !== undefined).join(", ")})`;
    await write({ type: "message", message: { role: "tool", toolCallId: record.id, content, timestamp: timestamp + (record.duration ?? 0) } });
  };
}

function lines(target: LineTarget): (value: object) => Promise<void> {
  const writer = typeof target === "function" ? undefined : target.getWriter();
  const write = writer ? (line: string) => writer.write(new TextEncoder().encode(line)) : (target as (line: string) => unknown);
  return async (value) => {
    await write(`${JSON.stringify(value)}\n`);
  };
}
