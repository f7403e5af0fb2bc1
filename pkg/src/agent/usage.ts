/** What a call of a model uses. */

/** Tokens that a model has read and written. */
export interface TokenUsage {
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
}

/** What one call has used, as its reply or the chunks of its stream tell it. */
export class Usage {
  tokens: TokenUsage | undefined;
  /** Dollars, where the provider reports them. */
  usd: number | undefined;
  isEstimated = false;
  /** Bytes that the model has written. */
  #written = 0;

  /** Takes a reply, or a chunk of one. */
  take(reply: unknown): void {
    const { usage, choices } = Object(reply) as { usage?: unknown; choices?: unknown };
    const reported = Object(usage) as Record<string, unknown>;
    const [prompt, completion, total] = [amount(reported["prompt_tokens"]), amount(reported["completion_tokens"]), amount(reported["total_tokens"])];
    if (prompt !== undefined || completion !== undefined || total !== undefined) {
      const all = Math.max(total ?? 0, (prompt ?? 0) + (completion ?? 0));
      // What is not reported as read has been written, which costs more.
      const read = prompt ?? (completion === undefined ? 0 : all - completion);
      this.tokens = { promptTokens: read, completionTokens: completion ?? all - read, totalTokens: all };
    }
    this.usd = amount(reported["estimated_cost"]) ?? this.usd;
    if (Array.isArray(choices)) for (const choice of choices) this.#written += JSON.stringify(choice?.delta ?? choice?.message ?? choice ?? "").length;
  }

  /** Takes each byte for a token, where nobody reports how many there are. */
  estimate(bytesSent: number): void {
    if (this.tokens) return;
    this.isEstimated = true;
    this.tokens = { promptTokens: bytesSent, completionTokens: this.#written, totalTokens: bytesSent + this.#written };
  }
}

/** A provider may say anything, and gives no budget back. */
export function amount(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && Number.isFinite(value) ? value : undefined;
}

/** Bytes of a body. */
export function sizeOf(body: unknown): number {
  if (typeof body === "string") return new TextEncoder().encode(body).length;
  const { size, byteLength } = Object(body) as { size?: number; byteLength?: number };
  return size ?? byteLength ?? 0;
}
