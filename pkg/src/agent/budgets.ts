/** What is left of the budgets of a client's policies. */
import type { CheckedPolicy, OpenBudget } from "./policy.js";

/** What a call holds of budgets until it is known what it uses: of each, how much, and in the window that began at `since`. */
export type Held = Map<OpenBudget, { since: number; amount: number }>;

/** A budget, how it is named, and whether it only reports. */
export interface Named {
  budget: OpenBudget;
  rule: string;
  dryRun: boolean;
}

export class Budgets {
  /** Those that only report are the last. */
  readonly #all: readonly Named[];

  constructor(policies: readonly CheckedPolicy[]) {
    const all = policies.flatMap(({ budgets, dryRun }) => budgets.map((budget) => ({ budget, rule: ruleOf(budget), dryRun })));
    this.#all = [...all.filter(({ dryRun }) => !dryRun), ...all.filter(({ dryRun }) => dryRun)];
  }

  /** The budget that has no room for `bytes`, or for one more call. */
  exhausted(begins: boolean, bytes: number): Named | undefined {
    return this.#all.find(({ budget }) => {
      const { unit, limit, used } = opened(budget);
      return (begins && used >= limit) || (unit === "bytes" && bytes > 0 && used + bytes > limit);
    });
  }

  /** A budget of this unit. */
  of(unit: string): Named | undefined {
    return this.#all.find(({ budget }) => budget.unit === unit);
  }

  /** Whether one counts what a model uses. */
  get countUsage(): boolean {
    return Boolean(this.of("tokens") ?? this.of("usd"));
  }

  /** Counts what a call uses, or holds with `held`: of that it gives back no more than it holds in the present window. */
  spend(unit: string, amount: number, held?: Held): void {
    for (const { budget } of this.#all) {
      if (budget.unit !== unit) continue;
      const { since } = opened(budget);
      const last = held?.get(budget);
      const before = last?.since === since ? last.amount : 0;
      const change = Math.max(amount, -before);
      budget.used += change;
      held?.set(budget, { since, amount: before + change });
    }
  }
}

/** The budget in its present window. */
function opened(budget: OpenBudget): OpenBudget {
  const now = Date.now();
  return now < budget.since + budget.per ? budget : Object.assign(budget, { used: 0, since: now });
}

/** How a budget is named. */
function ruleOf({ limit, unit, per }: OpenBudget): string {
  return `budgets: ${limit} ${unit}${Number.isFinite(per) ? ` per ${per / 1000} s` : ""}`;
}
