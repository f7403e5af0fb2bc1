/** How far a transfer has come, how fast it is, and how long it will take. */
import { guarded } from "./hook.js";
import { CANCELLED } from "./pages.js";
import type { AbortSignal } from "./types/platform.js";

/** Progress of a transfer: bytes hashed, uploaded or downloaded, or operations committed. */
export interface Progress {
  phase: "hash" | "upload" | "commit" | "download";
  /** File; empty for a commit as a whole. */
  path: string;
  loaded: number;
  total: number;
  /** Bytes (or operations) per second of this phase of this file, over the last five seconds; undefined until it is known. */
  rate?: number | undefined;
  /** Seconds until this phase of this file is done, at that rate; undefined until it is known. */
  remaining?: number | undefined;
}

/** The part of the options of a call that {@link withProgress} gives. */
export interface ProgressOptions {
  onProgress: (progress: Progress) => void;
  /** Aborted when the loop is left. */
  signal: AbortSignal;
}

/** Milliseconds that the rate is measured over. */
const WINDOW = 5000;
/** Milliseconds before there is a rate. */
const LEAST = 200;
/** Measurements that are kept of a window. */
const MOST = 50;

type Sample = [time: number, loaded: number];

/** Adds rate and time left to what a transfer reports. */
export function metered(onProgress: unknown, now: () => number = () => performance.now()): (progress: Progress) => void {
  const tell = guarded<Progress>(onProgress);
  const meters = new Map<string, Sample[]>();
  return (progress) => {
    const { phase, path, loaded, total } = progress;
    const key = `${phase} ${path}`;
    const rate = rateOf(meters, key, now(), loaded);
    if (loaded >= total) meters.delete(key);
    tell?.({ ...progress, rate, remaining: rate ? Math.max(0, total - loaded) / rate : undefined });
  };
}

function rateOf(meters: Map<string, Sample[]>, key: string, time: number, loaded: number): number | undefined {
  let samples = meters.get(key);
  // What begins anew is measured anew.
  if (!samples || loaded < (samples.at(-1)?.[1] ?? 0)) meters.set(key, (samples = []));
  while (samples.length > 1 && time - (samples[1] as Sample)[0] > WINDOW) samples.shift();
  const [since, before] = samples[0] ?? [time, loaded];
  if (samples.length < 2 || time - (samples.at(-1) as Sample)[0] >= WINDOW / MOST) samples.push([time, loaded]);
  return time - since >= LEAST ? ((loaded - before) * 1000) / (time - since) : undefined;
}

/** A transfer whose progress can be iterated over, and whose result can be awaited. */
export interface ProgressRun<T> extends AsyncIterable<Progress>, PromiseLike<T> {}

/**
 * Makes an async iterable of the progress of a transfer, which begins at once: `withProgress((options) => hub.uploadFile(params,
 * options))`. `for await` yields the latest of each file; leaving the loop aborts the transfer. `await` gives the result.
 */
export function withProgress<T>(start: (options: ProgressOptions) => Promise<T>): ProgressRun<T> {
  const stop = new AbortController();
  /** Events not yet read: the latest of each phase and file, so that a slow reader holds little. */
  const pending = new Map<string, Progress>();
  let wake = () => {};
  let ended = false;
  const onProgress = (progress: Progress) => {
    const key = `${progress.phase} ${progress.path}`;
    pending.delete(key);
    pending.set(key, progress);
    wake();
  };
  const result = (async () => start({ onProgress, signal: stop.signal }))();
  const done = () => {
    ended = true;
    wake();
  };
  result.then(done, done);

  async function* events(): AsyncGenerator<Progress, void, undefined> {
    try {
      for (;;) {
        for (const [key, progress] of pending) {
          pending.delete(key);
          yield progress;
        }
        if (pending.size > 0) continue;
        if (ended) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      await result;
    } finally {
      if (!ended) stop.abort(CANCELLED);
    }
  }
  return {
    [Symbol.asyncIterator]: events,
    // biome-ignore lint/suspicious/noThenProperty: to be awaited is what it is for.
    then: (fulfilled, rejected) => result.then(fulfilled, rejected),
  };
}
