import type { Open } from "./open.js";

/** The chat models that the router serves. */
export interface RouterModels {
  object: Open<"list">;
  data: RouterModel[];
}

/** A chat model that the router serves. */
export interface RouterModel {
  /** Id on the Hub, such as `acme/chat-7b`. */
  id: string;
  object: Open<"model">;
  /** Seconds since 1970. */
  created: number;
  /** User or organization that owns the model. */
  owned_by: string;
  architecture?: RouterArchitecture;
  providers?: RouterProvider[];
}

/** What a model takes and gives. */
export interface RouterArchitecture {
  input_modalities: Open<"text" | "image" | "audio" | "video">[];
  output_modalities: Open<"text" | "image" | "audio" | "video">[];
}

/** How one provider serves a model. */
export interface RouterProvider {
  /** Such as `together`. */
  provider: string;
  status: Open<"live" | "staging" | "error">;
  /** Tokens. */
  context_length?: number;
  /** US dollars per million tokens. */
  pricing?: { input: number; output: number };
  /** Free for the time being. */
  is_free?: boolean;
  supports_tools?: boolean;
  supports_structured_output?: boolean;
  /** Milliseconds to the first token, in the last probe. */
  first_token_latency_ms?: number;
  /** Tokens a second, in the last probe. */
  throughput?: number;
  /** The provider is the model's author. */
  is_model_author?: boolean;
}

/** Vectors of one text, or of each of several. `Vector` is `number[]`, unless the model gives something else for a text. */
export type Embeddings<Vector = number[]> = Vector | Vector[];

/** How to draw an image. Providers may understand more; every field given is sent. */
export interface TextToImageParameters {
  /** What the image must not show. */
  negative_prompt?: string | undefined;
  /** How closely to follow the text. */
  guidance_scale?: number | undefined;
  /** Steps of refinement; more is slower and finer. */
  num_inference_steps?: number | undefined;
  /** Pixels. */
  width?: number | undefined;
  /** Pixels. */
  height?: number | undefined;
  /** Scheduler that replaces the model's own. */
  scheduler?: string | undefined;
  /** The same seed gives the same image, where the provider can. */
  seed?: number | undefined;
  /** Whatever else the model or the provider understands. */
  [parameter: string]: unknown;
}
