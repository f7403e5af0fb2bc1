/** Waits that a signal ends at once: with its reason, and without a timer or a listener left behind. */

type Signal = AbortSignal | null | undefined;

/** Resolves after so many milliseconds. */
export function pause(ms: number, signal: Signal): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  const elapsed = () => new Promise<void>((resolve) => void (timer = setTimeout(resolve, ms)));
  return unlessAborted(signal, elapsed).finally(() => clearTimeout(timer));
}

/** What `begin` gives, or the signal's reason as soon as that is aborted; then nothing is begun, or what was goes on alone. */
export function unlessAborted<T>(signal: Signal, begin: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    begin()
      .finally(() => signal?.removeEventListener("abort", abort))
      .then(resolve, reject);
  });
}
