import { RETRY } from "./generated/constants.js";

/** Milliseconds to wait after an attempt, counted from 1, by the core's rule (`src/core/retry.rs`): exponential, with full jitter. */
export function backoff(attempt: number, maxDelay: number = RETRY.maxDelay): number {
  return Math.random() * Math.min(maxDelay, RETRY.firstDelay * 2 ** (attempt - 1));
}
