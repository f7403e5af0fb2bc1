/** Calls of functions, assembled from the pieces of a stream. */
import { protocolError } from "./protocol-error.js";
import type { ToolCall } from "./types/chat.js";
import type { ChatCompletionChunk, ToolCallDelta } from "./types/completion.js";

const CHAT = { endpoint: "chatCompletion" };

/** A call that is being put together. */
export interface Draft {
  key: string;
  id: string | undefined;
  name: string;
  arguments: string;
}

/**
 * Reads a stream to its end and returns the calls of functions in it, in order.
 *
 * Providers number the pieces of a call from 0 or from 1, give every call the same number, or none: a piece belongs to
 * the call of its number and id, and one without either to the last call.
 *
 * @param stream - What `chatCompletionStream` returns, or its chunks.
 * @param choice - Which of the responses to read, where `n` asked for several.
 * @throws ProtocolError where a call has no name, or arguments that are not whole JSON.
 */
export async function collectToolCalls(
  stream: AsyncIterable<ChatCompletionChunk> | Iterable<ChatCompletionChunk>,
  choice = 0,
): Promise<ToolCall[]> {
  const drafts: Draft[] = [];
  for await (const { choices } of stream) {
    for (const { index, delta } of choices) {
      if ((index ?? 0) !== choice) continue;
      for (const piece of delta?.tool_calls ?? []) add(drafts, piece);
    }
  }
  return drafts.map(finished);
}

/** Adds a piece to the call that it belongs to. */
export function add(drafts: Draft[], { index, id, function: called }: ToolCallDelta): void {
  const last = drafts.at(-1);
  const key = String(index ?? last?.key ?? 0);
  const sameNumber = index == null ? last : drafts.findLast((draft) => draft.key === key);
  // A new id, or a name where arguments have begun, is another call under the same number.
  const another = sameNumber && ((id && sameNumber.id && id !== sameNumber.id) || (!id && called?.name && sameNumber.arguments));
  let draft = another ? undefined : sameNumber;
  if (!draft) {
    draft = { key, id: undefined, name: "", arguments: "" };
    drafts.push(draft);
  }
  draft.id ??= id || undefined;
  // Some providers repeat the name in every piece.
  if (called?.name && called.name !== draft.name) draft.name += called.name;
  const text: unknown = called?.arguments;
  draft.arguments += typeof text === "string" ? text : text == null ? "" : JSON.stringify(text);
}

function finished({ id, name, arguments: text }: Draft, at: number): ToolCall {
  if (name === "") throw protocolError(CHAT, `call ${at} of a function has no name`);
  try {
    JSON.parse(text || "{}");
  } catch (cause) {
    throw protocolError(CHAT, `the arguments of ${name} were cut off, or are no JSON`, { cause });
  }
  return { id: id ?? `call_${at}`, type: "function", function: { name, arguments: text || "{}" } };
}
