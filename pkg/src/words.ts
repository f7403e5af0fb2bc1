/** What an error says, apart from the object that it is. */

export interface Words {
  name?: string;
  message: string;
  code?: string;
  cause?: Words;
}

/** No more than the words: what a foreign `fetch` throws may hold the request, and the token, in its members. */
export function words(error: unknown, secret = "", depth = 3): Words {
  const text = (value: unknown) => (secret ? String(value).replaceAll(secret, "[hidden]") : String(value));
  if (error === null || typeof error !== "object") return { message: text(error) };
  const { name, message, code, cause } = error as Partial<Record<keyof Words, unknown>>;
  return {
    ...(name !== undefined && { name: text(name) }),
    message: text(message),
    ...(code !== undefined && { code: text(code) }),
    ...(cause !== undefined && depth > 0 && { cause: words(cause, secret, depth - 1) }),
  };
}

/** An error that says the same. */
export function retold(said: unknown): unknown {
  if (said instanceof Error || said === null || typeof said !== "object") return said;
  const { message, cause, ...rest } = said as Words;
  return Object.assign(new Error(message, cause && { cause: retold(cause) }), rest);
}
