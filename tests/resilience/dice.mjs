// Chance that can be repeated: the same seed gives the same choices.

/** A new seed, or the one that `SEED` names. */
export function seedOf(environment = process.env) {
  return environment.SEED ? Number(environment.SEED) : Math.floor(Math.random() * 2 ** 31);
}

/** Numbers from 0 to 1 (mulberry32). */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the entries, each as often as its `weight` says. */
export function pick(entries, roll) {
  let left = roll() * entries.reduce((sum, { weight }) => sum + weight, 0);
  return entries.find(({ weight }) => (left -= weight) < 0) ?? entries.at(-1);
}

export const one = (list, roll) => list[Math.floor(roll() * list.length)];
