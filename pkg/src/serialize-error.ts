/** What an error says, apart from the object that it is. */

export interface SerializedError {
  name?: string;
  message: string;
  code?: string;
  cause?: SerializedError;
}

/** No more than the words: what a foreign `fetch` throws may hold the request, and the token, in its properties. */
export function serializeError(error: unknown, depth = 3): SerializedError {
  if (error === null || typeof error !== "object") return { message: text(error) };
  const [name, message, code, cause] = ["name", "message", "code", "cause"].map((property) => read(error, property));
  return {
    ...(name !== undefined && { name: text(name) }),
    message: text(message ?? ""),
    ...(code !== undefined && { code: text(code) }),
    ...(cause !== undefined && depth > 0 && { cause: serializeError(cause, depth - 1) }),
  };
}

/** What is thrown may be anything: an object whose getters throw, or that cannot be converted to a string. */
function read(object: object, property: string): unknown {
  try {
    return (object as Record<string, unknown>)[property];
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}

/** An error that says the same. */
export function deserializeError(said: unknown): unknown {
  if (said instanceof Error || said === null || typeof said !== "object") return said;
  const { name, message, code, cause } = said as SerializedError;
  const error = new Error(message, cause && { cause: deserializeError(cause) });
  return Object.assign(error, name !== undefined && { name }, code !== undefined && { code });
}
