import type { Raw } from "./types/open.js";

/**
 * The same reply, with a type that lets its undeclared fields be read: `raw(info).newField`. Replies are passed on as
 * the API sent them: no field is dropped, renamed or converted, and dates stay ISO 8601 strings in UTC.
 */
export function raw<T extends object>(reply: T): Raw<T> {
  return reply as Raw<T>;
}
