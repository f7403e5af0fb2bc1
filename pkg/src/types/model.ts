import type { RepoInfo } from "./common.js";
import type { Open } from "./open.js";

/**
 * A model. Only `_id` and `id` are certain; what else is present depends on the call: a list sends a short form,
 * `full`, `config` and `cardData` add to it, and `expand` names the exact fields.
 */
export interface ModelInfo extends RepoInfo {
  /** The same as `id`. */
  modelId?: string;
  /** Downloads in the last 30 days. */
  downloads?: number;
  /** Downloads since the model was created. */
  downloadsAllTime?: number;
  /** Task, such as `text-generation`. */
  pipeline_tag?: string;
  /** Library that loads the model, such as `transformers`. */
  library_name?: string;
  /** Token that stands for a gap, such as `[MASK]`. */
  mask_token?: string | null;
  /** `warm` when an inference provider serves the model now. */
  inference?: Open<"warm" | "cold">;
  /** Which inference providers serve the model. An object by provider in `modelInfo`, an array in `listModels`. */
  inferenceProviderMapping?: Record<string, ProviderMapping> | NamedProviderMapping[];
  /** Excerpt of `config.json`. */
  config?: ModelConfig | null;
  /** Evaluation results that the README declares. */
  "model-index"?: unknown;
  evalResults?: unknown[];
  /** Examples for the widget on the model's page. */
  widgetData?: unknown;
  transformersInfo?: TransformersInfo | null;
  /** Tensors, counted from the files. */
  safetensors?: SafetensorsInfo | null;
  /** Header of the GGUF file. */
  gguf?: GgufInfo | null;
  /** Spaces that use the model, at most 100. */
  spaces?: string[];
  /** Models that this one was made from. */
  baseModels?: BaseModels | string[] | null;
  /** Models made from this one, by relation. */
  childrenModelCount?: ChildrenModelCount | number;
  /** Outcome of the security scans. Present with `securityStatus`. */
  securityRepoStatus?: Record<string, unknown>;
}

/** Excerpt of `config.json`. */
export interface ModelConfig {
  /** Class names, such as `BertForMaskedLM`. */
  architectures?: string[];
  /** Such as `bert`. */
  model_type?: string;
  tokenizer_config?: Record<string, unknown>;
}

/** How `transformers` loads a model. */
export interface TransformersInfo {
  /** Class, such as `AutoModelForMaskedLM`. */
  auto_model: string;
  /** Class that the repository itself defines. */
  custom_class?: string | null;
  pipeline_tag?: string | null;
  /** Class, such as `AutoTokenizer`. */
  processor?: string | null;
}

/** Number of parameters of a model. */
export interface SafetensorsInfo {
  /** Count by number type, such as `F32` or `BF16`. */
  parameters: Record<string, number>;
  /** Count over all number types. */
  total: number;
}

/** Header of a GGUF file. */
export interface GgufInfo {
  /** Number of parameters. */
  total?: number;
  /** Such as `llama`. */
  architecture?: string;
  /** Tokens. */
  context_length?: number;
  chat_template?: string;
  bos_token?: string;
  eos_token?: string;
}

/** How one inference provider serves a model. */
export interface ProviderMapping {
  status: Open<"live" | "staging" | "error">;
  /** The provider's own id of the model. */
  providerId: string;
  /** Task that the provider serves it for, such as `conversational`. */
  task: string;
  /** The provider is the model's author. */
  isModelAuthor?: boolean;
  /** `lora` when the model is an adapter. */
  adapter?: string;
  /** Path of the adapter's weights in the repository. */
  adapterWeightsPath?: string;
  type?: Open<"single-model" | "single-file" | "tag-filter">;
}

/** A {@link ProviderMapping} that names its provider, as lists send it. */
export interface NamedProviderMapping extends ProviderMapping {
  /** Such as `together`. */
  provider: string;
}

/** Models that a model was made from. */
export interface BaseModels {
  relation?: Open<"adapter" | "merge" | "quantized" | "finetune">;
  models?: { _id: string; id: string }[];
}

/** Number of models made from a model, by relation. */
export interface ChildrenModelCount {
  adapter?: number;
  merge?: number;
  quantized?: number;
  finetune?: number;
}
