// Samples of several variants, taken in turn, so that whatever else the machine does falls on all of them. Runs
// anywhere.

/** Milliseconds by variant, one an element: `{ name: [ms, …] }`. Each round begins with another variant. */
export async function rounds(variants, { samples, warmUp = 3 }) {
  const names = Object.keys(variants);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUp; round < samples; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + warmUp) % names.length];
      // One's garbage is not to be another's pause.
      globalThis.gc?.();
      const start = performance.now();
      await variants[name]();
      const ms = performance.now() - start;
      if (round >= 0) times[name].push(ms);
    }
  }
  return times;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** The median of the ratios to another variant, round by round: a slow moment falls on both, and goes out of it. */
export function ratio(times, name, to = "fetch") {
  return median(times[name].map((ms, round) => ms / times[to][round]));
}
