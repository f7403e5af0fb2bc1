// The built package, by the name that this page uses for it.
export * from "../pkg/dist/index.js";
