/** Those that are compared; the first is the floor. */
export const NAMES = ["fetch", "hf-wasm", "hub", "inference", "openai"];

/** The package that a client is of. */
export const PACKAGES = { hub: "@huggingface/hub", inference: "@huggingface/inference", openai: "openai" };

/** Who answers the first call of which kind. */
export const FIRST = { fetch: "info", "hf-wasm": "info", hub: "info", inference: "chat", openai: "chat" };
