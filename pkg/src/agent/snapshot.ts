import { named } from "../body.js";

/**
 * A copy of a call's parameters, as JSON would write them. So what a policy decides on, what a person is shown and what a
 * record says is what is sent, whatever becomes of the caller's objects meanwhile.
 */
export function snapshot<T>(value: T, above?: readonly unknown[]): T;
export function snapshot(value: unknown, above: readonly unknown[] = []): unknown {
  // A cycle is no JSON, and is refused as such.
  if (typeof value !== "object" || value === null || above.includes(value)) return value;
  const within = [...above, value];
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === "function") return snapshot(toJSON.call(value), within);
  if (Array.isArray(value)) return value.map((item) => snapshot(item, within));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, name === "content" ? contentOf(item) : snapshot(item, within)]));
}

/** The content of a file; that of a message is text or a list. What is only passed on, as a Blob, says nothing that is decided on. */
function contentOf(value: unknown): unknown {
  if (named(value, "ArrayBuffer")) return (value as ArrayBuffer).slice(0);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  return Array.isArray(value) ? snapshot(value) : value;
}
