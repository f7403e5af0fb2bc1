/** What a model costs. */
import { InvalidInputError } from "../errors.js";
import type { InferenceRouter } from "../router.js";
import type { AbortSignal } from "../types/platform.js";

/** Dollars for so many tokens, read and written. */
export type Price = (promptTokens: number, completionTokens: number) => number;

/**
 * The price of a model by the router's list: that of the provider that its id names, else that of the dearest, so that a
 * cap holds whoever answers.
 */
export async function priceOf(router: InferenceRouter, model: string, signal: AbortSignal): Promise<Price> {
  const [id = "", suffix] = model.split(":");
  const { data } = await router.listModels({ signal });
  const providers = data.find((one) => one.id === id)?.providers ?? [];
  const named = providers.filter(({ provider }) => provider === suffix);
  const prices = (named.length > 0 ? named : providers).map(({ pricing, is_free }) => (is_free ? { input: 0, output: 0 } : pricing));
  const known = prices.filter((pricing) => typeof pricing?.input === "number" && typeof pricing.output === "number");
  if (known.length === 0 || known.length < prices.length) {
    throw new InvalidInputError({ kind: "invalidInput", field: "maxCost", message: `runTools: maxCost cannot be kept, since the router tells no price of ${model}`, advice: "Cap the run by maxTokens and maxTurns." });
  }
  const most = (side: "input" | "output") => Math.max(...known.map((pricing) => pricing?.[side] ?? 0)) / 1e6;
  const [input, output] = [most("input"), most("output")];
  return (promptTokens, completionTokens) => promptTokens * input + completionTokens * output;
}
