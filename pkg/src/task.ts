/** A call of the core, run from one thing that it waits for to the next. */
import { wasm } from "./core.js";
import type { Task } from "./core_bg.js";
import { InternalError } from "./errors.js";

/** What came of what the core waited for; the numbers are the core's. */
type Settled = [how: 0 | 1 | 2 | 3, value: unknown];

/** The longest time that `setTimeout` takes; beyond it, it would fire at once. */
const LONGEST = 2 ** 31 - 1;

/** Runs a call to its end. A panic in the core ends this call only. */
export async function finish(start: () => Task, endpoint: string, signal?: AbortSignal): Promise<unknown> {
  const task = guarded(start, endpoint);
  let [how, value]: Settled = [0, undefined];
  try {
    for (;;) {
      const given = guarded(() => task.resume(how, value), endpoint);
      const limit = task.limit();
      if (Number.isNaN(limit)) {
        task.free();
        return given;
      }
      [how, value] = await settled(given, limit, signal);
    }
  } catch (thrown) {
    // What panicked is still borrowed, and never touched again.
    if (!(thrown instanceof InternalError)) task.free();
    throw thrown;
  }
}

/** Waits for a promise, for a time, or for both, whichever ends first; an abort ends it at once. */
function settled(promise: unknown, limit: number, signal: AbortSignal | undefined): Promise<Settled> {
  return new Promise((resolve) => {
    const end = (how: Settled[0], value?: unknown) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      resolve([how, value]);
    };
    const abort = () => end(3);
    const timer = limit <= LONGEST ? setTimeout(end, limit, 2) : undefined;
    // Listened to in any case: a rejection that nobody hears ends a Node process.
    if (promise !== undefined) {
      Promise.resolve(promise).then(
        (value) => end(0, value),
        (reason: unknown) => end(1, reason),
      );
    }
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort);
  });
}

/** A panic is a trap: the stack goes back to where it was, and the error says whose defect it is. */
function guarded<T>(run: () => T, endpoint: string): T {
  const top = wasm?.stack() ?? 0;
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
    wasm?.set_stack(top);
    throw new InternalError({ kind: "internal", message: `a defect in hf-wasm: ${cause.message}`, endpoint }, { cause });
  }
}
