/**
 * One rate limit shared by many isolates: their clients spend the quota of their token together, by what they write down
 * in a store. No WebAssembly, and next to nothing of the rest of the package.
 *
 * @module hf-wasm/limits
 */
export { sharedLimits, type SharedLimitsOptions } from "./shared.js";
export type { LimitStore } from "./store.js";
