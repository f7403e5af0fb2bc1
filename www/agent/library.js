// What the panel uses of the package's parts for agents and webhooks, loaded with the first run.
export { InferenceRouter } from "../../pkg/dist/index.js";
export { runTools, tools } from "../../pkg/dist/agent/index.js";
export { verifyWebhook } from "../../pkg/dist/webhooks/index.js";
