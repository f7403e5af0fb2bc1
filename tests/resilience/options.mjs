// The numbers that the cells share. They are short where a fault lasts until one of them ends it, and else far away,
// so that a busy machine changes no outcome.

export const ATTEMPTS = 3;

/** For calls that no fault hits, too. */
export const LIMITS = { headers: 8000, idle: 8000, total: 15_000 };

/** Beyond its own limit no call may go on; this much is for a busy machine. */
const GRACE = 3000;

/** The options of a cell's client: it gives up early, and a flood is far beyond the `most` that it takes. */
export function optionsOf({ timeout, most }) {
  return {
    timeout: { ...LIMITS, ...timeout },
    retry: { attempts: ATTEMPTS, maxDelay: 50, maxElapsed: 10_000 },
    ...(most && { maxResponseBytes: most }),
  };
}

export function deadlineOf({ timeout }) {
  return (timeout?.total ?? LIMITS.total) + GRACE;
}
