// What the panel uses of the package's part for agents, loaded with the first run.
export { runTools, tools } from "../../pkg/dist/agent/index.js";
