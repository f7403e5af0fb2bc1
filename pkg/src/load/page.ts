/** The package and the cache in one module, for pages without a bundler. */
export * from "../browser/index.js";
export * from "../index.js";
