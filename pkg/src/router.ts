/** The inference router: chat, embeddings, images. */
import type { ClientOptions } from "./client.js";
import { environment } from "./environment.js";
import { RouterEndpoints } from "./generated/endpoints.js";

/** Options of an {@link InferenceRouter}. `endpoint` is `HF_INFERENCE_ENDPOINT` where an environment has it, else `https://router.huggingface.co`. */
export type InferenceRouterOptions = ClientOptions;

/** A client of the inference router. It holds no connection and needs no closing. @category Clients */
export class InferenceRouter extends RouterEndpoints {
  constructor(options: InferenceRouterOptions = {}) {
    super("router", options, options?.endpoint ?? environment("HF_INFERENCE_ENDPOINT") ?? "https://router.huggingface.co");
  }
}
