/** A call of the core, run from one thing that it waits for to the next. */
import { wasm } from "./core.js";
import type { Task } from "./core_bg.js";
import { InternalError } from "./errors.js";

/** What came of what the core waited for; the numbers are the core's. */
type Settled = [how: 0 | 1 | 2 | 3, value: unknown];

/** Runs a call to its end. A panic in the core ends this call only. */
export async function finish(start: () => Task, endpoint: string, signal?: AbortSignal): Promise<unknown> {
  const task = guarded(start, endpoint);
  const clock = new Clock();
  let [how, value]: Settled = [0, undefined];
  try {
    for (;;) {
      // What throws here is still borrowed, and never touched again.
      const given = guarded(() => task.resume(how, value), endpoint);
      const limit = task.limit();
      if (limit < 0) {
        task.free();
        if (limit === RESULT) return given;
        throw given;
      }
      [how, value] = await settled(given, limit, signal, clock);
    }
  } finally {
    clock.stop();
  }
}

/** What `limit` tells of a call that has its result; another below 0 is a failure. */
const RESULT = -1;

/** One timer for all waits of a call: it is not set anew for each, but looks when it rings whether it is time. */
class Clock {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #rings = Number.POSITIVE_INFINITY;
  #at = Number.POSITIVE_INFINITY;
  #then: (() => void) | undefined;

  /** Calls after so many milliseconds, in the place of what was to be called before. */
  set(ms: number, then: () => void): void {
    this.#then = then;
    this.#at = performance.now() + ms;
    if (this.#at < this.#rings) this.#wind(ms);
  }

  unset(): void {
    this.#then = undefined;
    this.#at = Number.POSITIVE_INFINITY;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wind(ms: number): void {
    clearTimeout(this.#timer);
    this.#rings = this.#at;
    // Beyond the longest time that `setTimeout` takes, it would ring at once.
    if (ms <= 2 ** 31 - 1) this.#timer = setTimeout(() => this.#ring(), ms);
  }

  #ring(): void {
    this.#rings = Number.POSITIVE_INFINITY;
    const left = this.#at - performance.now();
    if (left < 1) this.#then?.();
    else this.#wind(left);
  }
}

/** Waits for a promise, for a time, or for both, whichever ends first; an abort ends it at once. */
function settled(promise: unknown, limit: number, signal: AbortSignal | undefined, clock: Clock): Promise<Settled> {
  return new Promise((resolve) => {
    let ended = false;
    const end = (how: Settled[0], value?: unknown) => {
      // A promise may settle long after: the clock is another's by then.
      if (ended) return;
      ended = true;
      clock.unset();
      signal?.removeEventListener("abort", abort);
      resolve([how, value]);
    };
    const abort = () => end(3);
    clock.set(limit, () => end(2));
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

/**
 * What throws leaves the stack where it was: it is put back. A panic is a trap, and the error says whose defect it is;
 * anything else is the caller's own, as of a getter.
 */
function guarded<T>(run: () => T, endpoint: string): T {
  const top = wasm?.stack() ?? 0;
  try {
    return run();
  } catch (cause) {
    wasm?.set_stack(top);
    if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
    throw new InternalError({ kind: "internal", message: `a defect in hf-wasm: ${cause.message}`, endpoint }, { cause });
  }
}
