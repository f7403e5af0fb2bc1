/** The inference router: chat, embeddings, images. */
import type { ClientOptions } from "./client.js";
import { RouterEndpoints } from "./generated/endpoints.js";

/** Options of an {@link InferenceRouter}. `endpoint` is `https://router.huggingface.co` by default. */
export type InferenceRouterOptions = ClientOptions;

/** A client of the inference router. It holds no connection and needs no closing. */
export class InferenceRouter extends RouterEndpoints {
  constructor(options: InferenceRouterOptions = {}) {
    super("router", options, options?.endpoint ?? "https://router.huggingface.co");
  }
}
