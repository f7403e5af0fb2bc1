/** Functions of callers: hooks, which only listen, and the one that gives the token. */

/** A hook that cannot disturb what it listens to: what it throws, or rejects with, is its own. Undefined for what is no function. */
export function guarded<T>(hook: unknown): ((info: T) => void) | undefined {
  if (typeof hook !== "function") return undefined;
  return (info) => {
    try {
      Promise.resolve(hook(info)).catch(() => {});
    } catch {
      // What it listens to goes on.
    }
  };
}

/** What a token function gives. It rejects with a text for the core's error. */
export async function tokenOf<T>(token: () => T): Promise<Awaited<T>> {
  try {
    return await token();
  } catch (thrown) {
    throw `function threw an error${codeOf(thrown)}`;
  }
}

/** The code or kind of what was thrown, in parentheses. Whatever else it says may name a token that nobody here knows as one. */
function codeOf(thrown: unknown): string {
  try {
    const { code, kind } = Object(thrown) as { code?: unknown; kind?: unknown };
    const text = code ?? kind;
    return typeof text === "string" && /^(?!hf_)\w{1,40}$/.test(text) ? ` (${text})` : "";
  } catch {
    return "";
  }
}
