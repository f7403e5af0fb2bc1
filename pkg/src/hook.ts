/** Hooks of callers, which only listen. */

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
