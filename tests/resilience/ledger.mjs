// What was created: for certain, or perhaps, where the response was lost. In the end the server is asked.

export class Ledger {
  #entries = new Map();

  /**
   * Creates `id` of a kind by `call`. A failure of one of the `open` kinds leaves open whether it was carried out;
   * any other says that it was not.
   */
  async creates(kind, id, call, open = ["server", "network"]) {
    const entry = { kind, id, state: "under way" };
    this.#entries.set(`${kind} ${id}`, entry);
    try {
      const made = await call();
      entry.state = "made";
      return made;
    } catch (error) {
      entry.state = open.includes(error?.kind) ? "perhaps" : "refused";
      throw error;
    }
  }

  /** Corrects what is known, when a look at the server told. */
  settle(kind, id, state) {
    this.#entries.get(`${kind} ${id}`).state = state;
  }

  /** Holds what the server has against the book: `{ made, perhaps, found, wrong }` of a kind. */
  audit(kind, found) {
    const count = new Map();
    for (const id of found) count.set(id, (count.get(id) ?? 0) + 1);
    const sums = { made: 0, "made, found": 0, perhaps: 0, "perhaps, found": 0, refused: 0, wrong: [] };
    for (const { id, kind: other, state } of this.#entries.values()) {
      if (other !== kind) continue;
      const times = count.get(id) ?? 0;
      count.delete(id);
      const allowed = { made: [1], perhaps: [0, 1], refused: [0] }[state] ?? [];
      if (!allowed.includes(times)) sums.wrong.push(`${kind} ${id}: ${state}, but there ${times} times`);
      if (state === "made") sums["made, found"] += times;
      if (state === "perhaps") sums["perhaps, found"] += times;
      if (state in sums) sums[state] += 1;
    }
    for (const [id, times] of count) sums.wrong.push(`${kind} ${id}: never asked for, but there ${times} times`);
    return sums;
  }
}
