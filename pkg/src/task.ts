/** A call of the core, run from promise to promise. */
import { stack } from "./core.js";
import type { Task } from "./core_bg.js";
import { InternalError } from "./errors.js";

/** Runs a call to its end. A panic in the core ends this call only. */
export async function finish(start: () => Task, endpoint: string): Promise<unknown> {
  const task = guarded(start, endpoint);
  let fulfilled = true;
  let settled: unknown;
  try {
    for (;;) {
      const step = guarded(() => task.resume(fulfilled, settled), endpoint);
      if (!(step instanceof Promise)) {
        task.free();
        return step;
      }
      [fulfilled, settled] = await step.then(
        (value): [boolean, unknown] => [true, value],
        (reason: unknown) => [false, reason],
      );
    }
  } catch (thrown) {
    // What panicked is still borrowed, and never touched again.
    if (!(thrown instanceof InternalError)) task.free();
    throw thrown;
  }
}

/** A panic is a trap: the stack goes back to where it was, and the error says whose defect it is. */
function guarded<T>(run: () => T, endpoint: string): T {
  const top = stack?.value;
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
    if (stack) stack.value = top;
    throw new InternalError({ kind: "internal", message: `a defect in hf-wasm: ${cause.message}`, endpoint }, { cause });
  }
}
