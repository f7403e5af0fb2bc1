/** What a model costs. */
import type { ClientOptions } from "../client.js";
import { InvalidInputError } from "../errors.js";
import { InferenceRouter } from "../router.js";
import type { RouterModel } from "../types/inference.js";
import type { AbortSignal } from "../types/platform.js";

/** Dollars for so many tokens, read and written. */
export type Price = (promptTokens: number, completionTokens: number) => number;

/** Milliseconds for which a list of prices holds, and for which one that could not be read is not asked for again. */
const HOLDS = 3_600_000;
const RESTS = 30_000;
/** Milliseconds that a list may take. */
const PATIENCE = 20_000;

/** The router's prices, read when first asked for. */
export class Prices {
  readonly #options: ClientOptions;
  #models: readonly RouterModel[] | undefined;
  #asked: Promise<void> | undefined;
  #until = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** The price of a model at a provider, else at the one that its id names, else at its dearest. */
  async of(model: string | undefined, provider?: string): Promise<Price | undefined> {
    if (Date.now() >= this.#until) {
      this.#until = Date.now() + HOLDS;
      this.#asked = this.#read();
    }
    await this.#asked;
    return this.known(model, provider);
  }

  /** The same, as far as it was read already. */
  known(model: string | undefined, provider?: string): Price | undefined {
    return this.#models && model !== undefined ? priceIn(this.#models, model, provider) : undefined;
  }

  /** It is the owner's question, and no call of the agent: no policy decides about it, and no record mentions it. */
  async #read(): Promise<void> {
    const { token, endpoint, fetch, headers } = this.#options;
    const router = new InferenceRouter({ token, endpoint, fetch, headers, timeout: PATIENCE, retry: false });
    try {
      const { data } = await router.listModels();
      this.#models = list(data) as RouterModel[];
    } catch {
      this.#until = Date.now() + RESTS;
    }
  }
}

/** The price of a model, for a cap that holds whichever provider responds. */
export async function priceOf(router: InferenceRouter, model: string, signal: AbortSignal): Promise<Price> {
  const { data } = await router.listModels({ signal });
  const price = priceIn(data, model);
  if (price) return price;
  throw new InvalidInputError({ kind: "invalidInput", field: "maxCost", message: `runTools: maxCost cannot be kept, since the router gives no price for ${model}`, advice: "Cap the run by maxTokens and maxTurns." });
}

/** What a server gives for a list, which may hold anything. */
function list<T>(value: readonly T[] | undefined): readonly (T | null)[] {
  return Array.isArray(value) ? value : [];
}

/** Undefined where a provider that may respond gives no price. */
function priceIn(models: readonly RouterModel[], model: string, provider?: string): Price | undefined {
  const [id, suffix] = model.split(":");
  const providers = list(list(models).find((one) => one?.id === id)?.providers);
  const named = providers.filter((one) => one?.provider === (provider ?? suffix));
  const prices = (named.length > 0 ? named : providers).map((one) => (one?.is_free ? { input: 0, output: 0 } : one?.pricing));
  const known = prices.filter((pricing) => typeof pricing?.input === "number" && typeof pricing.output === "number");
  if (known.length === 0 || known.length < prices.length) return undefined;
  const most = (side: "input" | "output") => Math.max(...known.map((pricing) => pricing?.[side] ?? 0)) / 1e6;
  const [input, output] = [most("input"), most("output")];
  return (promptTokens, completionTokens) => promptTokens * input + completionTokens * output;
}
