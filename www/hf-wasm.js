// The built package, by the name that this page uses for it. The import map chooses the browser's loader.
export * from "../pkg/dist/index.js";
